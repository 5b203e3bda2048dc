// What a changed cart would come to, at a fraction of the cost of deciding it afresh: promos that share no goods with
// what changed, nor with each other through it, give what they gave.
import type { Fact, Fired } from '../rules/types.ts'
import { applyPromos, type Gain, gainOf } from './apply.ts'
import { type Decision, usageIn } from './decide.ts'
import { eligibleOf } from './eligibility.ts'
import { changedSituation, goodsOf, type Situation } from './judging.ts'
import type { Work } from './ledger.ts'
import type { Order, PromoUsage } from './order.ts'
import type { Promo } from './promo.ts'
import { factsOf } from './rule-facts.ts'
import { stackPromos } from './stack.ts'

/** `gain`: of the promo asked about. `betterMinor`: by how much all promos together give more than before. */
export type WhatIf = { gain: Gain | undefined; betterMinor: number }

export const worthOf = (gain: Gain | undefined): number =>
  gain ? gain.discountMinor + gain.deliveryMinor + gain.cashbackMinor + gain.bonusMinor : 0

/** undefined: it took too many steps. */
export function whatIf(promo: Promo, order: Order, before: Decision, work: Work): WhatIf | undefined {
  const situation = changedSituation(before.situation, order)
  const usageOf = (own: Promo): PromoUsage | undefined => usageIn(before.usage, own)
  const { lines } = before.situation.order
  const fired = firedAgain(before.fired, factsOf(situation, { lines, facts: before.fired.facts }))
  const eligible = fired && eligibleOf(before.set, fired, situation, usageOf, work)
  if (!eligible) return undefined
  const { stay } = stackPromos(eligible, situation, usageOf, work)
  const touched = touchedPromos(before, stay, situation)
  const again = touched.filter(({ applies }) => applies).map((party) => party.promo)
  const after = applyPromos(again, situation, usageOf, work)
  if (work.stepsLeft < 0) return undefined
  let betterMinor = 0
  let gain = gainOf(before.application, promo.rank)
  for (const { rank } of touched.map((party) => party.promo)) {
    const now = gainOf(after, rank)
    betterMinor += worthOf(now) - worthOf(gainOf(before.application, rank))
    if (rank === promo.rank) gain = now
  }
  return { gain, betterMinor }
}

function firedAgain(fired: Fired, facts: readonly Fact[]): Fired | undefined {
  const remove = fired.facts.filter((old, i) => !areEqual(old, facts[i]) && !areEqual(old, facts[i + 1]))
  const insert = facts.filter((fact, i) => !areEqual(fact, fired.facts[i]) && !areEqual(fact, fired.facts[i - 1]))
  // A fact that stands twice, or has moved further, would be counted wrongly.
  const isPaired = fired.facts.length - remove.length === facts.length - insert.length
  const outcome = isPaired ? fired.with({ remove, insert }) : fired.with({ remove: fired.facts, insert: facts })
  return outcome.ok ? outcome : undefined
}

function areEqual(a: Fact, b: Fact | undefined): boolean {
  if (a === b) return true
  if (b === undefined || a.type !== b.type) return false
  for (const name in a) if (a[name] !== b[name]) return false
  for (const name in b) if (!(name in a)) return false
  return true
}

/** `applies`: now. */
type Party = { promo: Promo; isTouched: boolean; applies: boolean }

/** The promos that may give something else than before: `stay` are those that apply now. */
function touchedPromos({ stack, situation: old }: Decision, stay: readonly Promo[], now: Situation): Party[] {
  const all = parties(stack.stay, stay)
  // Those that look at what others left may look at all of it.
  if (all.some(({ promo }) => promo.late)) return all
  const lines = changedLines(old.order, now.order)
  let isDelivery = old.order.delivery?.price_minor !== now.order.delivery?.price_minor
  for (let grows = true, isFirst = true; grows; isFirst = false) {
    grows = false
    for (const party of all) {
      const { promo } = party
      const hasDelivery = (promo.stages & deliveryStage) !== 0
      if (party.isTouched ? !isFirst : !(isDelivery && hasDelivery) && !isAbout(promo, now, lines)) continue
      party.isTouched = true
      grows = true
      isDelivery ||= hasDelivery
      addLines(promo, now, lines)
    }
  }
  return all.filter(({ isTouched }) => isTouched)
}

/** Those that applied before, or do now, by rank; touched so far those that came or went. */
function parties(before: readonly Promo[], now: readonly Promo[]): Party[] {
  const all: Party[] = []
  let i = 0
  let k = 0
  while (i < before.length || k < now.length) {
    const old = before[i]
    const next = now[k]
    const isGone = next === undefined || (old !== undefined && old.rank < next.rank)
    const isNew = old === undefined || (next !== undefined && next.rank < old.rank)
    all.push({ promo: (isGone ? old : next)!, isTouched: isGone || isNew, applies: !isGone })
    if (!isNew) i++
    if (!isGone) k++
  }
  return all
}

/** As `Promo.stages` has it. */
const deliveryStage = 1 << 3

/** By line: whether it is another one than before. */
function changedLines(old: Order, now: Order): boolean[] {
  const count = Math.max(old.lines.length, now.lines.length)
  return Array.from({ length: count }, (_, line) => old.lines[line] !== now.lines[line])
}

/** Whether the promo may look at one of the lines, or act on it. */
function isAbout(promo: Promo, situation: Situation, lines: readonly boolean[]): boolean {
  for (const line of goodsOf(promo, situation)) if (lines[line]) return true
  for (const { targets } of promo.actions) {
    if (targets) for (const line of situation.index.matching(targets)) if (lines[line]) return true
  }
  return false
}

/** Adds the lines that the promo may look at or act on. */
function addLines(promo: Promo, situation: Situation, lines: boolean[]): void {
  for (const line of goodsOf(promo, situation)) lines[line] = true
  for (const { targets } of promo.actions) {
    if (targets) for (const line of situation.index.matching(targets)) lines[line] = true
  }
}

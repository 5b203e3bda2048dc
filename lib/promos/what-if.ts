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
  const fired = firedAgain(before.fired, factsOf(situation))
  const eligible = fired && eligibleOf(before.set, fired, situation, usageOf, work)
  if (!eligible) return undefined
  const { stay } = stackPromos(eligible, situation, usageOf, work)
  const touched = touchedPromos(before, stay, situation)
  const after = applyPromos(
    stay.filter(({ rank }) => touched.has(rank)),
    situation,
    usageOf,
    work,
  )
  if (work.stepsLeft < 0) return undefined
  let betterMinor = 0
  for (const rank of touched) betterMinor += worthOf(gainOf(after, rank)) - worthOf(gainOf(before.application, rank))
  const gain = gainOf(touched.has(promo.rank) ? after : before.application, promo.rank)
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
  if (b === undefined || a.type !== b.type) return false
  for (const name in a) if (a[name] !== b[name]) return false
  for (const name in b) if (!(name in a)) return false
  return true
}

/** Ranks of the promos that may give something else than before: `stay` are those that apply now. */
function touchedPromos({ stack, situation: old }: Decision, stay: readonly Promo[], now: Situation): Set<number> {
  const ranks = new Map<number, Promo>()
  for (const promo of stack.stay) ranks.set(promo.rank, promo)
  const came = new Set<number>()
  for (const promo of stay) {
    if (!ranks.has(promo.rank)) came.add(promo.rank)
    ranks.set(promo.rank, promo)
  }
  const stays = new Set(stay.map(({ rank }) => rank))
  const all = [...ranks.values()]
  // Those that look at what others left may look at all of it.
  if (all.some(({ late }) => late)) return new Set(ranks.keys())
  const lines = changedLines(old.order, now.order)
  let isDelivery = old.order.delivery?.price_minor !== now.order.delivery?.price_minor
  const touched = new Set<number>()
  let untouched = all
  for (let grows = true; grows; ) {
    grows = false
    const left: Promo[] = []
    for (const promo of untouched) {
      const hasDelivery = (promo.stages & deliveryStage) !== 0
      const isTouched =
        came.has(promo.rank) ||
        !stays.has(promo.rank) ||
        (isDelivery && hasDelivery) ||
        isAbout(promo, now, (line) => lines.has(line))
      if (!isTouched) {
        left.push(promo)
        continue
      }
      grows = true
      touched.add(promo.rank)
      isDelivery ||= hasDelivery
      isAbout(promo, now, (line) => {
        lines.add(line)
        return false
      })
    }
    untouched = left
  }
  return touched
}

/** As `Promo.stages` has it. */
const deliveryStage = 1 << 3

function changedLines(old: Order, now: Order): Set<number> {
  const lines = new Set<number>()
  for (let line = 0; line < Math.max(old.lines.length, now.lines.length); line++) {
    if (old.lines[line] !== now.lines[line]) lines.add(line)
  }
  return lines
}

// Whether `test` holds for one of the lines that it may look at or act on.
function isAbout(promo: Promo, situation: Situation, test: (line: number) => boolean): boolean {
  if (goodsOf(promo, situation).some(test)) return true
  return promo.actions.some(({ targets }) => targets !== undefined && situation.index.matching(targets).some(test))
}

// What a changed cart would come to, at a fraction of the cost of deciding it afresh: promos that share no goods with
// what changed, nor with each other through it, give what they gave.
import type { Fact } from '../rules/types.ts'
import { applyPromos, type Gain, gainOf } from './apply.ts'
import { type Decision, usageIn } from './decide.ts'
import { eligibleOf } from './eligibility.ts'
import { areSameGoods, likeOf } from './goods-index.ts'
import { goodsOf, type Situation } from './judging.ts'
import type { Work } from './ledger.ts'
import type { Order, OrderLine, PromoUsage } from './order.ts'
import type { Promo } from './promo.ts'
import type { PromoFired } from './promo-fired.ts'
import { factsOf } from './rule-facts.ts'
import { stackPromos } from './stack.ts'
import { deliveryPlace, isAboutGoods, nodeOfPlace, placesOf, type Ties, tiesOf } from './ties.ts'

/** `gain`: of the promo asked about. `betterMinor`: by how much all promos together give more than before. */
export type WhatIf = { gain: Gain | undefined; betterMinor: number }

export const worthOf = (gain: Gain | undefined): number =>
  gain ? gain.discountMinor + gain.deliveryMinor + gain.cashbackMinor + gain.bonusMinor : 0

/**
 * Asks what would become of promos if the order were another one, much the same: `changedSituation` of that decided.
 * undefined: it took too many steps.
 */
export function whatIfOf(before: Decision): (promo: Promo, now: Situation, work: Work) => WhatIf | undefined {
  const usageOf = (own: Promo): PromoUsage | undefined => usageIn(before.usage, own)
  const { order } = before.situation
  let ties: Ties | undefined
  return (promo, now, work) => {
    const fired = firedAgain(before.fired, factsOf(now, { order, facts: before.fired.facts }))
    const eligible = fired && eligibleOf(before.set, fired, now, usageOf, work)
    if (!eligible) return undefined
    const change = changeOf(order, now.order)
    const known = ({ rank, late }: Promo) => (late ? undefined : before.stack.alone.get(rank))
    const { stay } = stackPromos(eligible, now, usageOf, work, (own) =>
      isAbout(own, now, change) ? undefined : known(own),
    )
    ties ??= tiesOf(before.application.outcomes, before.situation)
    const { old, again } = touchedPromos(before.stack.stay, stay, { ties, now, change })
    const after = applyPromos(again, now, usageOf, work, true)
    if (work.stepsLeft < 0) return undefined
    let betterMinor = 0
    let gain = gainOf(before.application, promo.rank)
    for (const { rank } of old) {
      betterMinor -= worthOf(gainOf(before.application, rank))
      if (rank === promo.rank) gain = undefined
    }
    for (const { rank } of again) {
      const own = gainOf(after, rank)
      betterMinor += worthOf(own)
      if (rank === promo.rank) gain = own
    }
    return { gain, betterMinor }
  }
}

/** Facts of both stand in one order, so that those of one place are the same, or one for the other. */
function firedAgain(fired: PromoFired, facts: readonly Fact[]): PromoFired | undefined {
  const { facts: old } = fired
  const remove: Fact[] = []
  const insert: Fact[] = []
  let i = 0
  let k = 0
  while (i < old.length || k < facts.length) {
    const was = old[i]
    const is = facts[k]
    const isSame = was !== undefined && is !== undefined && areEqual(was, is)
    const more = facts.length - k - (old.length - i)
    const isOneForOther = was?.type === is?.type || more === 0
    const isGone = was !== undefined && (isSame || isOneForOther || more < 0)
    const isNew = is !== undefined && (isSame || isOneForOther || more > 0)
    if (isGone) {
      if (!isSame) remove.push(was)
      i++
    }
    if (isNew) {
      if (!isSame) insert.push(is)
      k++
    }
  }
  const outcome = fired.with({ remove, insert })
  return outcome.ok ? outcome : undefined
}

function areEqual(a: Fact, b: Fact): boolean {
  if (a === b) return true
  if (a.type !== b.type) return false
  for (const name in a) if (a[name] !== b[name]) return false
  for (const name in b) if (!(name in a)) return false
  return true
}

/**
 * `lines`: positions of those that are others than before. `foreign`: those of other goods, too, and where such goods were
 * before but for their price, if anywhere.
 */
type Change = { lines: readonly number[]; foreign: readonly Foreign[]; isDelivery: boolean }
type Foreign = { goods: OrderLine; like: number }

function changeOf({ lines: old, delivery: was }: Order, { lines: now, delivery: is }: Order): Change {
  const lines: number[] = []
  const foreign: Foreign[] = []
  for (let line = 0; line < Math.max(old.length, now.length); line++) {
    const before = old[line]
    const after = now[line]
    if (before === after) continue
    lines.push(line)
    if (after && !(before && areSameGoods(before, after))) foreign.push({ goods: after, like: likeOf(old, after) })
  }
  return { lines, foreign, isDelivery: was?.price_minor !== is?.price_minor }
}

/** Whether the promo may look at something that changed, or act on it. */
function isAbout(promo: Promo, now: Situation, { lines, isDelivery }: Change): boolean {
  for (const place of placesOf(promo, goodsOf(promo, now), now)) {
    if (place === deliveryPlace ? isDelivery : lines.includes(place)) return true
  }
  return false
}

type Comparison = { ties: Ties; now: Situation; change: Change }

/** The promos that may give something else than before: of those that applied, and of those that apply now. */
function touchedPromos(
  before: readonly Promo[],
  stay: readonly Promo[],
  { ties, now, change }: Comparison,
): { old: readonly Promo[]; again: readonly Promo[] } {
  const isLate = ({ late }: Promo): boolean => late
  // Those that look at what others left may look at all of it.
  if (before.some(isLate) || stay.some(isLate)) return { old: before, again: stay }
  const isTouched = new Uint8Array(ties.roots.length)
  const touch = (node: number): void => {
    isTouched[ties.roots[node]!] = 1
  }
  const isTied = (own: number): boolean => isTouched[ties.roots[ties.promos + own]!] === 1
  const touchPlace = (place: number): void => {
    if (place < ties.lines) touch(nodeOfPlace(place))
  }
  if (change.isDelivery) touchPlace(deliveryPlace)
  change.lines.forEach(touchPlace)
  /** Of those that stay, where they stand among those before; -1: it has come. */
  const kept = new Int32Array(stay.length)
  let i = 0
  for (let k = 0; k < stay.length; k++) {
    const promo = stay[k]!
    for (; i < before.length && before[i]!.rank < promo.rank; i++) touch(ties.promos + i)
    const isKept = before[i] === promo
    kept[k] = isKept ? i++ : -1
    if (!isKept) placesOf(promo, goodsOf(promo, now), now).forEach(touchPlace)
  }
  for (; i < before.length; i++) touch(ties.promos + i)
  for (const { goods, like } of change.foreign) {
    if (like >= 0) touchPlace(like)
    // Others look at nothing in which these goods differ from such as were there.
    const asked = like < 0 ? ties.all : ties.priced
    for (const own of asked) if (!isTied(own) && isAboutGoods(before[own]!, goods)) touch(ties.promos + own)
  }
  return {
    old: before.filter((_, own) => isTied(own)),
    again: stay.filter((_, k) => kept[k] === -1 || isTied(kept[k]!)),
  }
}

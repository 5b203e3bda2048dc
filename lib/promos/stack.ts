// Which of the eligible promos stay: an exclusive one alone, the best of each group, and no more limited ones than an
// order can redeem.
import { limits } from '../base/limits.ts'
import { applyPromos, gainOf } from './apply.ts'
import { goodsOf, judgeNode, listFacts, type Situation } from './judging.ts'
import type { Work } from './ledger.ts'
import type { PromoUsage } from './order.ts'
import { type ConditionReport, conditionsOf, type Promo } from './promo.ts'

export type Suppressed =
  | { kind: 'exclusive' | 'group'; by: Promo }
  /** An exclusive promo that would stand alone, so that nothing but list prices remains for it to be judged on. */
  | { kind: 'conditions'; reports: ConditionReport[] }
  | { kind: 'too_many_limited' }

export type Stack = {
  stay: readonly Promo[]
  suppressed: Map<number, Suppressed>
  /** By rank, of those that were compared: what each would give alone. */
  alone: ReadonlyMap<number, Worth>
}

export type Worth = { discountMinor: number; creditMinor: number }

const nothingAlone: ReadonlyMap<number, Worth> = new Map()
const nothingKnown = (): undefined => undefined

/** `eligible` ascending by rank. `known`: what a promo would give alone. Not to be used when `work` is used up. */
export function stackPromos(
  eligible: readonly Promo[],
  situation: Situation,
  usageOf: (promo: Promo) => PromoUsage | undefined,
  work: Work,
  known: (promo: Promo) => Worth | undefined = nothingKnown,
): Stack {
  const suppressed = new Map<number, Suppressed>()
  const exclusive = firstExclusive(eligible, situation, suppressed)
  if (exclusive) {
    for (const promo of eligible) {
      if (promo !== exclusive && !suppressed.has(promo.rank))
        suppressed.set(promo.rank, { kind: 'exclusive', by: exclusive })
    }
    return { stay: [exclusive], suppressed, alone: nothingAlone }
  }
  const others = without(eligible, suppressed)
  const alone = keepBestOfGroups(others, { situation, usageOf, suppressed, work, known })
  let limited = 0
  for (const promo of others) {
    if (!promo.isLimited || suppressed.has(promo.rank)) continue
    limited++
    if (limited > limits.limitedPromosPerOrder) suppressed.set(promo.rank, { kind: 'too_many_limited' })
  }
  return { stay: without(others, suppressed), suppressed, alone }
}

const without = (promos: readonly Promo[], suppressed: ReadonlyMap<number, Suppressed>): readonly Promo[] =>
  suppressed.size === 0 ? promos : promos.filter((promo) => !suppressed.has(promo.rank))

function firstExclusive(
  eligible: readonly Promo[],
  situation: Situation,
  suppressed: Map<number, Suppressed>,
): Promo | undefined {
  for (const promo of eligible) {
    if (!promo.exclusive) continue
    if (!promo.late) return promo
    const facts = listFacts(situation, goodsOf(promo, situation))
    const reports = conditionsOf(promo)
      .filter((node) => node.late)
      .map((node) => judgeNode(node, facts))
    if (reports.every((report) => report.met)) return promo
    suppressed.set(promo.rank, { kind: 'conditions', reports })
  }
  return undefined
}

type Trials = {
  situation: Situation
  usageOf: (promo: Promo) => PromoUsage | undefined
  suppressed: Map<number, Suppressed>
  work: Work
  known: (promo: Promo) => Worth | undefined
}

function keepBestOfGroups(promos: readonly Promo[], trials: Trials): ReadonlyMap<number, Worth> {
  const { suppressed, work, known } = trials
  const groups = new Map<string, Promo[]>()
  for (const promo of promos) {
    if (promo.group === undefined) continue
    const members = groups.get(promo.group)
    if (members) members.push(promo)
    else groups.set(promo.group, [promo])
  }
  const alone = new Map<number, Worth>()
  for (const members of groups.values()) {
    if (members.length === 1) continue
    let best: { promo: Promo; worth: Worth } | undefined
    for (const promo of members) {
      const worth = known(promo) ?? worthAlone(promo, trials)
      if (work.stepsLeft < 0) return alone
      alone.set(promo.rank, worth)
      // Members come by rank, so that of equals the first stays.
      if (!best || isBetter(worth, best.worth)) best = { promo, worth }
    }
    for (const promo of members) {
      if (best && promo !== best.promo) suppressed.set(promo.rank, { kind: 'group', by: best.promo })
    }
  }
  return alone
}

function worthAlone(promo: Promo, { situation, usageOf, work }: Trials): Worth {
  const gain = gainOf(applyPromos([promo], situation, usageOf, work, true), promo.rank)
  return {
    discountMinor: gain ? gain.discountMinor + gain.deliveryMinor : 0,
    creditMinor: gain ? gain.cashbackMinor + gain.bonusMinor : 0,
  }
}

const isBetter = (a: Worth, b: Worth): boolean =>
  a.discountMinor > b.discountMinor || (a.discountMinor === b.discountMinor && a.creditMinor > b.creditMinor)

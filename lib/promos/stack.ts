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

export type Stack = { stay: readonly Promo[]; suppressed: Map<number, Suppressed> }

/** `eligible` ascending by rank. Not to be used when `work` is used up. */
export function stackPromos(
  eligible: readonly Promo[],
  situation: Situation,
  usageOf: (promo: Promo) => PromoUsage | undefined,
  work: Work,
): Stack {
  const suppressed = new Map<number, Suppressed>()
  const exclusive = firstExclusive(eligible, situation, suppressed)
  if (exclusive) {
    for (const promo of eligible) {
      if (promo !== exclusive && !suppressed.has(promo.rank))
        suppressed.set(promo.rank, { kind: 'exclusive', by: exclusive })
    }
    return { stay: [exclusive], suppressed }
  }
  const others = without(eligible, suppressed)
  keepBestOfGroups(others, { situation, usageOf, suppressed, work })
  let limited = 0
  for (const promo of others) {
    if (suppressed.has(promo.rank) || !promo.isLimited) continue
    limited++
    if (limited > limits.limitedPromosPerOrder) suppressed.set(promo.rank, { kind: 'too_many_limited' })
  }
  return { stay: without(others, suppressed), suppressed }
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
}

type Worth = { promo: Promo; discountMinor: number; creditMinor: number }

function keepBestOfGroups(promos: readonly Promo[], { situation, usageOf, suppressed, work }: Trials): void {
  const grouped = promos.filter((promo) => promo.group !== undefined)
  if (grouped.length < 2) return
  for (const members of Map.groupBy(grouped, (promo) => promo.group).values()) {
    if (members.length === 1) continue
    let best: Worth | undefined
    for (const promo of members) {
      const gain = gainOf(applyPromos([promo], situation, usageOf, work), promo.rank)
      if (work.stepsLeft < 0) return
      const discountMinor = gain ? gain.discountMinor + gain.deliveryMinor : 0
      const creditMinor = gain ? gain.cashbackMinor + gain.bonusMinor : 0
      // Members come by rank, so that of equals the first stays.
      const better =
        !best ||
        discountMinor > best.discountMinor ||
        (discountMinor === best.discountMinor && creditMinor > best.creditMinor)
      if (better) best = { promo, discountMinor, creditMinor }
    }
    for (const promo of members) {
      if (best && promo !== best.promo) suppressed.set(promo.rank, { kind: 'group', by: best.promo })
    }
  }
}

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
  /** Whether an exclusive one is eligible. */
  hasExclusive: boolean
  /** How many eligible ones are limited. */
  limited: number
  groups: Groups
}

/**
 * The eligible promos of each group, by rank; none when an exclusive one stands alone. `alone`: by rank, of those that were
 * compared, what each would give alone. `rivals`: the groups with several.
 */
export type Groups = {
  members: ReadonlyMap<string, readonly Promo[]>
  rivals: readonly string[]
  alone: ReadonlyMap<number, Worth>
}

const noGroups: Groups = { members: new Map(), rivals: [], alone: new Map() }

export type Worth = { discountMinor: number; creditMinor: number }

/** `eligible` ascending by rank. Not to be used when `work` is used up. */
export function stackPromos(
  eligible: readonly Promo[],
  situation: Situation,
  usageOf: (promo: Promo) => PromoUsage | undefined,
  work: Work,
): Stack {
  const suppressed = new Map<number, Suppressed>()
  let limited = 0
  let hasExclusive = false
  for (const { isLimited, exclusive } of eligible) {
    if (isLimited) limited++
    if (exclusive) hasExclusive = true
  }
  const exclusive = hasExclusive ? firstExclusive(eligible, situation, suppressed) : undefined
  if (exclusive) {
    for (const promo of eligible) {
      if (promo !== exclusive && !suppressed.has(promo.rank))
        suppressed.set(promo.rank, { kind: 'exclusive', by: exclusive })
    }
    return { stay: [exclusive], suppressed, hasExclusive, limited, groups: noGroups }
  }
  const others = without(eligible, suppressed)
  const groups = keepBestOfGroups(others, suppressed, { situation, usageOf, work })
  if (limited > limits.limitedPromosPerOrder) keepFirstLimited(others, suppressed)
  return { stay: without(others, suppressed), suppressed, hasExclusive, limited, groups }
}

function keepFirstLimited(promos: readonly Promo[], suppressed: Map<number, Suppressed>): void {
  let limited = 0
  for (const promo of promos) {
    if (!promo.isLimited || suppressed.has(promo.rank)) continue
    limited++
    if (limited > limits.limitedPromosPerOrder) suppressed.set(promo.rank, { kind: 'too_many_limited' })
  }
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
  work: Work
}

function keepBestOfGroups(promos: readonly Promo[], suppressed: Map<number, Suppressed>, trials: Trials): Groups {
  const members = new Map<string, Promo[]>()
  for (const promo of promos) {
    if (promo.group === undefined) continue
    const others = members.get(promo.group)
    if (others) others.push(promo)
    else members.set(promo.group, [promo])
  }
  const alone = new Map<number, Worth>()
  const rivals: string[] = []
  for (const [group, own] of members) {
    // Short cut
    if (own.length === 1) continue
    rivals.push(group)
    const best = bestOf(own, (promo) => {
      const worth = worthAlone(promo, trials)
      alone.set(promo.rank, worth)
      return worth
    })
    for (const promo of own) if (promo !== best) suppressed.set(promo.rank, { kind: 'group', by: best })
  }
  return { members, rivals, alone }
}

/** The member that stays, by what each would give alone; of equals the first. */
export function bestOf(members: readonly Promo[], worthOf: (promo: Promo) => Worth): Promo {
  let best = members[0]!
  // Short cut
  if (members.length === 1) return best
  let most = worthOf(best)
  for (let i = 1; i < members.length; i++) {
    const worth = worthOf(members[i]!)
    if (!isBetter(worth, most)) continue
    best = members[i]!
    most = worth
  }
  return best
}

const nothing: Worth = { discountMinor: 0, creditMinor: 0 }

/** What the promo would give if it were the only one. */
export function worthAlone(promo: Promo, { situation, usageOf, work }: Trials): Worth {
  if (work.stepsLeft < 0) return nothing
  const gain = gainOf(applyPromos([promo], situation, usageOf, work, true), promo.rank)
  if (!gain) return nothing
  return {
    discountMinor: gain.discountMinor + gain.deliveryMinor,
    creditMinor: gain.cashbackMinor + gain.bonusMinor,
  }
}

const isBetter = (a: Worth, b: Worth): boolean =>
  a.discountMinor > b.discountMinor || (a.discountMinor === b.discountMinor && a.creditMinor > b.creditMinor)

// What a changed cart would come to, at a fraction of the cost of deciding it afresh (fired-again.ts, touched.ts).
import { applyPromos, type Gain, gainOf } from './apply.ts'
import { type Decision, usageIn } from './decide.ts'
import { eligibleOf } from './eligibility.ts'
import { firedAgain } from './fired-again.ts'
import type { Situation } from './judging.ts'
import type { Work } from './ledger.ts'
import type { PromoUsage } from './order.ts'
import type { Promo } from './promo.ts'
import { factsOf } from './rule-facts.ts'
import { stackPromos } from './stack.ts'
import { comparisonWith } from './touched.ts'

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
  const compare = comparisonWith(before)
  return (promo, now, work) => {
    const fired = firedAgain(before.fired, factsOf(now, { order, facts: before.fired.facts }))
    const eligible = fired && eligibleOf(before.set, fired, now, usageOf, work)
    if (!eligible) return undefined
    const { isAbout, touched } = compare(now)
    const known = ({ rank, late }: Promo) => (late ? undefined : before.stack.alone.get(rank))
    const { stay } = stackPromos(eligible, now, usageOf, work, (own) => (isAbout(own) ? undefined : known(own)))
    const { old, again } = touched(stay)
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

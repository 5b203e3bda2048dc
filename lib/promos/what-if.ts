// What a changed cart would come to, at a fraction of the cost of deciding it afresh (fired-again.ts, restack.ts, touched.ts).
import { applyPromos, gainOf } from './apply.ts'
import { type Decision, usageIn } from './decide.ts'
import { firedAgain } from './fired-again.ts'
import type { Situation } from './judging.ts'
import type { Work } from './ledger.ts'
import type { PromoUsage } from './order.ts'
import { type Gain, worthOf } from './outcome.ts'
import type { Promo } from './promo.ts'
import { restacked } from './restack.ts'
import { factsOf } from './rule-facts.ts'
import { comparisonWith } from './touched.ts'

/** `gain`: of the promo asked about. `betterMinor`: by how much all promos together give more than before. */
export type WhatIf = { gain: Gain | undefined; betterMinor: number }

/**
 * Asks what would become of promos if the order were another one, much the same: `changedSituation` of that decided.
 * undefined: it took too many steps.
 */
export function whatIfOf(before: Decision): (promo: Promo, now: Situation, work: Work) => WhatIf | undefined {
  const usageOf = (own: Promo): PromoUsage | undefined => usageIn(before.usage, own)
  const { order, standInMinor } = before.situation
  const { outcomes } = before.application
  const compare = comparisonWith(before)
  return (promo, now, work) => {
    const fired = firedAgain(before.fired, factsOf(now, { order, facts: before.fired.facts }))
    const { isAbout, touched } = compare(now)
    const changed = fired && restacked(before, { situation: now, fired, isAbout }, work)
    if (!changed) return undefined
    const { old, again } = touched(changed)
    const after = applyPromos(again, now, usageOf, work, true)
    if (work.stepsLeft < 0) return undefined
    let betterMinor = 0
    let gain = gainOf(before.application, promo.rank)
    for (const own of old) {
      betterMinor -= worthOf(outcomes[own]!.gain, standInMinor)
      if (outcomes[own]!.promo === promo) gain = undefined
    }
    for (const outcome of after.outcomes) {
      betterMinor += worthOf(outcome.gain, standInMinor)
      if (outcome.promo === promo) gain = outcome.gain
    }
    return { gain, betterMinor }
  }
}

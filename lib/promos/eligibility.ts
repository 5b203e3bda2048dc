// Which promos are eligible: all conditions on list prices, for all promos at once, by the evaluator.
import { limits } from '../base/limits.ts'
import { goodsOf, isWithinLimits, judgePromo, listFacts, type Situation } from './judging.ts'
import { spend, type Work } from './ledger.ts'
import type { PromoUsage } from './order.ts'
import { conditionsOf, type Promo } from './promo.ts'
import type { PromoFired } from './promo-fired.ts'
import type { PromoSet } from './promo-set.ts'
import { factsOf } from './rule-facts.ts'
import { isOpen } from './window.ts'

/** Whether the promo exists for whoever asks: a test promo does for testers only. */
export const isVisible = (promo: Promo, tester: boolean): boolean => promo.state !== 'test' || tester

/** Eligible promos, ascending by rank, and the evaluation that found them; undefined: it took too many steps. */
export function eligiblePromos(
  set: PromoSet,
  situation: Situation,
  usageOf: (promo: Promo) => PromoUsage | undefined,
  work: Work,
): { eligible: Promo[]; fired: PromoFired } | undefined {
  const fired = set.rules.session(factsOf(situation)).fire()
  // Short cut
  if (fired.ok) situation.index.learn(fired)
  const eligible = fired.ok ? eligibleOf(set, fired, situation, usageOf, work) : undefined
  return fired.ok && eligible ? { eligible, fired } : undefined
}

/** The same of an evaluation that was made already. */
export function eligibleOf(
  set: PromoSet,
  { rules }: PromoFired,
  situation: Situation,
  usageOf: (promo: Promo) => PromoUsage | undefined,
  work: Work,
): Promo[] | undefined {
  const eligible: Promo[] = []
  // Nothing applies to an order without goods, though a promo that codes open does not ask for any.
  if (situation.order.lines.length === 0) return eligible
  for (const rank of rules) {
    const promo = set.promo(rank)
    if (isMetToo(promo, set, situation, usageOf, work)) eligible.push(promo)
  }
  return work.stepsLeft < 0 ? undefined : eligible
}

/** Whether what the rule of a promo, which has fired, does not say is met too. */
export function isMetToo(
  promo: Promo,
  set: PromoSet,
  situation: Situation,
  usageOf: (promo: Promo) => PromoUsage | undefined,
  work: Work,
): boolean {
  if (!isWithinLimits(promo, situation.codes, usageOf)) return false
  if (promo.recurs && !isOpen(promo.window, situation.nowMs)) return false
  if (set.judged.size === 0 || !set.judged.has(promo.rank)) return true
  const steps = limits.promoConditions * situation.order.lines.length
  return spend(work, steps) && isMet(promo, situation, usageOf(promo))
}

/** All conditions but those that wait for the promo's turn, in words. */
function isMet(promo: Promo, situation: Situation, usage: PromoUsage | undefined): boolean {
  const late = new Set(
    conditionsOf(promo)
      .filter((node) => node.late)
      .map(({ pointer }) => pointer),
  )
  const facts = listFacts(situation, goodsOf(promo, situation))
  return judgePromo(promo, facts, usage).every(({ met, pointer }) => met || late.has(pointer))
}

// Which promos are eligible: all conditions on list prices, for all promos at once.
import { goodsOf, isWithinLimits, judgePromo, listFacts, type Situation } from './judging.ts'
import type { PromoUsage } from './order.ts'
import type { Promo } from './promo.ts'
import type { PromoSet } from './promo-set.ts'

/** Whether the promo exists for whoever asks: a test promo does for testers only. */
export const isVisible = (promo: Promo, tester: boolean): boolean => promo.state !== 'test' || tester

/** Eligible promos, ascending by rank. */
export function eligiblePromos(
  { promos }: PromoSet,
  situation: Situation,
  usageOf: (promo: Promo) => PromoUsage | undefined,
): Promo[] {
  return promos.filter((promo) => {
    if (!isVisible(promo, situation.tester)) return false
    const usage = usageOf(promo)
    if (!isWithinLimits(promo, situation.codes, usage)) return false
    const facts = listFacts(situation, goodsOf(promo, situation.order))
    return judgePromo(promo, facts, usage).every((report, i) => report.met || isLate(promo, report.pointer, i))
  })
}

const isLate = (promo: Promo, pointer: string, _i: number): boolean =>
  promo.conditions.some((node) => node.late && node.pointer === pointer)

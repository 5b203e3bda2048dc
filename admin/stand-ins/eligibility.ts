// Stands in the page for lib/promos/eligibility.ts: there is no index that tells which may apply, so each is judged in
// words.
import { goodsOf, judgePromo, listFacts, type Situation } from '../../lib/promos/judging.ts'
import type { PromoUsage } from '../../lib/promos/order.ts'
import { conditionsOf, type Promo } from '../../lib/promos/promo.ts'
import type { PromoSet } from '../../lib/promos/promo-set.ts'

export const isVisible = (promo: Promo, tester: boolean): boolean => promo.state !== 'test' || tester

type UsageOf = (promo: Promo) => PromoUsage | undefined

export function eligiblePromos(set: PromoSet, situation: Situation, usageOf: UsageOf): { eligible: Promo[] } {
  const promos =
    situation.order.lines.length === 0 ? [] : Array.from({ length: set.size }, (_, rank) => set.promo(rank))
  return { eligible: promos.filter((promo) => isMet(promo, situation, usageOf(promo))) }
}

/** All conditions but those that wait for the promo's turn. */
function isMet(promo: Promo, situation: Situation, usage: PromoUsage | undefined): boolean {
  const facts = listFacts(situation, goodsOf(promo, situation))
  const late = new Set(conditionsOf(promo).flatMap((node) => (node.late ? node.pointer : [])))
  return judgePromo(promo, facts, usage).every(({ met, pointer }) => met || late.has(pointer))
}

// Why promos did not apply: each condition with wanted, actual, missing, or which promo stands in the way.
import type { RefusedPromo } from './allocation.ts'
import type { Application } from './apply.ts'
import { isVisible } from './eligibility.ts'
import { goodsOf, judgePromo, listFacts, type Situation } from './judging.ts'
import type { PromoUsage } from './order.ts'
import type { ConditionReport, Promo } from './promo.ts'
import type { PromoSet } from './promo-set.ts'
import type { Stack } from './stack.ts'

export type Outcome = { stack: Stack; application: Application }

/** Each promo that whoever asks may know of and that did not apply, by rank. */
export function refusalsOf(
  { promos }: PromoSet,
  situation: Situation,
  usageOf: (promo: Promo) => PromoUsage | undefined,
  outcome: Outcome,
): RefusedPromo[] {
  const refused: RefusedPromo[] = []
  for (const promo of promos) {
    if (!isVisible(promo, situation.tester) || outcome.application.gains.has(promo.rank)) continue
    refused.push(refusalOf(promo, promos, situation, usageOf(promo), outcome))
  }
  return refused
}

function refusalOf(
  promo: Promo,
  promos: readonly Promo[],
  situation: Situation,
  usage: PromoUsage | undefined,
  { stack, application }: Outcome,
): RefusedPromo {
  const { title } = promo.config
  const facts = listFacts(situation, goodsOf(promo, situation.order))
  const conditions = judgePromo(promo, facts, usage)
  const refusal = { promo: promo.id, version: promo.version, ...(title === undefined ? {} : { title }) }
  const suppressed = stack.suppressed.get(promo.rank)
  if (suppressed) {
    if (suppressed.kind === 'conditions') {
      return { ...refusal, reason: 'conditions', conditions: replaced(conditions, suppressed.reports) }
    }
    if (suppressed.kind === 'too_many_limited') return { ...refusal, reason: suppressed.kind, conditions }
    return { ...refusal, reason: suppressed.kind, suppressed_by: suppressed.by.id, conditions }
  }
  const idle = application.idle.get(promo.rank)
  if (!idle) return { ...refusal, reason: 'conditions', conditions }
  if (idle.kind === 'conditions') {
    return { ...refusal, reason: 'conditions', conditions: replaced(conditions, idle.reports) }
  }
  if (idle.kind === 'stopped') {
    return { ...refusal, reason: 'stop', suppressed_by: promos[idle.by]!.id, conditions }
  }
  const needs = (application.needs.get(promo.rank) ?? []).map(({ action, judgement }): ConditionReport => {
    const { met, wanted, actual, missing } = judgement
    return { type: action.type, pointer: `/actions/${action.position}`, met, wanted, actual, missing }
  })
  return { ...refusal, reason: 'no_effect', conditions: [...conditions, ...needs] }
}

// What was judged again in the promo's turn, in the place of what was judged on list prices.
const replaced = (conditions: readonly ConditionReport[], later: readonly ConditionReport[]): ConditionReport[] =>
  conditions.map((report) => later.find(({ pointer }) => pointer === report.pointer) ?? report)

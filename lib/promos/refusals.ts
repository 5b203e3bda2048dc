// Why promos did not apply: each condition with wanted, actual, missing, or which promo stands in the way.
import type { RefusedPromo } from './allocation.ts'
import { gainOf, idleOf, outcomeOf } from './apply.ts'
import { type Decision, usageIn } from './decide.ts'
import { isVisible } from './eligibility.ts'
import { goodsOf, judgePromo, listFacts } from './judging.ts'
import type { ConditionReport, Promo } from './promo.ts'

/**
 * staff: every promo. customer: those that have to do with the order and lack least, and no code that the customer has
 * not entered.
 */
export type Audience = 'staff' | 'customer'

/** All that whoever asks may know of, by rank. */
export function refusalsOf(decision: Decision): RefusedPromo[] {
  const { set } = decision
  const refused: RefusedPromo[] = []
  for (let rank = 0; rank < set.size; rank++) {
    const promo = refusedAt(rank, decision)
    if (promo) refused.push(refusalOf(promo, decision))
  }
  return refused
}

/** undefined: it applied, or does not exist for whoever asks. */
export function refusedAt(rank: number, { set, tester, application }: Decision): Promo | undefined {
  if (gainOf(application, rank)) return undefined
  const promo = set.promo(rank)
  return isVisible(promo, tester) ? promo : undefined
}

export function refusalOf(promo: Promo, decision: Decision): RefusedPromo {
  const { set, situation, stack, application } = decision
  const { id, version, title } = promo
  const facts = listFacts(situation, goodsOf(promo, situation))
  const conditions = judgePromo(promo, facts, usageIn(decision.usage, promo))
  const refusal = title === undefined ? { promo: id, version } : { promo: id, version, title }
  const suppressed = stack.suppressed.get(promo.rank)
  if (suppressed) {
    if (suppressed.kind === 'conditions') {
      return { ...refusal, reason: 'conditions', conditions: replaced(conditions, suppressed.reports) }
    }
    if (suppressed.kind === 'too_many_limited') return { ...refusal, reason: suppressed.kind, conditions }
    return { ...refusal, reason: suppressed.kind, suppressed_by: suppressed.by.id, conditions }
  }
  const outcome = outcomeOf(application, promo.rank)
  const idle = outcome && idleOf(outcome)
  if (!idle) return { ...refusal, reason: 'conditions', conditions }
  if (idle.kind === 'conditions') {
    return { ...refusal, reason: 'conditions', conditions: replaced(conditions, idle.reports) }
  }
  if (idle.kind === 'stopped') {
    return { ...refusal, reason: 'stop', suppressed_by: set.promo(idle.by).id, conditions }
  }
  const needs = (outcome.needs ?? []).map(({ action, judgement }): ConditionReport => {
    const { met, wanted, actual, missing } = judgement
    return { type: action.type, pointer: `/actions/${action.position}`, met, wanted, actual, missing }
  })
  return { ...refusal, reason: 'no_effect', conditions: [...conditions, ...needs] }
}

// What was judged again in the promo's turn, in the place of what was judged on list prices.
const replaced = (conditions: readonly ConditionReport[], later: readonly ConditionReport[]): ConditionReport[] =>
  conditions.map((report) => later.find(({ pointer }) => pointer === report.pointer) ?? report)

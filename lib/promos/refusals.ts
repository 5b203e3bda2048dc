// Why promos did not apply: each condition with wanted, actual, missing, or which promo stands in the way.
import type { RefusalReason, RefusedPromo } from './allocation.ts'
import { gainOf, outcomeOf } from './apply.ts'
import { type Decision, usageIn } from './decide.ts'
import { isVisible } from './eligibility.ts'
import { goodsOf, judgePromo, listFacts } from './judging.ts'
import { idleOf } from './outcome.ts'
import type { ConditionReport, Promo } from './promo.ts'

/**
 * staff: every promo. customer: those that have to do with the order and lack least, and no code that the customer has
 * not entered.
 */
export type Audience = 'staff' | 'customer'

/** All that whoever asks may know of, by rank. */
export function refusalsOf(decision: Decision): RefusedPromo[] {
  const { set } = decision
  const refusals: RefusedPromo[] = []
  for (let rank = 0; rank < set.size; rank++) {
    const promo = refusedAt(rank, decision)
    if (promo) refusals.push(refusalOf(promo, decision))
  }
  return refusals
}

/** undefined: it applied, or does not exist for whoever asks. */
export function refusedAt(rank: number, { set, tester, application }: Decision): Promo | undefined {
  if (gainOf(application, rank)) return undefined
  const promo = set.promo(rank)
  return isVisible(promo, tester) ? promo : undefined
}

export function refusalOf(promo: Promo, decision: Decision): RefusedPromo {
  const { set, situation, stack, application } = decision
  const facts = listFacts(situation, goodsOf(promo, situation))
  const conditions = judgePromo(promo, facts, usageIn(decision.usage, promo))
  const suppressed = stack.suppressed.get(promo.rank)
  if (suppressed) {
    if (suppressed.kind === 'conditions') return refused(promo, 'conditions', replaced(conditions, suppressed.reports))
    const by = suppressed.kind === 'too_many_limited' ? undefined : suppressed.by
    return refused(promo, suppressed.kind, conditions, by)
  }
  const outcome = outcomeOf(application, promo.rank)
  const idle = outcome && idleOf(outcome)
  if (!idle) return refused(promo, 'conditions', conditions)
  if (idle.kind === 'conditions') return refused(promo, 'conditions', replaced(conditions, idle.reports))
  if (idle.kind === 'stopped') return refused(promo, 'stop', conditions, set.promo(idle.by))
  const needs = (outcome.needs ?? []).map(({ action, judgement }): ConditionReport => {
    const { met, wanted, actual, missing } = judgement
    return { type: action.type, pointer: `/actions/${action.position}`, met, wanted, actual, missing }
  })
  return refused(promo, 'no_effect', [...conditions, ...needs])
}

// Written out, since to spread an object into another takes longer than to judge some conditions.
function refused(
  { id: promo, version, title }: Promo,
  reason: RefusalReason,
  conditions: ConditionReport[],
  by?: Promo,
): RefusedPromo {
  if (by) {
    const suppressed_by = by.id
    if (title === undefined) return { promo, version, reason, suppressed_by, conditions }
    return { promo, version, title, reason, suppressed_by, conditions }
  }
  return title === undefined ? { promo, version, reason, conditions } : { promo, version, title, reason, conditions }
}

// What was judged again in the promo's turn, in the place of what was judged on list prices.
const replaced = (conditions: readonly ConditionReport[], later: readonly ConditionReport[]): ConditionReport[] =>
  conditions.map((report) => later.find(({ pointer }) => pointer === report.pointer) ?? report)

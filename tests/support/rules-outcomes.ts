// What rules come to, for tests that have no doubt about the budget.
import type { Fired, Outcome } from '../../lib/rules/types.ts'

export const fired = (outcome: Outcome): Fired => {
  if (!outcome.ok) throw new Error('out of budget')
  return outcome
}

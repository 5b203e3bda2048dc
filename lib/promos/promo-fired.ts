// All that is asked of the rules of promos, whoever answers: the rule base of lib/rules in checkout, and in the admin
// page one that leaves conditions to judging.ts (admin/editor/preview-set.ts).
import type { Changes, Fact, Fired, Near, OutOfBudget } from '../rules/types.ts'

export type PromoRules = { session(facts: readonly Fact[]): { fire(): PromoOutcome } }

export type PromoOutcome = PromoFired | OutOfBudget

export type PromoFired = Pick<Fired, 'ok' | 'facts' | 'rules' | 'places' | 'unmet'> & {
  near(): NearPromos
  with(changes: Changes): PromoOutcome
}

export type NearPromos = Pick<Near, 'rules' | 'unmetAt'>

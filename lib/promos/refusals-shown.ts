// What customers read of promos that did not apply: the nearest, without the codes that they have not entered.
import { limits } from '../base/limits.ts'
import type { RefusedPromo } from './allocation.ts'
import type { Decision } from './decide.ts'
import type { ConditionReport, Promo } from './promo.ts'
import { refusalOf, refusedAt } from './refusals.ts'
import { isOpen } from './window.ts'

/** By rank. */
export const shownRefusalsOf = (decision: Decision): RefusedPromo[] =>
  nearestOf(decision).map((promo) => hidden(refusalOf(promo, decision)))

function nearestOf(decision: Decision): Promo[] {
  const { nowMs, codes, index } = decision.situation
  const nearest: Promo[] = []
  for (const rank of decision.atHand()) {
    if (nearest.length === limits.refusedShown) break
    const promo = refusedAt(rank, decision)
    if (promo && isOpen(promo.window, nowMs) && isOpenTo(promo, codes)) nearest.push(promo)
  }
  nearest.sort((a, b) => a.rank - b.rank)
  index.expect(nearest.map(({ rank }) => rank))
  return nearest
}

const isOpenTo = ({ codes, state }: Promo, entered: ReadonlySet<string>): boolean =>
  state !== 'draft' && (codes === undefined || codes.keys().some((code) => entered.has(code)))

const secrets = new Set(['codes', 'promo_code', 'limit_code'])

const hasSecret = ({ type, parts }: ConditionReport): boolean => secrets.has(type) || (parts?.some(hasSecret) ?? false)

const hidden = (refusal: RefusedPromo): RefusedPromo =>
  refusal.conditions.some(hasSecret) ? { ...refusal, conditions: refusal.conditions.map(withoutCodes) } : refusal

const withoutCodes = (report: ConditionReport): ConditionReport => ({
  ...report,
  ...(secrets.has(report.type) ? { wanted: null, missing: null } : {}),
  ...(report.parts ? { parts: report.parts.map(withoutCodes) } : {}),
})

// What customers read of promos that did not apply: the nearest, without the codes that they have not entered.
import { limits } from '../base/limits.ts'
import type { RefusedPromo } from './allocation.ts'
import { type Decision, usageIn } from './decide.ts'
import { canonicalCode } from './order.ts'
import type { ConditionReport, Promo } from './promo.ts'
import { refusalOf, refusedAt } from './refusals.ts'
import { isOpen } from './window.ts'

/** By rank. */
export const shownRefusalsOf = (decision: Decision): RefusedPromo[] =>
  nearestOf(decision).map((promo) => hidden(refusalOf(promo, decision), promo, decision))

function nearestOf(decision: Decision): Promo[] {
  const { nowMs, codes, index } = decision.situation
  const nearest: Promo[] = []
  const ranks = decision.atHand()
  for (let place = 0; nearest.length < limits.refusedShown; place++) {
    const rank = ranks.at(place)
    if (rank === undefined) break
    const promo = refusedAt(rank, decision)
    if (promo && isOpen(promo.window, nowMs) && isOpenTo(promo, codes)) nearest.push(promo)
  }
  nearest.sort((a, b) => a.rank - b.rank)
  index.expect(nearest.map(({ rank }) => rank))
  return nearest
}

const isOpenTo = ({ codes, state }: Promo, entered: ReadonlySet<string>): boolean =>
  state !== 'draft' && (codes === undefined || codes.keys().some((code) => entered.has(code)))

// Codes are told only to who has entered them; of limits that nobody has looked up nothing is known.
function hidden(refusal: RefusedPromo, promo: Promo, { usage, situation }: Decision): RefusedPromo {
  const isLookedUp = !promo.isLimited || usageIn(usage, promo) !== undefined
  const known = isLookedUp ? refusal.conditions : refusal.conditions.filter(({ type }) => !type.startsWith('limit_'))
  // It was made for this answer alone.
  refusal.conditions = known.map((report) => withoutCodes(report, situation.codes))
  return refusal
}

function withoutCodes(report: ConditionReport, entered: ReadonlySet<string>): ConditionReport {
  if (report.parts) return { ...report, parts: report.parts.map((part) => withoutCodes(part, entered)) }
  if (report.type === 'limit_code') return { ...report, wanted: null }
  if (report.type !== 'codes' && report.type !== 'promo_code') return report
  const told = [report.wanted].flat().filter((code) => typeof code === 'string' && entered.has(canonicalCode(code)))
  return { ...report, wanted: told.length > 0 ? told : null, missing: null }
}

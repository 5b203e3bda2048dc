// Warns of limits that change nothing beside another one, or beside what the promo gives. The page leaves it out, for size:
// who saves there, or validates, is told by the server.
import { isObject } from '../base/json.ts'
import type { ActionConfig } from './actions.ts'
import type { Promo } from './promo.ts'
import type { Warning } from './warn.ts'

export function idleLimits({ config: { actions, limits = {} } }: Promo): Warning[] {
  const warnings: Warning[] = []
  const idle = (pointer: string, message: string): unknown => warnings.push({ code: 'idle_limit', pointer, message })
  for (const [i, { max_units: most }] of actions.entries()) {
    if (isObject(most) && Number(most.per_line) > Number(most.per_order)) {
      idle(`/actions/${i}/max_units/per_line`, 'changes nothing: per_order is lower')
    }
  }
  if (Number(limits.customer_uses) > Number(limits.uses))
    idle('/limits/customer_uses', 'changes nothing: uses is lower')
  const budget = limits.budget === undefined ? 'budget_minor' : 'budget'
  if (limits[budget] !== undefined && actions.every(isFree)) {
    idle(`/limits/${budget}`, 'changes nothing: gifts and vouchers take nothing of a budget')
  }
  return warnings
}

const isFree = ({ type }: ActionConfig): boolean => type === 'gift' || type === 'voucher'

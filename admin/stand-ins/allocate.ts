// Stands in the page for lib/promos/allocate.ts, which makes answers of one layout however many are made: here few are.

import type { AllocateOptions } from '../../lib/promos/allocate.ts'
import type { Allocation } from '../../lib/promos/allocation.ts'
import { amountsOf, failed } from '../../lib/promos/amounts.ts'
import { decide } from '../../lib/promos/decide.ts'
import { hintReach, hintsOf } from '../../lib/promos/hints.ts'
import type { Order, Usage } from '../../lib/promos/order.ts'
import type { PromoSet } from '../../lib/promos/promo-set.ts'

/** Whoever sets promotions up is of the staff. */
export function allocate(
  order: Order,
  set: PromoSet,
  nowMs: number,
  usage: Usage,
  { tester = false, language = 'en' }: AllocateOptions,
): Allocation {
  const decision = decide(order, { set, nowMs, usage, tester })
  if (!decision) return failed(order, set)
  const { totals, ...amounts } = amountsOf(decision)
  return {
    ...amounts,
    ...totals,
    // Read of `explain`.
    refused: [],
    get hints() {
      return hintsOf(decision, language, hintReach.staff)
    },
    valid_until: null,
    promos_version: set.number,
  }
}

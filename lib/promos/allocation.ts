// The answer of `allocate`, as it goes over the wire. Money in minor units of the order's currency.
import type { Instant } from '../base/time.ts'
import type { Voucher } from './action.ts'
import type { Run } from './arithmetic.ts'
import type { HintStep } from './mending.ts'
import type { ConditionReport } from './promo.ts'

/** Some units that have the same amount each; a list of them has every unit of a line, from the first on. */
export type UnitRun = Run

export type LineDiscount = {
  /** Id of the promo. */
  promo: string
  /** Type of the action. */
  action: string
  stage: number
  amount_minor: number
  units: UnitRun[]
}

export type LineCredit = LineDiscount & { kind: 'cashback' | 'bonus' }

export type AllocatedLine = {
  id: string
  sku?: string
  /** List price of one unit. */
  price_minor: number
  quantity: number
  /** At list prices. */
  items_minor: number
  discount_minor: number
  /** What is paid for the line. */
  total_minor: number
  cashback_minor: number
  bonus_minor: number
  discounts: LineDiscount[]
  /** Cashback and bonus that the line earns. */
  credits: LineCredit[]
  /** What is paid for each unit. */
  units: UnitRun[]
}

export type AppliedPromo = {
  promo: string
  version: number
  title?: string
  /** Under which it is redeemed, as the config has it. */
  code?: string
  /** Whether placing the order reserves a redemption. */
  limited: boolean
  discount_minor: number
  delivery_discount_minor: number
  cashback_minor: number
  bonus_minor: number
  /** All of them together: what it takes of a budget. */
  budget_minor: number
  gifts: { sku: string; quantity: number }[]
  vouchers: Voucher[]
}

/**
 * conditions: some are not met. exclusive, group, stop: another promo (`suppressed_by`) stands in its way. no_effect:
 * nothing was left to give, or its actions lack goods. too_many_limited: an order redeems only so many.
 */
export type RefusalReason = 'conditions' | 'exclusive' | 'group' | 'stop' | 'no_effect' | 'too_many_limited'

export type RefusedPromo = {
  promo: string
  version: number
  title?: string
  reason: RefusalReason
  /** Id of the promo that stands in its way. */
  suppressed_by?: string
  conditions: ConditionReport[]
}

export type Hint = {
  promo: string
  /** In the language asked for. */
  text: string
  /** Everything that must be done, exactly. */
  missing: HintStep[]
  /** What the customer would gain by it at least; 0 where it is not money or not known yet. */
  gain_minor: number
}

/** What a product's page says. `active`: one unit gets it as it is. */
export type ProductHints = {
  active: Omit<Hint, 'missing'>[]
  hints: Hint[]
  valid_until: Instant | null
  promos_version: number
}

export type Allocation = {
  lines: AllocatedLine[]
  /** Goods at list prices. */
  items_minor: number
  /** Taken off the goods. */
  discount_minor: number
  /** What is paid for delivery. */
  delivery_minor: number
  cashback_minor: number
  bonus_minor: number
  /** What is paid: items - discount + delivery. */
  total_minor: number
  /** In the order of priority, then id. */
  applied: AppliedPromo[]
  /** In the same order: each promo that did not apply. */
  refused: RefusedPromo[]
  hints: Hint[]
  /** Until then the answer holds, unless order or promos change; null: for ever. */
  valid_until: Instant | null
  promos_version: number
  /** Only when something went wrong: the answer then has list prices. */
  promos_failed?: { code: string; message: string }
}

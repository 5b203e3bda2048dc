// What units of an order's line are worth when they come back: the share of each that was recorded when the order was
// placed. Nothing is evaluated again: goods that stay keep their price.
import type { DataOf } from '../../events/catalog.ts'
import { shareOf } from '../base/money.ts'

export type PlacedLine = DataOf<'order_placed'>['lines'][number]

/** What some units came to. `discounts` and `credits` are in the order of the line's own. */
export type Worth = {
  /** Paid for them. */
  refund_minor: number
  cashback_minor: number
  bonus_minor: number
  /** What each discount of the line gave to them. */
  discounts: number[]
  /** What each credit of the line gave to them. */
  credits: number[]
}

/**
 * Of a line's units the `first` that come back. The cheapest come back first: of three for the price of two, the free
 * one, since the two that stay would have cost their full price. Shares of promotions are rounded down at every step of
 * the way, so that all units together are worth exactly what was recorded.
 */
function worthOfFirst(line: PlacedLine, first: number): Worth {
  const { quantity, price_minor, discount_minor, total_minor, discounts = [], credits = [] } = line
  let left = first
  let paid = 0
  for (const { count, amount_minor } of line.units.toSorted((a, b) => a.amount_minor - b.amount_minor)) {
    const units = Math.min(left, count)
    paid += units * amount_minor
    left -= units
  }
  const saved = first * price_minor - paid
  const discountOf = (minor: number) => (discount_minor === 0 ? 0 : shareOf(minor, saved, discount_minor))
  // What is credited is a part of what is paid; of what was free, of the number of units.
  const creditOf = (minor: number) =>
    total_minor === 0 ? shareOf(minor, first, quantity) : shareOf(minor, paid, total_minor)
  const worth: Worth = {
    refund_minor: paid,
    cashback_minor: 0,
    bonus_minor: 0,
    discounts: discounts.map(({ amount_minor }) => discountOf(amount_minor)),
    credits: credits.map(({ amount_minor }) => creditOf(amount_minor)),
  }
  for (const [i, { kind }] of credits.entries()) worth[`${kind}_minor`] += worth.credits[i] ?? 0
  return worth
}

/** What the next `units` of a line are worth when `returned` of them have come back before. */
export function worthOf(line: PlacedLine, returned: number, units: number): Worth {
  const before = worthOfFirst(line, returned)
  const after = worthOfFirst(line, returned + units)
  const minus = (a: readonly number[], b: readonly number[]) => a.map((value, i) => value - (b[i] ?? 0))
  return {
    refund_minor: after.refund_minor - before.refund_minor,
    cashback_minor: after.cashback_minor - before.cashback_minor,
    bonus_minor: after.bonus_minor - before.bonus_minor,
    discounts: minus(after.discounts, before.discounts),
    credits: minus(after.credits, before.credits),
  }
}

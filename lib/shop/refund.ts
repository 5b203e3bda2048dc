// What units of an order's line are worth when they come back: the share of each that was recorded when the order was
// placed. Nothing is evaluated again: goods that stay keep their price.
import type { DataOf } from '../../events/catalog.ts'
import { shareOf } from '../base/money.ts'

export type PlacedLine = DataOf<'order_placed'>['lines'][number]

/** What each promotion gave: its place in the order's `promos` -> amount. */
export type Gave = { readonly [promo: string]: number }

/** What some units came to. */
export type Worth = {
  /** Paid for them. */
  refund_minor: number
  cashback_minor: number
  bonus_minor: number
  /** By every promotion in all. */
  gave: Gave
}

const sumOf = (gave: Gave): number => Object.values(gave).reduce((sum, minor) => sum + minor, 0)

const mapped = (gave: Gave, f: (minor: number) => number): Gave =>
  Object.fromEntries(Object.entries(gave).map(([promo, minor]) => [promo, f(minor)]))

function together(...all: readonly Gave[]): Gave {
  const sums = new Map<string, number>()
  for (const gave of all) {
    for (const [promo, minor] of Object.entries(gave)) sums.set(promo, (sums.get(promo) ?? 0) + minor)
  }
  return Object.fromEntries(sums)
}

/**
 * Of a line's units the `first` that come back. The cheapest come back first: of three for the price of two, the free
 * one, since the two that stay would have cost their full price. Shares of promotions are rounded down at every step of
 * the way, so that all units together are worth exactly what was recorded.
 */
function worthOfFirst(line: PlacedLine, first: number): Worth {
  const { quantity, price_minor, discount_minor, total_minor, discounts = {}, cashback = {}, bonus = {} } = line
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
  const credited = { cashback: mapped(cashback, creditOf), bonus: mapped(bonus, creditOf) }
  return {
    refund_minor: paid,
    cashback_minor: sumOf(credited.cashback),
    bonus_minor: sumOf(credited.bonus),
    gave: together(mapped(discounts, discountOf), credited.cashback, credited.bonus),
  }
}

/** What the next `units` of a line are worth when `returned` of them have come back before. */
export function worthOf(line: PlacedLine, returned: number, units: number): Worth {
  const before = worthOfFirst(line, returned)
  const after = worthOfFirst(line, returned + units)
  return {
    refund_minor: after.refund_minor - before.refund_minor,
    cashback_minor: after.cashback_minor - before.cashback_minor,
    bonus_minor: after.bonus_minor - before.bonus_minor,
    gave: together(
      after.gave,
      mapped(before.gave, (minor) => -minor),
    ),
  }
}

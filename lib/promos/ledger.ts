// The state that actions change, one order's: what remains to be paid for each unit, and for delivery.
import { limits } from '../base/limits.ts'
import type { Run } from './arithmetic.ts'
import type { Order } from './order.ts'

export type LedgerLine = {
  readonly price: number
  readonly quantity: number
  /** The least that one unit may cost. */
  readonly floor: number
  /** What remains of each unit, from the first to the last. */
  runs: readonly Run[]
  /** Of all units together. */
  remaining: number
  /** Who took something off it. */
  discountedBy: number[]
  /** The promo that let no later one have it. */
  closedBy?: number
}

export type Ledger = {
  readonly lines: LedgerLine[]
  deliveryMinor: number
  /** Whether some promo closed a line. */
  isSomeClosed: boolean
  /** Steps left; below 0 the work is abandoned and the customer gets list prices. */
  stepsLeft: number
}

/** Nothing taken yet. */
export function openLedger(order: Order, stepsLeft: number = limits.promoSteps): Ledger {
  return {
    lines: order.lines.map(({ price_minor, quantity, floor_minor = 0 }) => ({
      price: price_minor,
      quantity,
      floor: floor_minor,
      runs: [{ count: quantity, minor: price_minor }],
      remaining: price_minor * quantity,
      discountedBy: [],
    })),
    deliveryMinor: order.delivery?.price_minor ?? 0,
    isSomeClosed: false,
    stepsLeft,
  }
}

/** Counts work; false when there was too much of it. */
export function spend(ledger: Ledger, steps: number): boolean {
  ledger.stepsLeft -= steps
  return ledger.stepsLeft >= 0
}

// The state that actions change, one order's: what remains to be paid for each unit, and for delivery.
import { limits } from '../base/limits.ts'
import type { Run } from './arithmetic.ts'
import type { Order } from './order.ts'

/** Units `from` (counted from 0) to `from + count`. */
export type Range = { from: number; count: number }

/** For some units of a line; with `runs` the amount of each of them, else it is spread over them. */
export type Amount = { ranges: readonly Range[]; minor: number; runs: Run[] | undefined }

export type LedgerLine = {
  /** All units of it: a range from the first one on. Not to be changed. */
  readonly whole: readonly Range[]
  readonly price: number
  readonly quantity: number
  /** The least that one unit may cost. */
  readonly floor: number
  /** What remains of each unit, from the first to the last; replaced, never changed, so that the answer can have it. */
  runs: Run[]
  /** What is still to be taken off `runs`, in this order, once somebody asks for them (`runsIn`). */
  putOff: Amount[] | undefined
  /** Of all units together. */
  remaining: number
  /** Whether some promo took something off it. */
  isDiscounted: boolean
  /** The promo that let no later one have it. */
  closedBy: number | undefined
}

/** What may still be done; below 0 it is abandoned, and the customer gets list prices. */
export type Work = { stepsLeft: number }

export const fullWork = (): Work => ({ stepsLeft: limits.promoSteps })

export type Ledger = {
  readonly order: Order
  readonly work: Work
  /** Those that have been looked at. */
  readonly lines: (LedgerLine | undefined)[]
  deliveryMinor: number
  /** Whether some promo closed a line. */
  isSomeClosed: boolean
}

/** Nothing taken yet. */
export const openLedger = (order: Order, work: Work): Ledger => ({
  order,
  work,
  lines: new Array<LedgerLine | undefined>(order.lines.length),
  deliveryMinor: order.delivery?.price_minor ?? 0,
  isSomeClosed: false,
})

/** A line's state, which is made when first asked for: most promos are tried alone and touch few lines. */
export function lineOf({ lines, order }: Ledger, line: number): LedgerLine {
  const known = lines[line]
  if (known) return known
  const { price_minor, quantity, floor_minor = 0 } = order.lines[line]!
  const made: LedgerLine = {
    whole: wholeOf(quantity),
    price: price_minor,
    quantity,
    floor: floor_minor,
    runs: [{ count: quantity, amount_minor: price_minor }],
    putOff: undefined,
    remaining: price_minor * quantity,
    isDiscounted: false,
    closedBy: undefined,
  }
  lines[line] = made
  return made
}

const wholes: LedgerLine['whole'][] = []
const smallQuantity = 100

function wholeOf(quantity: number): LedgerLine['whole'] {
  // Short cut
  if (quantity <= smallQuantity) return knownWhole(quantity)
  return [{ from: 0, count: quantity }]
}

function knownWhole(quantity: number): LedgerLine['whole'] {
  wholes[quantity] ??= [{ from: 0, count: quantity }]
  return wholes[quantity]
}

/** Counts work; false when there was too much of it. */
export function spend(work: Work, steps: number): boolean {
  work.stepsLeft -= steps
  return work.stepsLeft >= 0
}

// An order: what was agreed when it was placed, which never changes, and what has come back of it since.
import * as v from 'valibot'
import type { DataOf } from '../../events/catalog.ts'
import { placedFields, refundFields } from '../../events/order-fields.ts'
import type { Instant } from '../base/time.ts'
import type { StoredItem } from './customer-document.ts'
import { worthOf } from './refund.ts'

export type Placed = DataOf<'order_placed'>
export type Cancelled = DataOf<'order_cancelled'>
export type Returned = DataOf<'order_returned'>

const orderStates = ['placed', 'partly_returned', 'returned', 'cancelled'] as const

const { order_id: _id, request_hash: _hash, ...agreed } = placedFields()

/** An order as callers see it. */
export const orderSchema = v.object({
  id: v.string(),
  ...agreed,
  placed_at: v.string(),
  state: v.picklist(orderStates),
  /** Units that came back, by line id. */
  returned: v.record(v.string(), v.number()),
  /** Given back so far, by returns and a cancellation. */
  given_back: v.object(refundFields()),
})

export type Order = v.InferOutput<typeof orderSchema>

/** What the customer's document shows of it. */
const orderSummarySchema = v.object({
  id: v.string(),
  placed_at: v.string(),
  state: v.picklist(orderStates),
  units: v.number(),
  discount_minor: v.number(),
  total_minor: v.number(),
  /** Given back so far. */
  refund_minor: v.number(),
})

export type OrderSummary = v.InferOutput<typeof orderSummarySchema>

const schemaOfItems = v.object({ ...orderSchema.entries, lines: v.array(v.any()), promos: v.array(v.any()) })

/** The order of a stored item, whose lines were checked when they were written. Throws on an item that is none of ours. */
export const orderOf = (item: StoredItem): Order => v.parse(schemaOfItems, item) as Order

const nothingBack = (): Pick<Order, 'state' | 'returned' | 'given_back'> => ({
  state: 'placed',
  returned: {},
  given_back: { refund_minor: 0, cashback_minor: 0, bonus_minor: 0 },
})

export function placedOrder({ order_id, request_hash: _, ...placed }: Placed, placedAt: Instant): Order {
  return { id: order_id, ...placed, placed_at: placedAt, ...nothingBack() }
}

/** The order as it was when it was placed, whatever has come of it. */
export const asPlaced = (order: Order): Order => ({ ...order, ...nothingBack() })

const unitsOf = ({ lines }: Pick<Order, 'lines'>): number => lines.reduce((sum, { quantity }) => sum + quantity, 0)
const returnedUnits = ({ returned }: Order): number => Object.values(returned).reduce((sum, units) => sum + units, 0)

export const summaryOf = (order: Order): OrderSummary => ({
  id: order.id,
  placed_at: order.placed_at,
  state: order.state,
  units: unitsOf(order),
  discount_minor: order.discount_minor,
  total_minor: order.total_minor,
  refund_minor: order.given_back.refund_minor,
})

type Refund = Pick<Returned, 'refund_minor' | 'cashback_minor' | 'bonus_minor'>

const sum = (a: Refund, b: Refund): Refund => ({
  refund_minor: a.refund_minor + b.refund_minor,
  cashback_minor: a.cashback_minor + b.cashback_minor,
  bonus_minor: a.bonus_minor + b.bonus_minor,
})

/** The order after its cancellation. */
export const withCancellation = (order: Order, cancelled: Refund): Order => ({
  ...order,
  state: 'cancelled',
  given_back: sum(order.given_back, cancelled),
})

/** The order after a return; of several, the same in whatever order they are folded. */
export function withReturn(order: Order, { lines, ...refund }: Pick<Returned, 'lines'> & Refund): Order {
  const units = new Map(Object.entries(order.returned))
  for (const { line_id, quantity } of lines) units.set(line_id, (units.get(line_id) ?? 0) + quantity)
  const returned = Object.fromEntries([...units].sort(([a], [b]) => (a < b ? -1 : 1)))
  const after = { ...order, returned, given_back: sum(order.given_back, refund) }
  if (order.state === 'cancelled') return after
  return { ...after, state: returnedUnits(after) < unitsOf(after) ? 'partly_returned' : 'returned' }
}

/** What one promotion's limits get back. */
export type Release = Returned['releases'][number]

/** What a cancellation gives back: everything. Only for an order of which nothing has come back. */
export function cancellationOf(order: Order): Omit<Cancelled, 'order_id' | 'customer_id'> {
  const releases = order.promos.flatMap((promo, i): Release[] =>
    promo.redeemed ? [{ promo: i, uses: 1, budget_minor: budgetOf(promo) }] : [],
  )
  return {
    refund_minor: order.total_minor,
    cashback_minor: order.cashback_minor,
    bonus_minor: order.bonus_minor,
    releases,
  }
}

/** What a promo took of its budget. */
export const budgetOf = (promo: Placed['promos'][number]): number =>
  promo.discount_minor + promo.delivery_discount_minor + promo.cashback_minor + promo.bonus_minor

/** Units of one line that are to come back. */
export type Back = { line_id: string; quantity: number }

/** Why units cannot come back: their line is not there, or has not so many left. */
export type Refused = { index: number; reason: 'unknown_line' | 'too_many'; left: number }

/**
 * What a return gives back: for each unit what was recorded, to budgets what the promotions gave to them, and with the
 * last unit the uses too. Delivery has taken place and is not given back.
 */
export function returnOf(
  order: Order,
  back: readonly Back[],
): { ok: true; data: Pick<Returned, 'lines' | 'releases'> & Refund } | { ok: false; refused: Refused[] } {
  const byId = new Map(order.lines.map((line) => [line.id, line]))
  const refused: Refused[] = []
  const lines: Returned['lines'] = []
  const budgets = new Map<number, number>()
  const give = (promo: number, minor: number): void => void budgets.set(promo, (budgets.get(promo) ?? 0) + minor)
  for (const [index, { line_id, quantity }] of back.entries()) {
    const line = byId.get(line_id)
    const before = Object.hasOwn(order.returned, line_id) ? (order.returned[line_id] ?? 0) : 0
    const left = line ? line.quantity - before : 0
    if (!line || quantity > left) {
      refused.push({ index, reason: line ? 'too_many' : 'unknown_line', left })
      continue
    }
    const { refund_minor, cashback_minor, bonus_minor, gave } = worthOf(line, before, quantity)
    lines.push({ line_id, quantity, refund_minor, cashback_minor, bonus_minor })
    for (const [promo, minor] of Object.entries(gave)) give(Number(promo), minor)
  }
  if (refused.length > 0) return { ok: false, refused }
  const refund = lines.reduce<Refund>(sum, { refund_minor: 0, cashback_minor: 0, bonus_minor: 0 })
  const all = withReturn(order, { lines, ...refund }).state === 'returned'
  const releases = order.promos.flatMap((promo, i): Release[] => {
    const budget_minor = budgets.get(i) ?? 0
    return promo.redeemed && (all || budget_minor > 0) ? [{ promo: i, uses: all ? 1 : 0, budget_minor }] : []
  })
  return { ok: true, data: { lines, ...refund, releases } }
}

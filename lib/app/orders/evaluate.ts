// What an order comes to right now, as POST /checkout reckons it, with the counters that placing it will take from.
import type { Item } from '../../ports/table.ts'
import type { Order as PricedOrder } from '../../promos/order.ts'
import type { Product } from '../../shop/product.ts'
import { type Applied, applyPromos, type Engine } from '../checkout/apply-promos.ts'
import type { Cart } from '../checkout/cart.ts'
import { type Loaded, staleFaults } from '../checkout/faults.ts'
import { pricedOrder } from '../checkout/priced-order.ts'
import type { Deps } from '../deps.ts'
import { notFound } from '../not-found.ts'
import { type OrderStats, orderStatsOf } from './order-events.ts'

export type OrderDeps = Pick<Deps, 'table' | 'objects' | 'clock' | 'settings'>

/** A cart of somebody whom the shop knows. */
export type OrderCart = Cart & { customer_id: string }

export type Evaluation = Applied & {
  order: PricedOrder
  /** Of each line, in their order. */
  products: readonly Product[]
  /** Orders of the customer before this one. */
  before: OrderStats
  /** Milliseconds since the epoch. */
  nowMs: number
}

export type EvaluateOptions = {
  tester: boolean
  engine: Engine
  /** What is remembered of limits is read again. */
  afresh: boolean
}

/** A cart, what the table has under `keysOf(cart)`, and the promotions in force. */
export type Gathered = { cart: OrderCart; items: readonly (Item | undefined)[]; loaded: Loaded }

/**
 * Evaluates the cart. Promotions fail open: whatever goes wrong in them, the allocation has list prices and
 * `promos_failed`.
 * @throws KramError not_found `unknown_customer`, `unknown_product`; invalid `unknown_delivery`; what the table throws
 */
export async function evaluateOrder(
  deps: OrderDeps,
  { cart, items, loaded }: Gathered,
  { tester, engine, afresh }: EvaluateOptions,
): Promise<Evaluation> {
  const { table, clock, settings } = deps
  const nowMs = clock.now()
  const [profile, stats] = items.slice(-2)
  if (!profile) throw notFound('customer', cart.customer_id)
  const { order: priced, products, customer } = pricedOrder(cart, items, settings)
  // Of a profile that cannot be read nothing counts but whose it is: limits of one customer hold all the same.
  const order = { ...priced, customer: priced.customer ?? { id: cart.customer_id } }
  const options = { tester, audience: 'customer' } as const
  const applied = await applyPromos(table, { order, nowMs, loaded, engine, options, afresh })
  return {
    ...applied,
    faults: [
      ...staleFaults(loaded),
      ...(customer ? [{ kind: 'customer' as const, code: customer }] : []),
      ...applied.faults,
    ],
    order,
    products,
    before: orderStatsOf(stats),
    nowMs,
  }
}

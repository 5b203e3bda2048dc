// order_placed, order_cancelled, order_returned -> the order, its line in the customer's document, what it took of
// limits. Whoever places an order writes the same in the order's own write, so that the event finds it done; after a
// rebuild the events alone have made it.

import type { KramEvent } from '../../../events/catalog.ts'
import { assert } from '../../base/assert.ts'
import type { Instant } from '../../base/time.ts'
import type { Item, Table, WriteOp } from '../../ports/table.ts'
import {
  budgetOf,
  type Order,
  orderOf,
  placedOrder,
  summaryOf,
  withCancellation,
  withReturn,
} from '../../shop/order.ts'
import { projection, type Rule } from '../handle.ts'
import { keys } from '../keys.ts'
import { notYet } from '../not-found.ts'
import { shardKey, unbounded } from './meters.ts'
import { recordedRedemption } from './usage.ts'

export const orderHandlers = {
  placed: 'on-order-placed',
  cancelled: 'on-order-cancelled',
  returned: 'on-order-returned',
} as const

/** The stored order with what only we read of it. */
export type StoredOrder = { order: Order; requestHash: string; revision: string }

export async function readOrder(table: Table, orderId: string): Promise<StoredOrder | undefined> {
  const [item] = await table.get([keys.order(orderId)])
  return item && storedOrderOf(item)
}

export const storedOrderOf = (item: Item): StoredOrder => ({
  order: orderOf(item),
  requestHash: String(item.request_hash),
  revision: String(item.revision),
})

/** Names an order's whole state, for conditions of writes. */
const revisionOf = ({ state, given_back, returned }: Order): string =>
  `${state} ${given_back.refund_minor} ${Object.values(returned).reduce((sum, units) => sum + units, 0)}`

function orderOps(order: Order, requestHash: string, before: string | undefined): WriteOp[] {
  const item = { ...order, request_hash: requestHash, revision: revisionOf(order), ...keys.order(order.id) }
  const summary = { ...summaryOf(order), ...keys.orderSummary(order.customer_id, order.placed_at, order.id) }
  return [
    {
      op: 'put',
      item,
      if: before === undefined ? { exists: false } : { attribute: 'revision', op: 'eq', value: before },
    },
    { op: 'put', item: summary },
  ]
}

type Amounts = readonly { promo: number; uses: number; budget_minor: number }[]

/**
 * What an order's redemptions add to their counters, unbounded: an event tells what was agreed. `given` back is what was
 * taken, to the shard that it was taken from. What was taken is all counted in the first shard, which also says (`last`)
 * that others may get something back: whoever takes next brings the shards under the limits again.
 */
function countOps(order: Order, amounts: Amounts, { given }: { given: boolean }): WriteOp[] {
  return amounts.flatMap(({ promo: at, ...amount }): WriteOp[] => {
    const promo = order.promos[at]
    if (!promo?.redeemed) return []
    const { redeemed } = promo
    const meters = recordedRedemption({ id: promo.id, redeemed }, order.customer_id, amount)
    const shards = { promo: redeemed.shard, customer: 0, code: redeemed.code_shard ?? 0 }
    return (['promo', 'customer', 'code'] as const).flatMap((name): WriteOp[] => {
      const meter = meters[name]
      const shard = shards[name]
      if (!meter || Object.keys(meter.add).length === 0) return []
      if (given) return [{ op: 'count', key: shardKey(meter, shard), add: meter.add }]
      if (meter.single) return [{ op: 'count', key: shardKey(meter, 0), add: meter.add }]
      const set = { parts: unbounded }
      return [{ op: 'count', key: shardKey(meter, 0), add: { ...meter.add, last: shard }, set }]
    })
  })
}

/** What a customer has ordered so far, as first_order and its like ask. */
export type OrderStats = {
  placed: number
  lastAt?: Instant
  /** Orders placed and orders cancelled: names the state, for conditions of writes. */
  changes: number
}

export const orderStatsOf = (item: Item | undefined): OrderStats => ({
  placed: Number(item?.placed ?? 0),
  changes: Number(item?.changes ?? 0),
  ...(typeof item?.last_at === 'string' && { lastAt: item.last_at }),
})

async function readStats(table: Table, customerId: string): Promise<OrderStats> {
  const [item] = await table.get([keys.orderStats(customerId)])
  return orderStatsOf(item)
}

// Written only where nothing has changed since it was read: what a promotion for the first order was told still holds.
const statsOp = (customerId: string, before: OrderStats, after: Omit<OrderStats, 'changes'>): WriteOp => ({
  op: 'put',
  item: {
    placed: after.placed,
    changes: before.changes + 1,
    ...(after.lastAt !== undefined && { last_at: after.lastAt }),
    ...keys.orderStats(customerId),
  },
  if: { attribute: 'changes', op: 'eq', value: before.changes, ...(before.changes === 0 && { orAbsent: true }) },
})

/** What an order's placing writes, beside the counters of its promotions' limits. */
export const placedOps = ({ data, time }: KramEvent<'order_placed'>, before: OrderStats): WriteOp[] => [
  ...orderOps(placedOrder(data, time), data.request_hash, undefined),
  statsOp(data.customer_id, before, {
    placed: before.placed + 1,
    lastAt: before.lastAt !== undefined && before.lastAt > time ? before.lastAt : time,
  }),
]

const orderPlacedRule: Rule<'order_placed'> = {
  handler: orderHandlers.placed,
  type: 'order_placed',
  async fold(table, event) {
    const before = await readStats(table, event.data.customer_id)
    const order = placedOrder(event.data, event.time)
    const redeemed = order.promos.flatMap((promo, i) =>
      promo.redeemed ? [{ promo: i, uses: 1, budget_minor: budgetOf(promo) }] : [],
    )
    return { ops: [...placedOps(event, before), ...countOps(order, redeemed, { given: false })] }
  },
}

type Releases = KramEvent<'order_returned'>['data']['releases']

const given = (releases: Releases) =>
  releases.map(({ promo, uses, budget_minor }) => ({ promo, uses: 0 - uses, budget_minor: 0 - budget_minor }))

const storedFor = async (
  table: Table,
  event: KramEvent<'order_cancelled' | 'order_returned'>,
): Promise<StoredOrder> => {
  const stored = await readOrder(table, event.data.order_id)
  if (!stored) throw notYet('order', event.data.order_id, event)
  return stored
}

const orderCancelledRule: Rule<'order_cancelled'> = {
  handler: orderHandlers.cancelled,
  type: 'order_cancelled',
  async fold(table, event) {
    const [stored, before] = await Promise.all([storedFor(table, event), readStats(table, event.data.customer_id)])
    return { ops: cancelledOps(stored, before, event) }
  },
}

export const cancelledOps = (
  stored: StoredOrder,
  before: OrderStats,
  { data }: KramEvent<'order_cancelled'>,
): WriteOp[] => [
  ...orderOps(withCancellation(stored.order, data), stored.requestHash, stored.revision),
  statsOp(data.customer_id, before, { ...before, placed: before.placed - 1 }),
  ...countOps(stored.order, given(data.releases), { given: true }),
]

const orderReturnedRule: Rule<'order_returned'> = {
  handler: orderHandlers.returned,
  type: 'order_returned',
  async fold(table, event) {
    return { ops: returnedOps(await storedFor(table, event), event) }
  },
}

export function returnedOps(stored: StoredOrder, { data, time }: KramEvent<'order_returned'>): WriteOp[] {
  const { order_id, return_id, customer_id, ...returned } = data
  assert(stored.order.customer_id === customer_id, 'an order has one customer')
  return [
    ...orderOps(withReturn(stored.order, returned), stored.requestHash, stored.revision),
    { op: 'put', item: { ...returned, returned_at: time, ...keys.orderReturn(order_id, return_id) } },
    ...countOps(stored.order, given(returned.releases), { given: true }),
  ]
}

export const storeOrder = projection(orderPlacedRule)
export const storeCancellation = projection(orderCancelledRule)
export const storeReturn = projection(orderReturnedRule)

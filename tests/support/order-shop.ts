// A shop in which orders are placed: goods and customers in the table, promotions handed over as a compiled set.
import type { KramEvent } from '../../events/catalog.ts'
import type { Engine } from '../../lib/app/checkout/apply-promos.ts'
import type { OrderDeps } from '../../lib/app/orders/evaluate.ts'
import { shardOfItem } from '../../lib/app/orders/meters.ts'
import { type PlacedAnswer, type PlaceRequest, placeOrder } from '../../lib/app/orders/place-order.ts'
import { recordEvents } from '../../lib/app/record-events.ts'
import { KramError } from '../../lib/base/errors.ts'
import type { JsonObject } from '../../lib/base/json.ts'
import type { Table } from '../../lib/ports/table.ts'
import { allocate } from '../../lib/promos/allocate.ts'
import type { Allocation } from '../../lib/promos/allocation.ts'
import { compilePromos } from '../../lib/promos/promo-set.ts'
import { customer, product } from './events.ts'
import { createTestShop, type TestShop } from './test-shop.ts'

export type OrderShop = TestShop & OrderDeps

const noObjects = {
  get: () => Promise.reject(new KramError('unavailable', 'no_objects', 'The tests hand the set over.')),
} as unknown as OrderDeps['objects']

/** An engine that holds these promos, live. */
export function engineOf(promos: { [id: string]: JsonObject }, number = 1): Engine {
  const configs = Object.entries(promos).map(([id, config]) => ({ id, state: 'live', ...config }))
  const set = compilePromos(configs, { settings: { timeZone: 'Europe/Kyiv' }, number })
  if (set.leftOut.length > 0) throw new Error(JSON.stringify(set.leftOut))
  return { live: { current: async () => ({ set }) }, allocate }
}

export const noPromos = engineOf({})

/** With product p1 at 10.00 and customer c1, and what else is given. */
export const createOrderShop = (...events: KramEvent[]): Promise<OrderShop> =>
  openOrderShop({ ...createTestShop(), objects: noObjects }, events)

/** The same over another table. */
export const createOrderShopOn = (table: Table, ...events: KramEvent[]): Promise<OrderShop> =>
  openOrderShop({ ...createTestShop(), objects: noObjects, table }, events)

async function openOrderShop(shop: OrderShop, events: KramEvent[]): Promise<OrderShop> {
  await record(shop, [product('p', { price: 10 }), customer('c'), ...events])
  return shop
}

export async function record(shop: TestShop, events: KramEvent[]): Promise<void> {
  const { rejected } = await recordEvents(shop, events, { via: 'table' })
  if (rejected[0]) throw new Error(rejected[0].message)
}

type Asked = Partial<Omit<PlaceRequest, 'cart'>> &
  Partial<Omit<PlaceRequest['cart'], 'lines'>> & { lines: { [product: string]: number } }

/** Without an expected total, any will do. */
export const request = ({ lines, customer_id = 'c1', orderId = 'o1', ...more }: Asked): PlaceRequest => {
  const { delivery, payment, codes, channel, ...rest } = more
  return {
    orderId,
    cart: {
      customer_id,
      lines: Object.entries(lines).map(([product_id, quantity]) => ({ product_id, quantity })),
      ...(delivery && { delivery }),
      ...(payment && { payment }),
      ...(codes && { codes }),
      ...(channel !== undefined && { channel }),
    },
    expectedTotalMinor: Number.MAX_SAFE_INTEGER,
    tester: false,
    correlationId: `request-${orderId}`,
    ...rest,
  }
}

export type Outcome = PlacedAnswer | { code: string; allocation?: Allocation }

/** The order that was placed; throws where it was refused. */
export function orderOf(outcome: Outcome): PlacedAnswer['order'] {
  if (!('order' in outcome)) throw new Error(`refused: ${outcome.code}`)
  return outcome.order
}

/** Places an order; a refusal is answered, not thrown. */
export async function place(shop: OrderDeps, engine: Engine, asked: Asked): Promise<Outcome> {
  try {
    return await placeOrder(shop, request(asked), engine)
  } catch (error) {
    if (!(error instanceof KramError)) throw error
    const { allocation } = error.detail as { allocation?: Allocation }
    return { code: error.code, ...(allocation && { allocation }) }
  }
}

/** What all shards of a counter hold together. */
export async function countersOf(table: Table, counter: string): Promise<{ [name: string]: number }> {
  const sums: { [name: string]: number } = {}
  for await (const item of table.scan({ prefix: counter })) {
    const { counter: its, amounts } = shardOfItem(item)
    if (its !== counter) continue
    for (const [name, value] of Object.entries(amounts)) sums[name] = (sums[name] ?? 0) + value
  }
  return sums
}

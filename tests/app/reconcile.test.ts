// The table's parts agree with each other after orders, cancellations and returns; and a planted fault is found.
import { expect, test } from 'vitest'
import { countStock } from '../../functions/count-stock.ts'
import { keys } from '../../lib/app/keys.ts'
import { cancelOrder, returnUnits } from '../../lib/app/orders/change-order.ts'
import { relayOutbox } from '../../lib/app/outbox.ts'
import { countOrders } from '../../lib/app/promos/count-orders.ts'
import { reconcile } from '../../lib/app/reconcile.ts'
import type { WriteOp } from '../../lib/ports/table.ts'
import { purchase } from '../support/events.ts'
import { createOrderShop, engineOf, type OrderShop, place } from '../support/order-shop.ts'
import { itemsOf, projections } from '../support/test-shop.ts'

const promos = engineOf({
  ten: { actions: [{ type: 'percent_off', value: 10 }], codes: ['TEN'], limits: { uses: 2_000, customer_uses: 50 } },
  back: { actions: [{ type: 'cashback', value: 5 }], limits: { budget: 100_000 } },
})
const chain = { correlationId: 'r' }

/** Everything that the outbox holds is handled. */
async function deliver(shop: OrderShop): Promise<void> {
  await relayOutbox(shop, await itemsOf(shop.table, 'outbox#'))
  for (const event of shop.bus.events) {
    for (const { type, handle } of projections) if (type === event.type) await handle(shop, event, {})
    if (event.type.startsWith('order_')) await countOrders(shop, event, {})
  }
}

async function busyShop(): Promise<OrderShop> {
  const shop = await createOrderShop()
  for (let n = 0; n < 12; n++) {
    await place(shop, promos, { lines: { p1: 1 + (n % 4) }, orderId: `o${n}`, ...(n % 2 === 0 && { codes: ['TEN'] }) })
  }
  await cancelOrder(shop, { orderId: 'o2', ...chain })
  await returnUnits(shop, { orderId: 'o3', returnId: 'r1', lines: [{ line_id: 'p1', quantity: 2 }], ...chain })
  await returnUnits(shop, { orderId: 'o4', returnId: 'r2', lines: [{ line_id: 'p1', quantity: 1 }], ...chain })
  await deliver(shop)
  return shop
}

test('after orders, a cancellation and returns there is no difference', async () => {
  const shop = await busyShop()
  expect(await reconcile(shop.table, shop.settings)).toEqual({
    orders: 12,
    purchases: 12,
    counters: expect.any(Number),
    products: 1,
    statistics: expect.any(Number),
    discarded: 0,
    waiting: expect.any(Number),
    disagreement_count: 0,
    disagreements: [],
  })
  const { counters, statistics } = await reconcile(shop.table, shop.settings)
  expect([counters, statistics].map((count) => count > 4)).toEqual([true, true])
})

test('events that are still on their way are named', async () => {
  const shop = await createOrderShop()
  await place(shop, promos, { lines: { p1: 2 }, orderId: 'o1' })
  const { disagreements, waiting } = await reconcile(shop.table, shop.settings)
  expect(waiting).toBe((await itemsOf(shop.table, 'outbox#')).length)
  expect(waiting).toBeGreaterThan(0)
  expect(disagreements).toContainEqual({ what: 'purchase', key: 'o1:p1 quantity', expected: 2, actual: 'missing' })
})

const shard = async (shop: OrderShop, pk: string) => {
  const [item] = await itemsOf(shop.table, pk)
  if (!item) throw new Error(`nothing under ${pk}`)
  return item
}

test.each<[string, (shop: OrderShop) => Promise<WriteOp>, object]>([
  [
    'a use that no order took',
    async (shop) => ({ op: 'count', key: await shard(shop, 'redeemed#ten#code#'), add: { uses: 1 } }),
    { what: 'limit', key: 'redeemed#ten#code#TEN uses', expected: 4, actual: 5 },
  ],
  [
    'an order that is counted twice',
    async () => ({ op: 'count', key: keys.statisticsDay('2022-12-31', 'o1'), add: { orders: 1 } }),
    { what: 'statistics', key: expect.stringMatching(/^statistics#2022-12#\d\/2022-12-31 orders$/) },
  ],
  [
    'what a promotion gave in all time, of which one order is not counted',
    async () => ({ op: 'count', key: keys.statisticsTotals('o1', 'back'), add: { 'redemptions:back': -1 } }),
    { what: 'statistics', key: expect.stringMatching(/^statistics#all#\d\/\d\d redemptions:back$/) },
  ],
  [
    'units that nobody bought',
    async (shop) => ({ op: 'count', key: await shard(shop, 'stock#p1'), add: { units: 3 } }),
    { what: 'stock', key: 'p1', expected: 30, actual: 33 },
  ],
  [
    'a document that does not show an order as it is',
    async (shop) => {
      const summary = (await itemsOf(shop.table, 'customer#c1')).find(
        ({ id, sk }) => id === 'o5' && sk.startsWith('order#'),
      )
      return { op: 'put', item: { ...summary!, total_minor: 1 } }
    },
    { what: 'document', key: 'o5 total_minor', actual: '1' },
  ],
  [
    'an order that is gone',
    async () => ({ op: 'delete', key: { pk: 'order#o7', sk: 'order' } }),
    { what: 'order', key: 'o7', expected: 'as in customer#c1', actual: 'missing' },
  ],
  [
    'a purchase at another price than its order’s',
    async (shop) => {
      const purchase = (await itemsOf(shop.table, 'customer#c1')).find(({ event_id }) => event_id === 'o6:p1')
      return { op: 'put', item: { ...purchase!, price_minor: 999 } }
    },
    { what: 'purchase', key: 'o6:p1 price_minor', expected: 1000, actual: '999' },
  ],
  [
    'a return that the order does not tell of',
    async () => ({ op: 'delete', key: keys.orderReturn('o4', 'r2') }),
    { what: 'return', key: 'o4 units of p1', expected: 0, actual: 1 },
  ],
  [
    'units that came back, of which the order tells more',
    async (shop) => {
      const item = (await itemsOf(shop.table, 'order#o3')).find(({ sk }) => sk === 'order')
      return { op: 'put', item: { ...item!, returned: { p1: 3 } } }
    },
    { what: 'return', key: 'o3 units of p1', expected: 2, actual: 3 },
  ],
  [
    'a cancellation that gave back something else',
    async (shop) => {
      const item = (await itemsOf(shop.table, 'order#o2')).find(({ sk }) => sk === 'order')
      return { op: 'put', item: { ...item!, given_back: { refund_minor: 1, cashback_minor: 0, bonus_minor: 0 } } }
    },
    { what: 'return', key: 'o2 refund_minor', actual: 1 },
  ],
  [
    'an order that cannot be read',
    async () => ({ op: 'put', item: { pk: 'order#o8', sk: 'order', broken: 1 } }),
    { what: 'item', key: 'order#o8/order' },
  ],
])('%s is found', async (_, fault, found) => {
  const shop = await busyShop()
  const { ok } = await shop.table.write([await fault(shop)])
  expect(ok).toBe(true)
  const { disagreements, disagreement_count } = await reconcile(shop.table, shop.settings)
  expect(disagreement_count).toBeGreaterThan(0)
  expect(disagreements).toContainEqual(expect.objectContaining(found))
})

test('a purchase that was discarded as a dead letter is counted, and no difference', async () => {
  const shop = await busyShop()
  const letter = purchase('e9@2022-04-24T13:00:00.000Z', { customer_id: 'nobody', product_id: 'p1', quantity: 4 })
  await countStock(shop, letter, {})
  const discarded = [{ event: letter, subscription: 'on-customer-buys-product' }]
  expect(await reconcile(shop.table, shop.settings)).toMatchObject({ discarded: 0, disagreement_count: 1 })
  expect(await reconcile(shop.table, shop.settings, discarded)).toMatchObject({ discarded: 1, disagreement_count: 0 })
  const both = [...discarded, { event: letter, subscription: 'count-stock' }]
  expect(await reconcile(shop.table, shop.settings, both)).toMatchObject({ discarded: 1, disagreement_count: 0 })
})

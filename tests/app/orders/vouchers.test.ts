// Vouchers that an order's promotions give: granted once, whatever comes twice or in another order, and withdrawn with
// the order.
import { expect, test } from 'vitest'
import type { KramEvent } from '../../../events/catalog.ts'
import { cancelOrder, returnUnits } from '../../../lib/app/orders/change-order.ts'
import { grantVouchers } from '../../../lib/app/orders/grant-vouchers.ts'
import { relayOutbox } from '../../../lib/app/outbox.ts'
import { countOrders } from '../../../lib/app/promos/count-orders.ts'
import { getCustomer } from '../../../lib/app/read-customers.ts'
import { reconcile } from '../../../lib/app/reconcile.ts'
import { createOrderShop, engineOf, type OrderShop, place } from '../../support/order-shop.ts'
import { itemsOf, projections, reactors, stateOf } from '../../support/test-shop.ts'

const coffee = { type: 'voucher', value: 'free coffee', product_type: 'kawa' }
// The others give vouchers of their own.
const subscribers = [...projections, ...reactors.filter(({ name }) => name === 'grant-vouchers')]
const chain = { correlationId: 'r' }

/** Sends and handles until nothing follows any more; answers all events, in the order of their sending. */
async function settle(shop: OrderShop): Promise<KramEvent[]> {
  for (let handled = 0; ; ) {
    await relayOutbox(shop, await itemsOf(shop.table, 'outbox#'))
    const events = shop.bus.events as KramEvent[]
    if (handled === events.length) return events
    for (const event of events.slice(handled)) {
      for (const { type, handle } of subscribers) {
        if (type === event.type) await handle(shop, event, {})
      }
      if (event.type.startsWith('order_')) await countOrders(shop, event, {})
      handled++
    }
  }
}

const vouchers = async (shop: OrderShop) => (await getCustomer(shop, 'c1')).customer.vouchers

async function placed(actions: object[] = [coffee]): Promise<OrderShop> {
  const shop = await createOrderShop()
  const engine = engineOf({ gives: { actions: actions as never } })
  expect(await place(shop, engine, { lines: { p1: 2 } })).toMatchObject({ order: { total_minor: 2_000 } })
  return shop
}

test('a voucher of a promotion is in the customer document once, however often its events come', async () => {
  const shop = await placed([coffee, { type: 'percent_off', value: 0.01 }, { type: 'voucher', value: 'cake' }])
  const events = await settle(shop)
  expect(await vouchers(shop)).toMatchObject([
    { id: 'order#o1#1', kind: 'free coffee', product_type: 'kawa', order_id: 'o1' },
    { id: 'order#o1#2', kind: 'cake', order_id: 'o1' },
  ])
  expect((await vouchers(shop)).some(({ withdrawn }) => withdrawn)).toBe(false)
  const before = await stateOf(shop.table)
  const sent = events.length
  for (const event of [...events, ...events.toReversed()]) {
    for (const { type, handle } of subscribers) {
      if (type === event.type) await handle(shop, structuredClone(event), {})
    }
  }
  expect(await stateOf(shop.table)).toBe(before)
  expect(await settle(shop)).toHaveLength(sent)
})

test('in a replay nothing is granted', async () => {
  const shop = await placed()
  await relayOutbox(shop, await itemsOf(shop.table, 'outbox#'))
  const order = shop.bus.events.find(({ type }) => type === 'order_placed')
  await grantVouchers(shop, order, { replay: true })
  expect(await itemsOf(shop.table, 'outbox#')).toEqual([])
  await grantVouchers(shop, order, {})
  expect(await itemsOf(shop.table, 'outbox#')).toHaveLength(1)
})

test('it is withdrawn with the order, and not before all of it came back', async () => {
  const shop = await placed()
  await settle(shop)
  const back = (returnId: string) =>
    returnUnits(shop, { orderId: 'o1', returnId, lines: [{ line_id: 'p1', quantity: 1 }], ...chain })
  await back('r1')
  expect(await vouchers(shop)).toMatchObject([{ kind: 'free coffee' }])
  expect((await vouchers(shop))[0]).not.toHaveProperty('withdrawn')
  await back('r2')
  expect(await vouchers(shop)).toMatchObject([{ kind: 'free coffee', withdrawn: true }])
})

test('one that is granted after its order was cancelled is withdrawn from the first', async () => {
  const shop = await placed()
  await cancelOrder(shop, { orderId: 'o1', ...chain })
  expect(await vouchers(shop)).toEqual([])
  await settle(shop)
  expect(await vouchers(shop)).toMatchObject([{ id: 'order#o1#1', withdrawn: true }])
  expect((await reconcile(shop.table, shop.settings)).disagreements).toEqual([])
})

test('more vouchers than one write holds are granted, each once', async () => {
  const shop = await createOrderShop()
  const twenty = Array.from({ length: 20 }, (_, i) => ({ type: 'voucher', value: `v${i}` }))
  const engine = engineOf(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`promo-${i}`, { actions: twenty }])))
  await place(shop, engine, { lines: { p1: 1 } })
  await settle(shop)
  expect(await vouchers(shop)).toHaveLength(240)
  expect(shop.bus.events.filter(({ type }) => type === 'voucher_granted')).toHaveLength(240)
  expect((await reconcile(shop.table, shop.settings)).disagreement_count).toBe(0)
})

test('every voucher and gift that a promotion can write is kept', async () => {
  const long = 'ż'.repeat(99).concat(' / ').padEnd(200, 'ó')
  const shop = await placed([
    { type: 'voucher', value: long, product_type: long },
    { type: 'gift', value: long },
  ])
  await settle(shop)
  expect(await vouchers(shop)).toMatchObject([{ kind: long, product_type: long }])
})

test('reconcile names a voucher that is missing', async () => {
  const shop = await placed()
  await settle(shop)
  const [item] = await itemsOf(shop.table, 'customer#c1').then((all) =>
    all.filter(({ sk }) => sk.startsWith('voucher#')),
  )
  if (!item) throw new Error('no voucher was stored')
  await shop.table.write([{ op: 'delete', key: { pk: item.pk, sk: item.sk } }])
  expect((await reconcile(shop.table, shop.settings)).disagreements).toEqual([
    { what: 'voucher', key: 'order#o1#1', expected: 'free coffee', actual: 'missing' },
  ])
})

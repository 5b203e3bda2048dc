// Cancelling orders and taking goods back: once, by what was recorded, and limits are free again.
import { expect, test } from 'vitest'
import { cancelOrder, getOrder, returnUnits } from '../../../lib/app/orders/change-order.ts'
import { sweepOutbox } from '../../../lib/app/outbox.ts'
import { getCustomer } from '../../../lib/app/read-customers.ts'
import type { Table } from '../../../lib/ports/table.ts'
import { countersOf, createOrderShop, engineOf, noPromos, place } from '../../support/order-shop.ts'
import { createTestShop, itemsOf, projections, stateOf } from '../../support/test-shop.ts'

const limited = engineOf({
  ten: { actions: [{ type: 'percent_off', value: 10 }], codes: ['TEN'], limits: { uses: 2, customer_uses: 1 } },
  back: { actions: [{ type: 'cashback', value: 5 }], limits: { budget: 100 } },
})
const chain = { correlationId: 'r' }

test('a cancellation gives everything back: the money, the uses, the budget, being a first order', async () => {
  const shop = await createOrderShop()
  await place(shop, limited, { lines: { p1: 4 }, codes: ['ten'], delivery: { method: 'courier' } })
  expect(await countersOf(shop.table, 'redeemed#ten')).toEqual({ uses: 1, budget_minor: 400 })
  const order = await cancelOrder(shop, { orderId: 'o1', ...chain })
  expect(order).toMatchObject({
    state: 'cancelled',
    total_minor: 5_599,
    given_back: { refund_minor: 5_599, cashback_minor: 180, bonus_minor: 0 },
  })
  expect(await cancelOrder(shop, { orderId: 'o1', ...chain })).toEqual(order)
  for (const pk of ['redeemed#ten', 'redeemed#back']) {
    expect(await countersOf(shop.table, pk)).toEqual({ uses: 0, budget_minor: 0 })
  }
  expect(await countersOf(shop.table, 'redeemed#ten#customer#c1')).toEqual({ uses: 0, 'code:TEN': 0 })
  expect((await getCustomer(shop, 'c1')).customer.orders).toMatchObject([{ state: 'cancelled', refund_minor: 5_599 }])
  const again = await place(shop, limited, { lines: { p1: 1 }, codes: ['TEN'], orderId: 'o2' })
  expect(again).toMatchObject({ order: { total_minor: 900 } })
})

test('cancellations that race are one', async () => {
  const shop = await createOrderShop()
  await place(shop, limited, { lines: { p1: 1 }, codes: ['TEN'] })
  await Promise.all(Array.from({ length: 10 }, () => cancelOrder(shop, { orderId: 'o1', ...chain })))
  expect(await countersOf(shop.table, 'redeemed#ten')).toEqual({ uses: 0, budget_minor: 0 })
  expect(
    (await itemsOf(shop.table, 'outbox#')).filter(
      ({ event }) => (event as { type: string }).type === 'order_cancelled',
    ),
  ).toHaveLength(1)
})

test('units come back by their recorded share; the use comes back with the last of them', async () => {
  const shop = await createOrderShop()
  await place(shop, limited, { lines: { p1: 3 }, codes: ['TEN'] })
  const first = await returnUnits(shop, {
    orderId: 'o1',
    returnId: 'r1',
    lines: [{ line_id: 'p1', quantity: 1 }],
    ...chain,
  })
  expect(first).toMatchObject({
    refund_minor: 900,
    cashback_minor: 45,
    releases: [
      { promo: 0, uses: 0, budget_minor: 45 },
      { promo: 1, uses: 0, budget_minor: 100 },
    ],
  })
  expect(await getOrder(shop, 'o1')).toMatchObject({ state: 'partly_returned', returned: { p1: 1 } })
  expect(await countersOf(shop.table, 'redeemed#ten')).toEqual({ uses: 1, budget_minor: 200 })
  const again = await returnUnits(shop, {
    orderId: 'o1',
    returnId: 'r1',
    lines: [{ line_id: 'p1', quantity: 1 }],
    ...chain,
  })
  expect(again).toEqual(first)
  await returnUnits(shop, { orderId: 'o1', returnId: 'r2', lines: [{ line_id: 'p1', quantity: 2 }], ...chain })
  expect(await getOrder(shop, 'o1')).toMatchObject({
    state: 'returned',
    given_back: { refund_minor: 2_700, cashback_minor: 135 },
  })
  expect(await countersOf(shop.table, 'redeemed#ten')).toEqual({ uses: 0, budget_minor: 0 })
})

test('what cannot be changed says why', async () => {
  const shop = await createOrderShop()
  await place(shop, noPromos, { lines: { p1: 2 } })
  const back = (orderId: string, returnId: string, quantity: number, line_id = 'p1') =>
    returnUnits(shop, { orderId, returnId, lines: [{ line_id, quantity }], ...chain })
  await expect(cancelOrder(shop, { orderId: 'none', ...chain })).rejects.toMatchObject({ code: 'unknown_order' })
  await expect(cancelOrder(shop, { orderId: 'o1', customerId: 'other', ...chain })).rejects.toMatchObject({
    code: 'unknown_order',
  })
  await expect(back('o1', 'r1', 3)).rejects.toMatchObject({
    code: 'invalid_return',
    detail: { issues: [{ pointer: '/lines/0/quantity' }] },
  })
  await expect(back('o1', 'r1', 1, 'other')).rejects.toMatchObject({
    detail: { issues: [{ pointer: '/lines/0/line_id' }] },
  })
  await back('o1', 'r1', 1)
  await expect(back('o1', 'r1', 2)).rejects.toMatchObject({ code: 'conflict' })
  await expect(cancelOrder(shop, { orderId: 'o1', ...chain })).rejects.toMatchObject({ code: 'order_has_returns' })
  await place(shop, noPromos, { lines: { p1: 2 }, orderId: 'o2' })
  await cancelOrder(shop, { orderId: 'o2', ...chain })
  await expect(back('o2', 'r2', 1)).rejects.toMatchObject({ code: 'order_cancelled' })
})

test('returns that race never take back more than was bought', async () => {
  const shop = await createOrderShop()
  await place(shop, noPromos, { lines: { p1: 5 } })
  const results = await Promise.allSettled(
    Array.from({ length: 12 }, (_, i) =>
      returnUnits(shop, { orderId: 'o1', returnId: `r${i}`, lines: [{ line_id: 'p1', quantity: 1 }], ...chain }),
    ),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
  expect(await getOrder(shop, 'o1')).toMatchObject({ state: 'returned', given_back: { refund_minor: 5_000 } })
})

/** Of limits the sums: which shard holds what is the moment's business. */
async function pictureOf({ table }: { table: Table }) {
  const lines = (await stateOf(table)).split('\n').filter((line) => !line.includes('"pk":"redeemed#'))
  const counters = ['redeemed#ten', 'redeemed#ten#customer#c1', 'redeemed#ten#code#TEN', 'redeemed#back']
  return [lines, await Promise.all(counters.map((counter) => countersOf(table, counter)))]
}

test('from the log alone the orders come out byte for byte, in whatever order the events come that can', async () => {
  const shop = await createOrderShop()
  await place(shop, limited, { lines: { p1: 4 }, codes: ['TEN'], orderId: 'a' })
  shop.clock.nowMs += 1_000
  await place(shop, limited, { lines: { p1: 2 }, orderId: 'b' })
  shop.clock.nowMs += 1_000
  await returnUnits(shop, { orderId: 'a', returnId: 'r1', lines: [{ line_id: 'p1', quantity: 1 }], ...chain })
  await returnUnits(shop, { orderId: 'a', returnId: 'r2', lines: [{ line_id: 'p1', quantity: 2 }], ...chain })
  await cancelOrder(shop, { orderId: 'b', ...chain })
  shop.clock.nowMs += 61_000
  await sweepOutbox(shop)
  const log = shop.bus.events
  const deliver = async (to: typeof shop | ReturnType<typeof createTestShop>, events: typeof log) => {
    for (const event of events) {
      for (const { type, handle } of projections) {
        if (type === event.type) await handle(to, event, { replay: true })
      }
    }
  }
  await deliver(shop, log)
  const rank = ['new_customer', 'new_product', 'order_placed', 'customer_buys_product']
  const placeOf = ({ type }: { type: string }) => (rank.includes(type) ? rank.indexOf(type) : rank.length)
  const inOrder = log.toSorted((a, b) => placeOf(a) - placeOf(b))
  for (const events of [inOrder, log.toReversed().sort((a, b) => placeOf(a) - placeOf(b))]) {
    const fresh = createTestShop({ now: '2023-01-01T00:00:00.000Z' })
    await deliver(fresh, events)
    await deliver(fresh, events)
    expect(await pictureOf(fresh)).toEqual(await pictureOf(shop))
  }
})

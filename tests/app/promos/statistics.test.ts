// What the charts of the admin page are drawn from: counted once for each event, in whatever order and however often
// events come, net of what is cancelled and returned.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KramEvent } from '../../../events/catalog.ts'
import { cancelOrder, returnUnits } from '../../../lib/app/orders/change-order.ts'
import { countOrders, shopDay } from '../../../lib/app/promos/count-orders.ts'
import { promoStatistics, promoTotals } from '../../../lib/app/promos/read-statistics.ts'
import type { Table } from '../../../lib/ports/table.ts'
import type { StatisticsDay } from '../../../lib/shop/admin-types.ts'
import { createOrderShop, engineOf, type OrderShop, place } from '../../support/order-shop.ts'
import { createTestShop, itemsOf, projections } from '../../support/test-shop.ts'

const engine = engineOf({
  ten: { actions: [{ type: 'percent_off', value: 10 }] },
  'back:more': { actions: [{ type: 'cashback', value: 5 }], order_filters: [{ type: 'promo_code', value: 'BACK' }] },
  ship: { actions: [{ type: 'free_delivery' }], order_filters: [{ type: 'total_quantity', value: 3 }] },
})

const isOrders = (event: KramEvent): boolean => event.type.startsWith('order_')

/** The events of orders that wait in the outbox, as the bus will have them. */
const told = async (table: Table): Promise<KramEvent[]> =>
  (await itemsOf(table, 'outbox#')).map(({ event }) => event as unknown as KramEvent).filter(isOrders)

const statistics = (shop: Pick<OrderShop, 'table' | 'settings'>) =>
  promoStatistics(shop, { from: '2022-12-30', to: '2023-01-02' })

const happened = ({ days }: { days: StatisticsDay[] }) => days.filter(({ orders, cancelled }) => orders + cancelled > 0)

/** Later than all events. */
const otherShop = () => createTestShop({ now: '2023-01-03T00:00:00.000Z' })

async function shopWithOrders(): Promise<OrderShop> {
  const shop = await createOrderShop()
  await place(shop, engine, { lines: { p1: 3 }, delivery: { method: 'courier' }, orderId: 'o1' })
  await place(shop, engine, { lines: { p1: 1 }, codes: ['back'], orderId: 'o2' })
  // Kyiv is two hours ahead: there the new year has begun.
  shop.clock.nowMs = Date.parse('2022-12-31T22:00:00.000Z')
  await place(shop, engine, { lines: { p1: 2 }, orderId: 'o3' })
  return shop
}

test('says for every day what was ordered, and what each promotion gave', async () => {
  const shop = await shopWithOrders()
  for (const event of await told(shop.table)) await countOrders(shop, event, {})
  const { days, ...rest } = await statistics(shop)
  expect(rest).toEqual({ from: '2022-12-30', to: '2023-01-02', time_zone: 'Europe/Kyiv', currency: 'PLN' })
  const nothing = { orders: 0, cancelled: 0, paid_minor: 0, discount_minor: 0, credit_minor: 0, promos: [] }
  expect(days).toEqual([
    { day: '2022-12-30', ...nothing },
    {
      day: '2022-12-31',
      ...{ orders: 2, cancelled: 0, paid_minor: 3_600, discount_minor: 400 + 1_999, credit_minor: 45 },
      promos: [
        { promo: 'back:more', redemptions: 1, discount_minor: 0, credit_minor: 45 },
        { promo: 'ship', redemptions: 1, discount_minor: 1_999, credit_minor: 0 },
        { promo: 'ten', redemptions: 2, discount_minor: 400, credit_minor: 0 },
      ],
    },
    {
      day: '2023-01-01',
      ...{ orders: 1, cancelled: 0, paid_minor: 1_800, discount_minor: 200, credit_minor: 0 },
      promos: [{ promo: 'ten', redemptions: 1, discount_minor: 200, credit_minor: 0 }],
    },
    { day: '2023-01-02', ...nothing },
  ])
  expect((await promoTotals(shop.table)).get('ten')).toEqual({ redemptions: 3, discount_minor: 600, credit_minor: 0 })
})

test('what is cancelled later leaves the day of its order, and what comes back takes its share along', async () => {
  const shop = await shopWithOrders()
  shop.clock.nowMs = Date.parse('2023-01-02T12:00:00.000Z')
  await cancelOrder(shop, { orderId: 'o2', correlationId: 'r' })
  await returnUnits(shop, {
    ...{ orderId: 'o3', returnId: 'r1', correlationId: 'r' },
    lines: [{ line_id: 'p1', quantity: 1 }],
  })
  for (const event of await told(shop.table)) await countOrders(shop, event, {})
  expect(happened(await statistics(shop))).toMatchObject([
    { day: '2022-12-31', orders: 1, cancelled: 1, paid_minor: 2_700, credit_minor: 0 },
    { day: '2023-01-01', orders: 1, paid_minor: 900, promos: [{ promo: 'ten', redemptions: 1, discount_minor: 100 }] },
  ])
  expect((await promoTotals(shop.table)).get('back:more')).toEqual({
    redemptions: 0,
    discount_minor: 0,
    credit_minor: 0,
  })
})

test('an order that came back whole leaves nothing of its discounts, whatever came back first', async () => {
  const shop = await createOrderShop()
  await place(shop, engine, { lines: { p1: 7 }, codes: ['back'], orderId: 'o1' })
  for (const [i, quantity] of [3, 1, 2, 1].entries()) {
    const lines = [{ line_id: 'p1', quantity }]
    await returnUnits(shop, { orderId: 'o1', returnId: `r${i}`, lines, correlationId: 'r' })
  }
  for (const event of await told(shop.table)) await countOrders(shop, event, {})
  const [day] = happened(await statistics(shop))
  expect(day).toMatchObject({ orders: 1, paid_minor: 0, discount_minor: 0, credit_minor: 0 })
})

test('whatever the order of events, their repetitions and those that come at once: the same', async () => {
  const shop = await shopWithOrders()
  await cancelOrder(shop, { orderId: 'o2', correlationId: 'r' })
  for (const [i, quantity] of [1, 1, 1].entries()) {
    const lines = [{ line_id: 'p1', quantity }]
    await returnUnits(shop, { orderId: 'o1', returnId: `r${i}`, lines, correlationId: 'r' })
  }
  const events = await told(shop.table)
  for (const event of events) await countOrders(shop, event, {})
  const expected = await statistics(shop)
  const orders = await itemsOf(shop.table, 'order#')
  const counted = await itemsOf(shop.table, 'statistics#')
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
      fc.boolean(),
      async (shuffled, atOnce) => {
        const other = otherShop()
        for (const item of orders) await other.table.write([{ op: 'put', item }])
        const apply = (event: KramEvent) => countOrders(other, event, { replay: true })
        if (atOnce) await Promise.all(shuffled.map(apply))
        else for (const event of shuffled) await apply(event)
        expect(await statistics(other)).toEqual(expected)
        expect(await itemsOf(other.table, 'statistics#')).toEqual(counted)
      },
    ),
    { numRuns: 20, seed: 20_221_231 },
  )
})

test('a cancellation that comes before its order waits for it', async () => {
  const shop = await shopWithOrders()
  await cancelOrder(shop, { orderId: 'o1', correlationId: 'r' })
  const [cancellation] = (await told(shop.table)).filter(({ type }) => type === 'order_cancelled')
  await expect(countOrders(otherShop(), cancellation, {})).rejects.toMatchObject({
    code: 'unknown_order',
    detail: { retryable: true },
  })
})

test('an event of another kind is refused', async () => {
  await expect(countOrders(createTestShop(), { type: 'new_customer' }, {})).rejects.toMatchObject({
    code: 'wrong_event_type',
  })
})

test('the events of orders alone make the same items again', async () => {
  const shop = await shopWithOrders()
  await cancelOrder(shop, { orderId: 'o3', correlationId: 'r' })
  const events = await told(shop.table)
  for (const event of events) await countOrders(shop, event, {})
  const fresh = otherShop()
  const inOrder = events.toSorted((a, b) => (a.type === 'order_placed' ? -1 : 1) - (b.type === 'order_placed' ? -1 : 1))
  for (const event of inOrder) {
    for (const { type, handle } of projections) if (type === event.type) await handle(fresh, event, { replay: true })
    await countOrders(fresh, event, { replay: true })
  }
  expect(await itemsOf(fresh.table, 'statistics#')).toEqual(await itemsOf(shop.table, 'statistics#'))
})

test('an order under very many promotions is counted in one write', async () => {
  const promos = Object.fromEntries(
    Array.from({ length: 300 }, (_, i) => [`p${i}`, { actions: [{ type: 'fixed_off', value: 0.01 }] }]),
  )
  const shop = await createOrderShop()
  await place(shop, engineOf(promos), { lines: { p1: 1 }, orderId: 'o1' })
  for (const event of await told(shop.table)) await countOrders(shop, event, {})
  const [day] = happened(await statistics(shop))
  expect(day?.promos).toHaveLength(300)
  expect(day?.discount_minor).toBe(300)
})

test.each([
  ['2022-12-31', '2022-12-30'],
  ['2022-01-01', '2022-04-03'],
])('a range from %s to %s is refused', async (from, to) => {
  await expect(promoStatistics(createTestShop(), { from, to })).rejects.toMatchObject({ code: 'time_range' })
})

test('a quarter of a year is answered, over the ends of months and years', async () => {
  const { days } = await promoStatistics(createTestShop(), { from: '2022-12-01', to: '2023-03-02' })
  expect(days).toHaveLength(92)
  expect([days[0]?.day, days[31]?.day, days[91]?.day]).toEqual(['2022-12-01', '2023-01-01', '2023-03-02'])
})

test.each([
  ['2022-12-31T21:59:59.999Z', '2022-12-31'],
  ['2022-12-31T22:00:00.000Z', '2023-01-01'],
  // Summer time: three hours ahead.
  ['2022-06-30T21:00:00.000Z', '2022-07-01'],
])('%s is %s in the shop', (instant, day) => {
  expect(shopDay(instant, 'Europe/Kyiv')).toBe(day)
})

// Placing an order: once, at what the customer was shown or less, and never past a limit.
import { expect, test } from 'vitest'
import { sweepOutbox } from '../../../lib/app/outbox.ts'
import { getCustomer } from '../../../lib/app/read-customers.ts'
import { customer, product } from '../../support/events.ts'
import { countersOf, createOrderShop, engineOf, noPromos, orderOf, place } from '../../support/order-shop.ts'
import { itemsOf, projections, stateOf } from '../../support/test-shop.ts'

const off = (percent: number, more = {}) => ({ actions: [{ type: 'percent_off', value: percent }], ...more })

test('an order has what was agreed, line by line', async () => {
  const shop = await createOrderShop(product('p2', { id: 'p2', price: 3.33 }))
  const engine = engineOf({ ten: off(10, { title: 'Ten off' }) })
  const order = orderOf(await place(shop, engine, { lines: { p1: 3, p2: 2 }, delivery: { method: 'pickup' } }))
  expect(order).toMatchObject({
    id: 'o1',
    customer_id: 'c1',
    state: 'placed',
    items_minor: 3_666,
    discount_minor: 367,
    total_minor: 3_299,
    promos: [{ id: 'ten', title: 'Ten off', discount_minor: 367 }],
    returned: {},
    given_back: { refund_minor: 0 },
  })
  expect(order.lines[1]).toMatchObject({
    id: 'p2',
    price_minor: 333,
    discount_minor: 67,
    units: [
      { count: 1, amount_minor: 299 },
      { count: 1, amount_minor: 300 },
    ],
    discounts: { 0: 67 },
  })
})

test('the same request again is the same order; the key with another one is a conflict', async () => {
  const shop = await createOrderShop()
  const first = await place(shop, noPromos, { lines: { p1: 1 } })
  shop.clock.nowMs += 86_400_000
  const second = await place(shop, engineOf({ ten: off(10) }), { lines: { p1: 1 } })
  expect(second).toEqual({ ...first, repeated: true })
  expect(await place(shop, noPromos, { lines: { p1: 2 } })).toEqual({ code: 'conflict' })
  expect(await itemsOf(shop.table, 'order#')).toHaveLength(1)
})

test('requests that race under one key make one order', async () => {
  const shop = await createOrderShop()
  const engine = engineOf({ five: off(5, { limits: { uses: 100 } }) })
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => place(shop, engine, { lines: { p1: 1 } })))
  expect(outcomes.filter((outcome) => 'order' in outcome && !outcome.repeated)).toHaveLength(1)
  expect(new Set(outcomes.map((outcome) => JSON.stringify(orderOf(outcome))))).toHaveLength(1)
  expect(await countersOf(shop.table, 'redeemed#five')).toEqual({ uses: 1, budget_minor: 50 })
})

test('a higher total, or a promotion that fell away, is told with the new allocation, and nothing is kept', async () => {
  const shop = await createOrderShop()
  const before = await stateOf(shop.table)
  const shown = { lines: { p1: 2 }, expectedTotalMinor: 1_800, expectedPromos: ['ten'] }
  const dearer = await place(shop, engineOf({ five: off(5) }), shown)
  expect(dearer).toMatchObject({
    code: 'order_changed',
    allocation: { total_minor: 1_900, applied: [{ promo: 'five' }] },
  })
  const other = await place(shop, engineOf({ fifty: off(50) }), shown)
  expect(other).toMatchObject({ code: 'order_changed', allocation: { total_minor: 1_000 } })
  expect(await stateOf(shop.table)).toBe(before)
  const agreed = { ...shown, expectedTotalMinor: 1_900, expectedPromos: ['five'] }
  expect(orderOf(await place(shop, engineOf({ five: off(5) }), agreed)).total_minor).toBe(1_900)
})

test('a lower total is taken as it is', async () => {
  const shop = await createOrderShop()
  const outcome = await place(shop, engineOf({ half: off(50) }), { lines: { p1: 2 }, expectedTotalMinor: 2_000 })
  expect(orderOf(outcome).total_minor).toBe(1_000)
})

test('whoever or whatever is not known is named', async () => {
  const shop = await createOrderShop()
  expect(await place(shop, noPromos, { lines: { p1: 1 }, customer_id: 'nobody' })).toEqual({ code: 'unknown_customer' })
  expect(await place(shop, noPromos, { lines: { nothing: 1 } })).toEqual({ code: 'unknown_product' })
})

test('a limit that others spend in between is told as a changed order, with the allocation without it', async () => {
  const shop = await createOrderShop(customer('c2', { id: 'c2' }))
  const engine = engineOf({ one: off(10, { limits: { uses: 1 } }) })
  const shown = { lines: { p1: 1 }, expectedTotalMinor: 900 }
  const outcomes = await Promise.all([
    place(shop, engine, { ...shown, orderId: 'a' }),
    place(shop, engine, { ...shown, orderId: 'b', customer_id: 'c2' }),
  ])
  expect(outcomes.filter((outcome) => 'order' in outcome)).toHaveLength(1)
  expect(outcomes.find((outcome) => 'code' in outcome)).toMatchObject({
    code: 'order_changed',
    allocation: { total_minor: 1_000, refused: [{ promo: 'one' }] },
  })
})

test('limits of one customer and of codes are kept apart', async () => {
  const shop = await createOrderShop(customer('c2', { id: 'c2' }))
  const engine = engineOf({
    code: off(10, { codes: ['AAA', 'BBB'], limits: { customer_uses: 2, each_code: { uses: 2 } } }),
  })
  const total = async (orderId: string, customer_id: string, codes: string[]) =>
    orderOf(await place(shop, engine, { lines: { p1: 1 }, orderId, customer_id, codes })).total_minor
  expect(await total('1', 'c1', ['aaa '])).toBe(900)
  expect(await total('2', 'c1', ['AAA', 'bbb'])).toBe(900)
  expect(await total('3', 'c1', ['bbb'])).toBe(1_000)
  expect(await total('4', 'c2', ['AAA'])).toBe(1_000)
  expect(await total('5', 'c2', ['AAA', 'BBB'])).toBe(900)
  expect(await countersOf(shop.table, 'redeemed#code#code#AAA')).toEqual({ uses: 2 })
  expect(await countersOf(shop.table, 'redeemed#code#customer#c1')).toEqual({ uses: 2, 'code:AAA': 2 })
})

test('a budget is never exceeded: the last one gets what is left of it', async () => {
  const shop = await createOrderShop()
  const engine = engineOf({ cheap: off(10, { limits: { budget: 2.5 } }) })
  const discounts = []
  for (const orderId of ['1', '2', '3', '4']) {
    discounts.push(orderOf(await place(shop, engine, { lines: { p1: 1 }, orderId })).discount_minor)
  }
  expect(discounts).toEqual([100, 100, 50, 0])
  expect(await countersOf(shop.table, 'redeemed#cheap')).toEqual({ uses: 3, budget_minor: 250 })
})

test('of two orders at once only one is the first', async () => {
  const shop = await createOrderShop()
  const engine = engineOf({ first: off(20, { order_filters: [{ type: 'first_order' }] }) })
  const outcomes = await Promise.all(
    ['a', 'b', 'c'].map((orderId) => place(shop, engine, { lines: { p1: 1 }, orderId })),
  )
  expect(outcomes.map((outcome) => orderOf(outcome).total_minor).sort()).toEqual([1_000, 1_000, 800])
})

test('whatever breaks in promotions, the order is placed at list prices, and says so', async () => {
  const shop = await createOrderShop()
  const broken = [
    { ...noPromos, live: { current: () => Promise.reject(new Error('away')) } },
    {
      ...noPromos,
      allocate: () => {
        throw new Error('a bug')
      },
    },
    {
      ...noPromos,
      allocate: (...args: Parameters<typeof noPromos.allocate>) => ({ ...noPromos.allocate(...args), total_minor: 1 }),
    },
  ]
  for (const [i, engine] of broken.entries()) {
    const order = orderOf(await place(shop, engine, { lines: { p1: 1 }, orderId: `o${i}` }))
    expect(order).toMatchObject({ total_minor: 1_000, promos_failed: expect.any(String) })
  }
})

test('an order becomes one event and a purchase for each line, and the customer sees them', async () => {
  const shop = await createOrderShop(product('p2', { id: 'p2', price: 3 }))
  const { id, placed_at } = orderOf(await place(shop, engineOf({ ten: off(10) }), { lines: { p1: 2, p2: 1 } }))
  shop.clock.nowMs += 61_000
  await sweepOutbox(shop)
  const told = shop.bus.events.filter(({ source }) => source === 'kram.orders')
  expect(told).toMatchObject([
    { id, type: 'order_placed', data: { order_id: id, lines: [{ id: 'p1' }, { id: 'p2' }] } },
    {
      id: `${id}:p1`,
      type: 'customer_buys_product',
      time: placed_at,
      causationid: id,
      correlationid: 'request-o1',
      data: {
        customer_id: 'c1',
        product_id: 'p1',
        quantity: 2,
        order_id: id,
        line_id: 'p1',
        price_minor: 1_000,
        discount_minor: 200,
      },
    },
    { id: `${id}:p2`, data: { price_minor: 300, discount_minor: 30 } },
  ])
  expect(await itemsOf(shop.table, 'outbox#')).toEqual([])
  const before = await stateOf(shop.table)
  for (const event of told) {
    for (const { type, handle } of projections) if (type === event.type) await handle(shop, event, {})
  }
  const { customer } = await getCustomer(shop, 'c1')
  expect(customer.orders).toMatchObject([{ id, state: 'placed', units: 3, total_minor: 2_070, discount_minor: 230 }])
  expect(customer.products).toMatchObject([
    { id: 'p1', price_minor: 1_000, order_id: id, line_id: 'p1', discount_minor: 200 },
    { id: 'p2', price_minor: 300 },
  ])
  // The order's own event found everything done.
  const orders = (text: string) => text.split('\n').filter((line) => /"pk":"(?:order|redeemed)#/.test(line))
  expect(orders(await stateOf(shop.table))).toEqual(orders(before))
})

test('an order stays in the outbox until the bus has all of its purchases', async () => {
  const shop = await createOrderShop()
  await place(shop, noPromos, { lines: { p1: 1 } })
  shop.clock.nowMs += 61_000
  shop.bus.refuse = ({ type }) =>
    type === 'customer_buys_product' ? { code: 'throttled', retryable: true, message: 'later' } : undefined
  await sweepOutbox(shop)
  expect(await itemsOf(shop.table, 'outbox#o1')).toHaveLength(1)
  shop.bus.refuse = () => undefined
  await sweepOutbox(shop)
  expect(await itemsOf(shop.table, 'outbox#')).toEqual([])
  expect(shop.bus.events.filter(({ type }) => type === 'order_placed')).toHaveLength(1)
  expect(shop.bus.events.filter(({ type }) => type === 'customer_buys_product')).toHaveLength(1)
})

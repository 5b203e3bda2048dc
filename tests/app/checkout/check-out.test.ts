// What a cart comes to: the shop's prices, the customer's facts, the promotions in force.
import { describe, expect, test } from 'vitest'
import { checkOut } from '../../../lib/app/checkout/check-out.ts'
import { keys } from '../../../lib/app/keys.ts'
import type { JsonValue } from '../../../lib/base/json.ts'
import { allocate } from '../../../lib/promos/allocate.ts'
import { createCheckoutShop } from '../../support/checkout-shop.ts'
import { customer, product } from '../../support/events.ts'
import { percentOff } from '../../support/promos.ts'
import { refusal } from '../../support/refusals.ts'

async function createShop() {
  const shop = createCheckoutShop()
  await shop.record(
    product('e1', { id: 'bread', price: 0.38, type: 'chleb', attributes: { organic: true } }),
    product('e2', {
      id: 'shorts',
      price: 790,
      type: 'шорти',
      name: 'Шорти',
      attributes: { brand: 'Puma', kind: 'Shorts' },
    }),
    customer('e3', { id: 'c1', groups: ['vip'], loyalty_card: 'gold' }),
  )
  return shop
}

test('without promotions a cart comes to its list prices, and that is no fault', async () => {
  const shop = await createShop()
  const { answer, faults } = await shop.checkOut({ bread: 3, shorts: 1 }, { delivery: { method: 'courier' } })
  expect(answer).toEqual({
    lines: [
      expect.objectContaining({ id: 'bread', sku: 'bread', price_minor: 38, quantity: 3, total_minor: 114 }),
      expect.objectContaining({ id: 'shorts', price_minor: 79_000, total_minor: 79_000 }),
    ],
    ...{ items_minor: 79_114, discount_minor: 0, delivery_minor: 1_999, cashback_minor: 0, bonus_minor: 0 },
    ...{ total_minor: 81_113, applied: [], refused: [], hints: [], valid_until: null, promos_version: 0 },
    currency: 'PLN',
  })
  expect(faults).toEqual([])
})

test('prices are those of this moment, whatever they were before', async () => {
  const shop = await createShop()
  await shop.record(product('e9@2022-06-01T12:00:00.000Z', { id: 'bread', price: 0.5, type: 'chleb' }))
  expect((await shop.checkOut({ bread: 2 })).answer.total_minor).toBe(100)
})

describe('promotions', () => {
  test('are found by attributes, type, name, sku and price of the shop', async () => {
    const shop = await createShop()
    await shop.publish({
      brand: percentOff(1, { product_filters: { brand: 'Puma', kind: 'Shorts' } }),
      type: percentOff(1, { product_filters: { type: 'шорти' } }),
      name: percentOff(1, { product_filters: { name: 'Шорти' } }),
      sku: percentOff(1, { product_filters: { sku: 'shorts' } }),
      price: percentOff(1, { product_filters: { price: { gte: 790 } } }),
    })
    const { answer } = await shop.checkOut({ bread: 1, shorts: 1 })
    expect(answer.applied.map(({ promo }) => promo)).toEqual(['brand', 'name', 'price', 'sku', 'type'])
    expect(answer.promos_version).toBe(5)
  })

  test('see what the customer chose, and where', async () => {
    const shop = await createShop()
    const only = (type: string, value: string) => percentOff(1, { order_filters: [{ type, value }] })
    await shop.publish({
      delivery: only('selected_delivery', 'pickup'),
      payment: only('selected_payment', 'card'),
      channel: only('channel', 'app'),
      city: only('city', 'Lviv'),
      code: percentOff(1, { codes: ['XXX'] }),
    })
    const none = await shop.checkOut({ bread: 9 }, { delivery: { method: 'courier', city: 'Kyiv' }, channel: 'web' })
    expect(none.answer.applied).toEqual([])
    const all = await shop.checkOut(
      { shorts: 1 },
      {
        ...{ delivery: { method: 'pickup', city: 'Lviv' }, payment: { method: 'card' } },
        ...{ channel: 'app', codes: [' xxx '] },
      },
    )
    expect(all.answer.applied.map(({ promo }) => promo)).toEqual(['channel', 'city', 'code', 'delivery', 'payment'])
  })

  test('know of the customer what the shop knows', async () => {
    const shop = await createShop()
    await shop.publish({
      group: percentOff(1, { order_filters: [{ type: 'customer_group', value: 'vip' }] }),
      card: percentOff(1, { order_filters: [{ type: 'loyalty_card', value: 'gold' }] }),
      first: percentOff(1, { order_filters: [{ type: 'first_order' }] }),
      third: percentOff(1, { order_filters: [{ type: 'nth_order', value: 3 }] }),
    })
    const promos = async (customer_id?: string) =>
      (await shop.checkOut({ shorts: 1 }, customer_id ? { customer_id } : {})).answer.applied.map(({ promo }) => promo)
    expect(await promos()).toEqual([])
    expect(await promos('c1')).toEqual(['card', 'first', 'group'])
    const stats = { ...keys.orderStats('c1'), placed: 2, last_at: '2022-12-01T00:00:00.000Z' }
    await shop.table.write([{ op: 'put', item: stats }])
    expect(await promos('c1')).toEqual(['card', 'group', 'third'])
  })

  test('are judged on what the shop has noted of the customer, which cannot say how much was ordered', async () => {
    const shop = await createShop()
    const attributes = {
      student: true,
      age: 21,
      city: 'Lviv',
      likes: ['tea', 'chess'],
      orders_placed: 9,
      groups: ['vip'],
    }
    await shop.record(customer('e4', { id: 'c2', attributes }))
    const test = (attribute: string, value: JsonValue) =>
      percentOff(1, { order_filters: [{ type: 'customer_attribute', attribute, value }] })
    await shop.publish({
      age: test('age', { gte: 18 }),
      chess: test('likes', 'chess'),
      city: percentOff(1, { order_filters: [{ type: 'city', value: 'Lviv' }] }),
      group: percentOff(1, { order_filters: [{ type: 'customer_group', value: 'vip' }] }),
      staff: test('staff', true),
      student: test('student', true),
      tenth: percentOff(1, { order_filters: [{ type: 'nth_order', value: 10 }] }),
    })
    const { answer } = await shop.checkOut({ shorts: 1 }, { customer_id: 'c2' })
    expect(answer.applied.map(({ promo }) => promo)).toEqual(['age', 'chess', 'city', 'student'])
  })

  test('in state test are for testers alone, and drafts for nobody', async () => {
    const shop = await createShop()
    await shop.publish({
      test: percentOff(5, { state: 'test' }),
      draft: percentOff(5, { state: 'draft' }),
    })
    const shown = async (tester: boolean) => {
      const { answer } = await shop.checkOut({ shorts: 1 }, { tester })
      return [answer.applied, answer.refused, answer.hints].map((list) => list.map(({ promo }) => promo))
    }
    expect(await shown(false)).toEqual([[], [], []])
    expect(await shown(true)).toEqual([['test'], [], []])
  })

  test('begin and end without a reload', async () => {
    const shop = await createShop()
    await shop.publish({ noon: percentOff(10, { start: '2022-12-31T13:00:00Z', finish: '2022-12-31T14:00:00Z' }) })
    const discountAt = async (time: string) => {
      shop.clock.nowMs = Date.parse(time)
      const { answer } = await shop.checkOut({ shorts: 1 })
      return [answer.discount_minor, answer.valid_until]
    }
    expect(await discountAt('2022-12-31T12:59:59.999Z')).toEqual([0, '2022-12-31T13:00:00.000Z'])
    expect(await discountAt('2022-12-31T13:00:00.000Z')).toEqual([7_900, '2022-12-31T14:00:00.000Z'])
    expect(await discountAt('2022-12-31T14:00:00.000Z')).toEqual([0, null])
  })
})

describe('a customer', () => {
  test('that nobody knows (yet) buys all the same, as one of whom nothing is known', async () => {
    const shop = await createShop()
    await shop.publish({ first: percentOff(10, { order_filters: [{ type: 'first_order' }] }) })
    const { answer, faults } = await shop.checkOut({ bread: 1 }, { customer_id: 'nobody' })
    expect(answer).toMatchObject({ total_minor: 38, customer_unknown: true })
    expect(faults).toEqual([{ kind: 'customer', code: 'customer_unknown' }])
  })

  test('whose profile is spoiled buys all the same', async () => {
    const shop = await createShop()
    await shop.table.write([{ op: 'put', item: { ...keys.profile('c2'), first_name: 7 } }])
    const { answer, faults } = await shop.checkOut({ bread: 1 }, { customer_id: 'c2' })
    expect(answer).toMatchObject({ total_minor: 38, customer_unreadable: true })
    expect(faults).toEqual([{ kind: 'customer', code: 'customer_unreadable' }])
  })
})

describe('what cannot be priced is refused', () => {
  test('products that are not there, each with its place', async () => {
    const shop = await createShop()
    const error = await refusal(shop.checkOut({ bread: 1, cake: 1, beer: 2 }))
    expect(error).toMatchObject({ kind: 'not_found', code: 'unknown_product' })
    expect(error.detail.issues).toEqual([
      { pointer: '/lines/1/product_id', message: 'there is no product cake' },
      { pointer: '/lines/2/product_id', message: 'there is no product beer' },
    ])
  })

  test.each(['drone', 'constructor', '__proto__'])('a delivery that the shop has not: %s', async (method) => {
    const error = await refusal((await createShop()).checkOut({ bread: 1 }, { delivery: { method } }))
    expect(error).toMatchObject({ code: 'unknown_delivery', detail: { issues: [{ pointer: '/delivery/method' }] } })
    expect(error.message).toContain('courier, novaposhta, pickup')
  })
})

test('each store is asked once, and both at the same time', async () => {
  const shop = await createShop()
  await shop.publish({ sale: percentOff(10) })
  const waiting: string[] = []
  const both = Promise.withResolvers<void>()
  const arrive = async (store: string) => {
    waiting.push(store)
    if (waiting.length === 2) both.resolve()
    await both.promise
  }
  const { get } = shop.table
  const table = {
    ...shop.table,
    get: async (asked: Parameters<typeof get>[0]) => {
      await arrive('table')
      return await get(asked)
    },
    query: () => Promise.reject(new Error('a second read')),
  }
  shop.objects.before = () => arrive('objects')
  const cart = { customer_id: 'c1', lines: [{ product_id: 'bread', quantity: 1 }] }
  const { answer } = await checkOut({ ...shop, table }, cart, { tester: false }, { live: shop.live, allocate })
  expect(answer.discount_minor).toBe(4)
  expect(waiting.toSorted()).toEqual(['objects', 'table'])
})

test('lines of one product are told apart by their own ids', async () => {
  const shop = await createShop()
  await shop.publish({ half: percentOff(50, { actions: [{ type: 'percent_off', value: 50, max_units: 1 }] }) })
  const lines = ['a', 'b'].map((id) => ({ id, product_id: 'bread', quantity: 1 }))
  const { answer } = await checkOut(shop, { lines }, { tester: false }, { live: shop.live, allocate })
  expect(answer.lines.map(({ id, sku, total_minor }) => [id, sku, total_minor])).toEqual([
    ['a', 'bread', 19],
    ['b', 'bread', 38],
  ])
})

test('the largest cart is answered', async () => {
  const shop = await createShop()
  await shop.publish({ sale: percentOff(10) })
  await shop.record(...Array.from({ length: 200 }, (_, i) => product(`x${i}`, { id: `x${i}`, price: i + 1 })))
  const cart = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x${i}`, 10_000]))
  const { answer } = await shop.checkOut(cart)
  expect(answer.lines).toHaveLength(200)
  expect(answer.total_minor).toBe((answer.items_minor * 9) / 10)
})

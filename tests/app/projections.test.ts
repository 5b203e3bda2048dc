// What each projection makes of its events, looked at through the table and through what readers answer.
import { expect, test } from 'vitest'
import { makeEvent } from '../../events/event.ts'
import { voucherGranted } from '../../events/voucher-granted.ts'
import { countStock } from '../../functions/count-stock.ts'
import { applyEvent } from '../../lib/app/handle.ts'
import { getCustomer, listCustomers } from '../../lib/app/read-customers.ts'
import { getProduct, listProducts, priceHistory, unitsBought } from '../../lib/app/read-products.ts'
import { recordPurchase } from '../../lib/app/record-purchase.ts'
import { storeCustomer } from '../../lib/app/store-customer.ts'
import { storeProduct } from '../../lib/app/store-product.ts'
import { storeVoucher } from '../../lib/app/store-voucher.ts'
import { KramError } from '../../lib/base/errors.ts'
import { at, customer, product, purchase } from '../support/events.ts'
import { createTestShop, itemsOf, stateOf, type TestShop } from '../support/test-shop.ts'

const live = {}

async function shopWith(...events: [typeof storeCustomer, unknown][]): Promise<TestShop> {
  const shop = createTestShop()
  for (const [handle, event] of events) await handle(shop, event, live)
  return shop
}

const outboxOf = async (shop: TestShop) =>
  (await itemsOf(shop.table, 'outbox#')).map(({ event }) => event as { type: string; data: unknown })

test('a customer and a purchase make the document', async () => {
  const shop = await shopWith(
    [
      storeCustomer,
      customer('e1@2022-04-20T10:00:00.000Z', { loyalty_card: 'gold', groups: ['vip'], attributes: { age: 21 } }),
    ],
    [storeProduct, product('e2@2022-04-20T11:00:00.000Z')],
    [recordPurchase, purchase('e3@2022-04-24T19:41:07.123Z', { quantity: 8 })],
  )
  expect(await getCustomer(shop, 'c1')).toEqual({
    customer: {
      id: 'c1',
      first_name: 'Alex',
      last_name: 'Kosiak',
      address: 'ul. Polna 1\n30-001 Kraków',
      loyalty_card: 'gold',
      groups: ['vip'],
      attributes: { age: 21 },
      products: [
        {
          id: 'p1',
          type: 'chleb',
          name: 'Chleb wiejski',
          price_minor: 38,
          quantity: 8,
          timestamp_ms: 1650829267123,
        },
      ],
      orders: [],
      vouchers: [],
    },
  })
})

test('customer_updated follows from a profile, a purchase and a voucher, in the chain of its cause', async () => {
  const voucher = { id: 'welcome#c1', customer_id: 'c1', kind: 'welcome' }
  const shop = await shopWith(
    [storeCustomer, customer('e1')],
    [storeProduct, product('e2')],
    [recordPurchase, purchase('e3')],
    [storeVoucher, makeEvent(voucherGranted, voucher, at('e4'))],
  )
  const outbox = await outboxOf(shop)
  expect(outbox.map(({ type }) => type)).toEqual(Array(3).fill('customer_updated'))
  const profile = { id: 'c1', first_name: 'Alex', last_name: 'Kosiak', address: 'ul. Polna 1\n30-001 Kraków' }
  const bought = {
    id: 'p1',
    type: 'chleb',
    name: 'Chleb wiejski',
    price_minor: 38,
    quantity: 2,
    timestamp_ms: 1650801600000,
  }
  expect(outbox).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ data: { ...profile, change: 'profile' }, causationid: 'e1', correlationid: 'e1' }),
      expect.objectContaining({ data: { ...profile, change: 'purchase', purchase: bought }, causationid: 'e3' }),
      expect.objectContaining({ data: { ...profile, change: 'voucher' }, causationid: 'e4' }),
    ]),
  )
  expect((await getCustomer(shop, 'c1')).customer.vouchers).toEqual([
    { id: 'welcome#c1', kind: 'welcome', timestamp_ms: 1650801600000 },
  ])
})

test('a replay writes what was missed and tells nobody', async () => {
  const shop = createTestShop()
  await storeCustomer(shop, customer('e1'), { replay: true })
  expect((await getCustomer(shop, 'c1')).customer.first_name).toBe('Alex')
  expect(await outboxOf(shop)).toEqual([])
})

test('the same event again changes nothing, whatever its time', async () => {
  const shop = await shopWith([storeCustomer, customer('e1')], [storeProduct, product('e2')])
  await recordPurchase(shop, purchase('e3'), live)
  const before = JSON.stringify(await Array.fromAsync(shop.table.scan()))
  await recordPurchase(shop, purchase('e3'), live)
  await recordPurchase(shop, purchase('e3'), { replay: true })
  await recordPurchase(shop, purchase('e3@2022-05-01T00:00:00.000Z'), live)
  await storeCustomer(shop, customer('e1'), live)
  await storeProduct(shop, product('e2'), live)
  expect(JSON.stringify(await Array.fromAsync(shop.table.scan()))).toBe(before)
})

test('the same id with other content is a conflict and changes nothing', async () => {
  const shop = await shopWith([storeCustomer, customer('e1')], [storeProduct, product('e2')])
  await recordPurchase(shop, purchase('e3'), live)
  const before = await stateOf(shop.table)
  const again = recordPurchase(shop, purchase('e3', { quantity: 3 }), live)
  await expect(again).rejects.toMatchObject({ kind: 'conflict', code: 'event_conflict', retryable: false })
  expect(await stateOf(shop.table)).toBe(before)
})

test('new_customer for a known id replaces the profile when it is later, and never touches purchases', async () => {
  const shop = await shopWith(
    [storeCustomer, customer('e2@2022-04-20T10:00:00.000Z', { loyalty_card: 'gold' })],
    [storeProduct, product('e3')],
    [recordPurchase, purchase('e4')],
    [storeCustomer, customer('e5@2022-04-21T10:00:00.000Z', { first_name: 'Ola' })],
    [storeCustomer, customer('e1@2022-04-19T10:00:00.000Z', { first_name: 'Stary' })],
  )
  const { customer: document } = await getCustomer(shop, 'c1')
  expect(document).toMatchObject({ first_name: 'Ola', products: [{ id: 'p1' }] })
  expect(document).not.toHaveProperty('loyalty_card')
  expect((await outboxOf(shop)).filter(({ data }) => (data as { change: string }).change === 'profile')).toHaveLength(2)
})

test('of two events at one time the one with the greater id is the later', async () => {
  const [a, b] = [customer('a', { first_name: 'A' }), customer('b', { first_name: 'B' })]
  for (const order of [
    [a, b],
    [b, a],
  ]) {
    const shop = await shopWith(...order.map((event) => [storeCustomer, event] as [typeof storeCustomer, unknown]))
    expect((await getCustomer(shop, 'c1')).customer.first_name).toBe('B')
  }
})

test('listings go by the time of the first event, then by id, also when that comes last', async () => {
  const shop = await shopWith(
    [storeCustomer, customer('e1@2022-04-22T10:00:00.000Z', { id: 'c1' })],
    [storeCustomer, customer('e2@2022-04-21T10:00:00.000Z', { id: 'c2' })],
    [storeCustomer, customer('e3@2022-04-21T10:00:00.000Z', { id: 'c0' })],
    [storeCustomer, customer('e4@2022-04-20T10:00:00.000Z', { id: 'c1', first_name: 'Dawny' })],
    [storeProduct, product('e5@2022-04-21T10:00:00.000Z', { id: 'p2' })],
    [storeProduct, product('e6@2022-04-20T10:00:00.000Z', { id: 'p1' })],
  )
  const customers = await listCustomers(shop)
  expect(customers.items.map(({ id, first_name }) => `${id} ${first_name}`)).toEqual(['c1 Alex', 'c0 Alex', 'c2 Alex'])
  expect((await listProducts(shop)).items.map(({ id }) => id)).toEqual(['p1', 'p2'])
  const first = await listCustomers(shop, { limit: 2 })
  expect(first.items).toHaveLength(2)
  expect((await listCustomers(shop, { limit: 2, after: first.next ?? '' })).items.map(({ id }) => id)).toEqual(['c2'])
})

test('a product has a price history; the latest event says what it is now', async () => {
  const shop = await shopWith(
    [storeProduct, product('e3@2022-04-23T00:00:00.000Z', { price: 0.5 })],
    [storeProduct, product('e1@2022-04-21T00:00:00.000Z', { price: 0.3, name: 'Dawny' })],
    [storeProduct, product('e2@2022-04-22T00:00:00.000Z', { price: 0.4, attributes: { brand: 'Wieś' } })],
  )
  expect(await getProduct(shop, 'p1')).toEqual({ id: 'p1', name: 'Chleb wiejski', type: 'chleb', price_minor: 50 })
  expect((await priceHistory(shop, 'p1')).items).toEqual([
    { time: '2022-04-21T00:00:00.000Z', price_minor: 30 },
    { time: '2022-04-22T00:00:00.000Z', price_minor: 40 },
    { time: '2022-04-23T00:00:00.000Z', price_minor: 50 },
  ])
})

test.each<[string, string, number, string]>([
  ['at the moment of a price', '2022-04-22T00:00:00.000Z', 40, 'Nowy'],
  ['a millisecond before', '2022-04-21T23:59:59.999Z', 30, 'Dawny'],
  ['before the first price', '2022-04-01T00:00:00.000Z', 30, 'Dawny'],
  ['long after the last', '2022-06-01T00:00:00.000Z', 40, 'Nowy'],
])('a purchase %s gets the price and name of its time', async (_name, time, price, name) => {
  const shop = await shopWith(
    [storeCustomer, customer('e1')],
    [storeProduct, product('e2@2022-04-21T00:00:00.000Z', { price: 0.3, name: 'Dawny' })],
    [storeProduct, product('e3@2022-04-22T00:00:00.000Z', { price: 0.4, name: 'Nowy', attributes: { brand: 'X' } })],
    [recordPurchase, purchase(`e4@${time}`)],
  )
  // A later price does not touch what was bought.
  await storeProduct(shop, product(`e5@${time}`, { price: 9 }), live)
  expect((await getCustomer(shop, 'c1')).customer.products).toMatchObject([{ price_minor: price, name }])
  const [item] = (await itemsOf(shop.table, 'customer#c1')).filter(({ sk }) => sk.startsWith('purchase#'))
  expect(item?.attributes).toEqual(name === 'Nowy' ? { brand: 'X' } : undefined)
})

test('a purchase from an order keeps the price and discount that the order gave it', async () => {
  const shop = await shopWith([storeCustomer, customer('e1')], [storeProduct, product('e2')])
  const line = { order_id: 'o1', line_id: '1', price_minor: 30, discount_minor: 6 }
  await recordPurchase(shop, purchase('o1:1', line, 'kram.orders'), live)
  expect((await getCustomer(shop, 'c1')).customer.products).toMatchObject([{ ...line, name: 'Chleb wiejski' }])
})

test('a purchase of an unknown customer or product is tried again, and says in words what it waits for', async () => {
  const shop = createTestShop()
  const failure = async () => {
    const error = await recordPurchase(shop, purchase('e3'), live).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(KramError)
    return error as KramError
  }
  await storeProduct(shop, product('e2'), live)
  expect(await failure()).toMatchObject({ code: 'unknown_customer', retryable: true })
  expect((await failure()).message).toBe(
    'There is no customer c1: the customer_buys_product event e3 waits until its new_customer message has arrived.',
  )
  await storeCustomer(shop, customer('e1'), live)
  await recordPurchase(shop, purchase('e3'), live)
  const other = recordPurchase(shop, purchase('e4', { product_id: 'p9' }), live)
  await expect(other).rejects.toMatchObject({ code: 'unknown_product', retryable: true })
  expect((await getCustomer(shop, 'c1')).customer.products).toHaveLength(1)
})

test('an event from the future is refused, one from ten years ago is not', async () => {
  const shop = createTestShop({ now: '2022-04-24T12:00:00.000Z' })
  const soon = storeCustomer(shop, customer('e1@2022-04-24T12:05:00.001Z'), live)
  await expect(soon).rejects.toMatchObject({ code: 'event_from_the_future', retryable: false })
  await storeCustomer(shop, customer('e2@2022-04-24T12:05:00.000Z'), live)
  await storeCustomer(shop, customer('e3@2012-04-24T12:00:00.000Z'), live)
  expect(await itemsOf(shop.table, 'seen#')).toHaveLength(2)
})

test('units bought are counted by product and, for the customer, by UTC day and type', async () => {
  const shop = await shopWith([storeCustomer, customer('e1')], [storeProduct, product('e2')])
  await storeProduct(shop, product('e3', { id: 'p2', type: 'masło' }), live)
  const bought = [
    purchase('b1@2022-04-24T23:59:59.999Z', { quantity: 3 }),
    purchase('b2@2022-04-24T00:00:00.000Z', { quantity: 4 }),
    purchase('b3@2022-04-24T10:00:00.000Z', { quantity: 5, product_id: 'p2' }),
    purchase('b4@2022-04-25T00:00:00.000Z', { quantity: 6 }),
  ]
  for (const event of bought) {
    await recordPurchase(shop, event, live)
    await countStock(shop, event, live)
    await countStock(shop, event, live)
  }
  expect(await unitsBought(shop, 'p1')).toBe(13)
  expect(await unitsBought(shop, 'p2')).toBe(5)
  const stats = (await itemsOf(shop.table, 'customer#c1')).filter(({ sk }) => sk.startsWith('stats#'))
  expect(stats.map(({ pk: _pk, ...item }) => item)).toEqual([
    { sk: 'stats#2022-04-24', 'units:chleb': 7, 'units:masło': 5 },
    { sk: 'stats#2022-04-25', 'units:chleb': 6 },
  ])
})

test('stock counts any product, since nobody else need know it, and spreads a bestseller over shards', async () => {
  const shop = createTestShop()
  for (let i = 0; i < 100; i++) await countStock(shop, purchase(`e${i}`, { product_id: 'bestseller' }), live)
  expect(await unitsBought(shop, 'bestseller')).toBe(200)
  expect(await itemsOf(shop.table, 'stock#bestseller')).toHaveLength(8)
})

test('a handler refuses an event that its rule should not have sent', async () => {
  const shop = createTestShop()
  await expect(storeCustomer(shop, product('e1'), live)).rejects.toMatchObject({ code: 'wrong_event_type' })
})

test('a write that others keep changing gives up after its tries, to be tried again', async () => {
  const shop = createTestShop()
  const rule = {
    handler: 'never',
    type: 'new_customer' as const,
    fold: async () => ({
      ops: [{ op: 'check' as const, key: { pk: 'nothing', sk: 'here' }, if: { exists: true } }],
    }),
  }
  const contended = applyEvent(shop, rule, customer('e1'), { emits: true })
  await expect(contended).rejects.toMatchObject({ code: 'contended', retryable: true })
  expect(await itemsOf(shop.table, 'seen#')).toEqual([])
})

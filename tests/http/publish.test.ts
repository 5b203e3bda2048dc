// POST /customers, /products, /purchases: what a request becomes on the bus, and what is refused before.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { handler as postCustomers } from '../../functions/post-customers.ts'
import { handler as postProducts } from '../../functions/post-products.ts'
import { handler as postPurchases } from '../../functions/post-purchases.ts'
import type { HttpFunction } from '../../lib/lambda/http-function.ts'
import type { Route } from '../../lib/lambda/route.ts'
import * as routes from '../../lib/lambda/routes/publish.ts'
import type { Envelope } from '../../lib/ports/bus.ts'
import { call, type RequestOptions } from '../support/http.ts'
import { type HttpShop, openHttpShop } from '../support/http-shop.ts'

let shop: HttpShop
let token: string

beforeEach(async () => {
  shop = await openHttpShop()
  token = await shop.token('shop', 'till-1')
})
afterEach(() => shop.close())

const functions = { customers: postCustomers, products: postProducts, purchases: postPurchases }
const routeOf = { customers: routes.postCustomers, products: routes.postProducts, purchases: routes.postPurchases }
const bodies = {
  customers: { id: 'customer_k_004', first_name: 'Cyprian', last_name: 'Ostapczuk', address: 'plac Średnia 13\nŁódź' },
  products: { id: 'chleb_k_1', name: 'Chleb staropolski', type: 'chleb', price: 0.36 },
  purchases: { customer_id: 'customer_k_004', product_id: 'chleb_k_1', quantity: 6 },
}
type What = keyof typeof bodies

const post = (what: What, json: unknown, options: RequestOptions = {}) =>
  call(functions[what] as HttpFunction, routeOf[what] as Route, { token, json, ...options })

const published = async (): Promise<Envelope[]> => {
  const all = await Array.fromAsync(
    shop.bus.archive.read({ from: '1970-01-01T00:00:00.000Z', to: '9999-12-31T23:59:59.999Z' }),
  )
  return all.map(({ event }) => event)
}

describe('a request becomes one event', () => {
  test('POST /customers', async () => {
    const answer = await post('customers', bodies.customers, { headers: { 'x-correlation-id': 'c-1' } })
    expect(answer.status).toBe(202)
    const { id, event_id, correlation_id } = answer.json()
    expect({ id, correlation_id }).toEqual({ id: 'customer_k_004', correlation_id: 'c-1' })
    expect(await published()).toEqual([
      {
        specversion: '1.0',
        id: event_id,
        source: 'kram.shop',
        type: 'new_customer',
        time: '2022-04-24T19:41:07.123Z',
        subject: 'customer_k_004',
        dataschema: 'urn:kram:new_customer:1',
        correlationid: 'c-1',
        data: bodies.customers,
      },
    ])
  })

  test('POST /products', async () => {
    const attributes = { brand: 'Puma', sizes: ['M', 'L'], vegan: true, weight: 0.5 }
    const answer = await post('products', { ...bodies.products, attributes })
    expect(answer).toMatchObject({ status: 202 })
    expect(await published()).toMatchObject([{ type: 'new_product', data: { ...bodies.products, attributes } }])
  })

  test('POST /purchases: its id is the event’s', async () => {
    const answer = await post('purchases', bodies.purchases)
    const { id, event_id } = answer.json()
    expect(id).toBe(event_id)
    expect(await published()).toMatchObject([{ type: 'customer_buys_product', id, data: bodies.purchases }])
  })

  test('with the trace that it is part of', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    await post('purchases', bodies.purchases, { headers: { traceparent } })
    expect(await published()).toMatchObject([{ traceparent }])
  })

  test('while the table is away', async () => {
    shop.tableAway = true
    for (const what of ['customers', 'products', 'purchases'] as const) {
      expect((await post(what, bodies[what])).status).toBe(202)
    }
    expect(await published()).toHaveLength(3)
  })

  test('and makes an id where none is given', async () => {
    const { id: _, ...anonymous } = bodies.customers
    const [first, second] = [(await post('customers', anonymous)).json(), (await post('customers', anonymous)).json()]
    expect(first.id).toBe(first.event_id)
    expect(first.id).not.toBe(second.id)
    expect((await published()).map(({ data }) => data.id)).toEqual([first.id, second.id])
  })
})

describe('Idempotency-Key', () => {
  const keyed = (what: What, json: unknown, key: string, options: RequestOptions = {}) =>
    post(what, json, { headers: { 'idempotency-key': key }, ...options })
  const { id: _, ...anonymous } = bodies.customers

  test('makes a repeated request the same event and the same customer, also later', async () => {
    const first = (await keyed('customers', anonymous, 'k-1')).json()
    shop.clock.ms += 3_600_000
    token = await shop.token('shop', 'till-1')
    const again = await keyed('customers', anonymous, 'k-1')
    expect(again.status).toBe(202)
    expect(again.json()).toMatchObject({ id: first.id, event_id: first.event_id })
    expect(await published()).toHaveLength(1)
  })

  test('with other content is a conflict', async () => {
    await keyed('customers', anonymous, 'k-1')
    const answer = await keyed('customers', { ...anonymous, first_name: 'Anna' }, 'k-1')
    expect({ status: answer.status, code: answer.json().code }).toEqual({ status: 409, code: 'conflict' })
    expect(await published()).toHaveLength(1)
  })

  test.each<[string, (key: string) => Promise<unknown>]>([
    ['another key', () => keyed('purchases', bodies.purchases, 'k-2')],
    ['another route', (key) => keyed('products', bodies.products, key)],
    [
      'another caller',
      async (key) => keyed('purchases', bodies.purchases, key, { token: await shop.token('shop', 'till-2') }),
    ],
  ])('of %s is another event', async (_name, send) => {
    await keyed('purchases', bodies.purchases, 'k-1')
    await send('k-1')
    const ids = (await published()).map(({ id }) => id)
    expect(new Set(ids).size).toBe(2)
  })

  test('cannot be made to look like another caller’s', async () => {
    // If caller, route and key were only joined, these two would be one.
    const one = await shop.token('shop', 'a","b')
    const other = await shop.token('shop', 'a')
    await keyed('purchases', bodies.purchases, 'k', { token: one })
    await keyed('purchases', bodies.purchases, 'b","post-purchases","k', { token: other })
    expect(await published()).toHaveLength(2)
  })
})

describe('prices are read exactly from the text', () => {
  const withPrice = (text: string) =>
    post('products', undefined, {
      json: undefined,
      body: `{"id": "p", "name": "P", "type": "t", "price": ${text}}`,
      headers: { 'content-type': 'application/json' },
    })

  test.each([
    ['0.54', 0.54],
    ['0', 0],
    ['19.9', 19.9],
    ['1e2', 100],
    ['0.10', 0.1],
    ['10000000', 10_000_000],
    ['4.35', 4.35],
  ])('%s is accepted', async (text, price) => {
    expect((await withPrice(text)).status).toBe(202)
    expect(await published()).toMatchObject([{ data: { price } }])
  })

  test.each([
    ['-0.01', 'invalid_input'],
    ['-1', 'invalid_input'],
    ['0.545', 'invalid_input'],
    ['0.001', 'invalid_input'],
    ['1e-3', 'invalid_input'],
    ['10000000.01', 'invalid_input'],
    ['1e300', 'invalid_input'],
    ['"0.54"', 'invalid_input'],
    ['null', 'invalid_input'],
    ['true', 'invalid_input'],
    ['0.54000000000000000001', 'json_number_inexact'],
    ['1e999', 'json_number_inexact'],
    ['NaN', 'json_malformed'],
    ['0,54', 'json_malformed'],
    ['.5', 'json_malformed'],
  ])('%s is refused as %s', async (text, code) => {
    const answer = await withPrice(text)
    expect({ status: answer.status, code: answer.json().code }).toEqual({ status: 400, code })
    if (code === 'invalid_input') expect(answer.json().issues).toMatchObject([{ in: 'body', pointer: '/price' }])
    expect(await published()).toEqual([])
  })
})

describe('bad input is refused at its place, and nothing gets onto the bus', () => {
  const huge = 'x'.repeat(400 * 1024)
  test.each<[string, What, object, number, string]>([
    ['quantity 0', 'purchases', { quantity: 0 }, 400, '/quantity'],
    ['quantity -1', 'purchases', { quantity: -1 }, 400, '/quantity'],
    ['quantity 1.5', 'purchases', { quantity: 1.5 }, 400, '/quantity'],
    ['quantity 10,001', 'purchases', { quantity: 10_001 }, 400, '/quantity'],
    ['a quantity in words', 'purchases', { quantity: '6' }, 400, '/quantity'],
    ['a price of the buyer’s choice', 'purchases', { price_minor: 1 }, 400, '/price_minor'],
    ['an order of the buyer’s choice', 'purchases', { order_id: 'o' }, 400, '/order_id'],
    ['no customer', 'purchases', { customer_id: undefined }, 400, '/customer_id'],
    ['an unknown field', 'customers', { phone: '1' }, 400, '/phone'],
    ['no address', 'customers', { address: undefined }, 400, '/address'],
    ['a blank name', 'customers', { first_name: ' ' }, 400, '/first_name'],
    ['a name with control characters', 'customers', { last_name: 'a\u0007' }, 400, '/last_name'],
    ['half a letter', 'customers', { last_name: '\ud800' }, 400, '/last_name'],
    ['an address of 1,001 characters', 'customers', { address: 'x'.repeat(1_001) }, 400, '/address'],
    ['an address of 400 KB', 'customers', { address: huge }, 413, ''],
    ['an id that is no key', 'customers', { id: 'a b' }, 400, '/id'],
    ['an id that is too long', 'customers', { id: 'x'.repeat(129) }, 400, '/id'],
    ['an empty id', 'customers', { id: '' }, 400, '/id'],
    ['groups twice', 'customers', { groups: ['a', 'a'] }, 400, '/groups'],
    ['attributes as a list', 'products', { attributes: ['a'] }, 400, '/attributes'],
    ['nested attributes', 'products', { attributes: { a: { b: 1 } } }, 400, '/attributes/a'],
    ['price in minor units', 'products', { price_minor: 54 }, 400, '/price_minor'],
  ])('%s', async (_name, what, change, status, pointer) => {
    const answer = await post(what, { ...bodies[what], ...change })
    expect(answer.status).toBe(status)
    expect(answer.json().issues).toMatchObject([{ in: 'body', pointer }])
    expect(await published()).toEqual([])
  })
})

test('a bus that is away is 503, to be tried again', async () => {
  await shop.bus.close()
  const answer = await post('purchases', bodies.purchases)
  expect(answer.status).toBe(503)
  expect(answer.headers['retry-after']).toBeDefined()
})

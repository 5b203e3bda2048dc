// The routes that read, on a shop where things have happened over the bus.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { handler as onPurchase } from '../../functions/on-customer-buys-product.ts'
import { handler as onNewCustomer } from '../../functions/on-new-customer.ts'
import { handler as onNewProduct } from '../../functions/on-new-product.ts'
import { functionOf } from '../support/all-functions.ts'
import { call, type RequestOptions } from '../support/http.ts'
import { type HttpShop, openHttpShop } from '../support/http-shop.ts'

let shop: HttpShop
let token: string

const dayMs = 86_400_000
const ask = (name: string, options: RequestOptions = {}) => {
  const { handler, route } = functionOf(name)
  const path = route.path.replace('{id}', encodeURIComponent(options.params?.id ?? ''))
  return call(handler, route, { token, path, ...options })
}
const post = async (name: string, json: unknown) => {
  const answer = await ask(name, { json })
  expect(answer.status).toBe(202)
  shop.clock.ms += 1
  return answer.json()
}

beforeAll(async () => {
  shop = await openHttpShop([
    { name: 'on-new-customer', pattern: { 'detail-type': ['new_customer'] }, handler: onNewCustomer },
    { name: 'on-new-product', pattern: { 'detail-type': ['new_product'] }, handler: onNewProduct },
    { name: 'on-customer-buys-product', pattern: { 'detail-type': ['customer_buys_product'] }, handler: onPurchase },
  ])
  token = await shop.token('shop')
  for (let i = 0; i < 5; i++) {
    const name = { first_name: 'Alex', last_name: `Kosiak ${i}`, address: 'ulica 1\n00-001 Łódź' }
    await post('post-customers', { id: `customer_k_00${i}`, ...name })
  }
  const bread = { id: 'chleb_k_1', name: 'Chleb staropolski', type: 'chleb' }
  await post('post-products', { ...bread, price: 0.36, attributes: { brand: 'Puma', organic: true } })
  await post('post-products', { id: 'masło 1'.replace(' ', '#'), name: 'Masło', type: 'masło', price: 1 })
  await shop.deliver()
  for (let i = 1; i <= 3; i++) {
    await post('post-purchases', { customer_id: 'customer_k_004', product_id: 'chleb_k_1', quantity: i })
  }
  shop.clock.ms += 2 * dayMs
  token = await shop.token('shop')
  await post('post-products', { ...bread, price: 0.4 })
  await shop.deliver()
})
afterAll(() => shop.close())

describe('customers', () => {
  test('are listed in order of their first event, page by page', async () => {
    const first = (await ask('list-customers', { query: { limit: '2' } })).json()
    expect(first.items.map(({ id }: { id: string }) => id)).toEqual(['customer_k_000', 'customer_k_001'])
    const second = (await ask('list-customers', { query: { limit: '3', after: first.next } })).json()
    expect(second.items.map(({ id }: { id: string }) => id)).toEqual([
      'customer_k_002',
      'customer_k_003',
      'customer_k_004',
    ])
  })

  test('are one document each, with what they bought at the price of that moment', async () => {
    const answer = await ask('get-customer', { params: { id: 'customer_k_004' } })
    expect(answer.json()).toEqual({
      id: 'customer_k_004',
      first_name: 'Alex',
      last_name: 'Kosiak 4',
      address: 'ulica 1\n00-001 Łódź',
      products: [1, 2, 3].map((quantity) => ({
        id: 'chleb_k_1',
        type: 'chleb',
        name: 'Chleb staropolski',
        price_minor: 36,
        quantity,
        timestamp_ms: expect.any(Number),
      })),
      orders: [],
      vouchers: [],
    })
  })

  test('have their purchases in pages', async () => {
    const quantities: number[] = []
    let after: string | undefined
    do {
      const query = { limit: '2', ...(after === undefined ? {} : { after }) }
      const page = (await ask('get-customer', { params: { id: 'customer_k_004' }, query })).json()
      quantities.push(...page.products.map(({ quantity }: { quantity: number }) => quantity))
      after = page.next
    } while (after !== undefined)
    expect(quantities).toEqual([1, 2, 3])
  })

  test('that nobody has announced are not found', async () => {
    const answer = await ask('get-customer', { params: { id: 'nobody' } })
    expect({ status: answer.status, code: answer.json().code }).toEqual({ status: 404, code: 'unknown_customer' })
  })
})

describe('products', () => {
  test('are listed as they are now', async () => {
    const { items } = (await ask('list-products')).json()
    expect(items).toEqual([
      { id: 'chleb_k_1', name: 'Chleb staropolski', type: 'chleb', price_minor: 40 },
      { id: 'masło#1', name: 'Masło', type: 'masło', price_minor: 100 },
    ])
  })

  test('are found by any id that they may have', async () => {
    expect((await ask('get-product', { params: { id: 'masło#1' } })).json()).toMatchObject({ price_minor: 100 })
  })

  test('remember every price', async () => {
    const { items } = (await ask('list-prices', { params: { id: 'chleb_k_1' } })).json()
    expect(items.map(({ price_minor }: { price_minor: number }) => price_minor)).toEqual([36, 40])
  })

  test.each([
    ['2022-04-27', 36],
    ['2022-05-26', 36],
    ['2022-05-27', 40],
  ])('have a lowest price of the 30 days before %s', async (day, price_minor) => {
    const answer = (await ask('get-lowest-price', { params: { id: 'chleb_k_1' }, query: { day } })).json()
    expect(answer).toMatchObject({ id: 'chleb_k_1', day, to: `${day}T00:00:00.000Z`, lowest: { price_minor } })
  })

  test('have none before they were there; without a day, today is meant', async () => {
    const early = (await ask('get-lowest-price', { params: { id: 'chleb_k_1' }, query: { day: '2022-04-24' } })).json()
    expect(early).not.toHaveProperty('lowest')
    const today = (await ask('get-lowest-price', { params: { id: 'chleb_k_1' } })).json()
    expect(today).toMatchObject({ day: '2022-04-26', lowest: { price_minor: 36 } })
  })

  test.each(['get-product', 'list-prices', 'get-lowest-price'])('that are not there: %s', async (name) => {
    const answer = await ask(name, { params: { id: 'nothing' } })
    expect({ status: answer.status, code: answer.json().code }).toEqual({ status: 404, code: 'unknown_product' })
  })
})

test('the settings tell the currency of every amount', async () => {
  expect((await ask('get-settings')).json()).toEqual({ currency: 'PLN', time_zone: 'Europe/Kyiv', deliveries: {} })
})

describe('bad questions', () => {
  test.each<[string, string, RequestOptions, string]>([
    ['limit 0', 'list-customers', { query: { limit: '0' } }, '/limit'],
    ['limit 101', 'list-customers', { query: { limit: '101' } }, '/limit'],
    ['limit in words', 'list-products', { query: { limit: 'ten' } }, '/limit'],
    ['limit 1e1', 'list-products', { query: { limit: '1e1' } }, '/limit'],
    ['a day that is none', 'get-lowest-price', { params: { id: 'a' }, query: { day: '2022-02-30' } }, '/day'],
    ['a day in words', 'get-lowest-price', { params: { id: 'a' }, query: { day: 'today' } }, '/day'],
    ['an empty page token', 'list-products', { query: { after: '' } }, '/after'],
    ['an unknown parameter', 'get-product', { params: { id: 'a' }, query: { lang: 'pl' } }, '/lang'],
  ])('%s', async (_name, name, options, pointer) => {
    const answer = await ask(name, options)
    expect(answer.status).toBe(400)
    expect(answer.json().issues).toMatchObject([{ in: 'query', pointer }])
  })

  test.each([
    ['list-customers', {}],
    ['list-products', {}],
    ['get-customer', { params: { id: 'customer_k_004' } }],
    ['list-prices', { params: { id: 'chleb_k_1' } }],
  ])('a page token that is not one of ours: %s', async (name, options) => {
    for (const after of ['x', 'eyJhIjoxfQ', '%00', 'ł']) {
      const answer = await ask(name, { ...options, query: { after } })
      expect({ status: answer.status, code: answer.json().code }).toEqual({ status: 400, code: 'page_token' })
    }
  })

  test('a page token of another listing', async () => {
    const { next } = (await ask('list-customers', { query: { limit: '1' } })).json()
    expect((await ask('list-products', { query: { after: next } })).status).toBe(400)
  })
})

describe('HEAD', () => {
  test.each(['list-products', 'get-healthz'])('is GET without a body: %s', async (name) => {
    const { status, body } = await ask(name, { method: 'HEAD' })
    expect({ status, body }).toEqual({ status: 200, body: '' })
  })
})

test('while the table is away readers are told to come again', async () => {
  shop.tableAway = true
  for (const [name, options] of [
    ['list-customers', {}],
    ['get-customer', { params: { id: 'customer_k_004' } }],
    ['list-products', {}],
    ['get-product', { params: { id: 'chleb_k_1' } }],
    ['get-readyz', {}],
  ] as const) {
    const answer = await ask(name, options)
    expect(answer.status, name).toBe(503)
    expect(answer.headers['retry-after']).toBeDefined()
  }
  expect((await ask('get-readyz')).json().detail).toContain('table')
  expect((await ask('get-healthz')).status).toBe(200)
  shop.tableAway = false
  expect((await ask('get-readyz')).json().checks).toEqual({ bus: 'ok', table: 'ok', objects: 'ok' })
})

test('the metrics are in the text format of Prometheus', async () => {
  await ask('get-product', { params: { id: 'nothing' } })
  const { body } = await ask('get-metrics')
  expect(body).toMatch(/^kram_http_requests_total\{route="get-product",status="404"\} \d+$/m)
  expect(body).toMatch(/^kram_http_request_seconds_bucket\{route="get-product",le="\+Inf"\} \d+$/m)
  expect(body).toMatch(/^kram_invocations_total\{function="on-new-customer",outcome="handled"\} \d+$/m)
  expect(body).toMatch(/^kram_dead_letters 0$/m)
  // Name, labels, value: https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information
  const line = /^(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{[a-z_]+="[^"]*"(?:,[a-z_]+="[^"]*")*\})? [\d.e+-]+)$/
  for (const text of body.trimEnd().split('\n')) expect(text).toMatch(line)
})

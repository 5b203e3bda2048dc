// Whatever comes in, every HTTP function answers as its OpenAPI document says, and never with a fault of ours.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allFunctions, functionOf } from '../support/all-functions.ts'
import { callWith, payloadOf, type RequestOptions } from '../support/http.ts'
import { type HttpShop, openHttpShop } from '../support/http-shop.ts'

let shop: HttpShop
let token: string

beforeAll(async () => {
  shop = await openHttpShop()
  token = await shop.token('admin')
})
afterAll(() => shop.close())

const seed = 20_220_424
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '\u0000',
    '\ud800',
    '%',
    '../..',
    'a#b',
    "'; --",
    '{{7*7}}',
    'x'.repeat(2_000),
  ),
)
const names = [
  'id',
  'first_name',
  'last_name',
  'address',
  'name',
  'type',
  'price',
  'attributes',
  'groups',
  'loyalty_card',
]
const more = [
  'customer_id',
  'product_id',
  'quantity',
  'data',
  'time',
  'source',
  'dataschema',
  'event_type',
  'reason',
  'code',
]
const key = fc.oneof(fc.constantFrom(...names, ...more), text)
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(text, fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.dictionary(key, tie('json'), { maxKeys: 8 }),
    fc.array(tie('json'), { maxLength: 4 }),
  ),
}))

const body = fc.oneof(
  json.map((value) => JSON.stringify(value) ?? null),
  text,
  json.map((value) => (JSON.stringify(value) ?? '').slice(0, -1)),
  fc.constantFrom(null, '', '[]', '{}', 'null', '"'.repeat(70_000), '['.repeat(20_000)),
)
const type = fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/plain', '')
const header = fc.constantFrom(
  'content-type',
  'authorization',
  'idempotency-key',
  'x-correlation-id',
  'traceparent',
  'accept',
)
const queryName = fc.oneof(
  fc.constantFrom('limit', 'after', 'day', 'from', 'to', 'pattern', 'via', 'format', 'code'),
  text,
)
const queryValue = fc.oneof(
  text,
  fc.constantFrom('1', '0', '50', '2022-04-24', 'bus', 'table', '{}', '{"source":["x"]}'),
)
const query = fc.oneof(
  fc.dictionary(queryName, queryValue, { maxKeys: 3 }).map((all) => new URLSearchParams(all).toString()),
  text,
)

const request: fc.Arbitrary<RequestOptions> = fc.record(
  {
    method: fc.constantFrom('GET', 'POST', 'HEAD', 'PUT', 'get', ''),
    params: fc.dictionary(fc.oneof(fc.constant('id'), text), text, { maxKeys: 2 }),
    query,
    headers: fc.dictionary(fc.oneof(header, text), text, { maxKeys: 4 }),
    body,
    base64: fc.boolean(),
  },
  { requiredKeys: [] },
)

const fine = (status: number, answer: string): void => {
  expect(status, answer).toBeGreaterThanOrEqual(200)
  expect(status, answer).toBeLessThan(500)
}

describe.each(allFunctions.map((served) => [served.route.name, served] as const))('%s', (_name, { route, handler }) => {
  const defaults: RequestOptions = { method: route.method, path: route.path }

  test('answers any request', async () => {
    const property = fc.asyncProperty(request, type, async (options, contentType) => {
      const headers = { 'content-type': contentType, ...options.headers }
      const answer = await callWith(handler, route, payloadOf({ ...defaults, token, ...options, headers }))
      fine(answer.status, answer.body)
    })
    await fc.assert(property, { seed, numRuns: 60 })
  })

  test('answers a well-formed caller with any JSON', async () => {
    const property = fc.asyncProperty(json, async (value) => {
      const answer = await callWith(
        handler,
        route,
        payloadOf({ ...defaults, token, json: value ?? null, params: { id: 'x' } }),
      )
      fine(answer.status, answer.body)
    })
    await fc.assert(property, { seed, numRuns: 50 })
  })

  test('answers whatever invokes it', async () => {
    const property = fc.asyncProperty(fc.anything(), async (payload) => {
      const answer = await callWith(handler, route, payload)
      expect(answer.status).toBe(400)
    })
    await fc.assert(property, { seed, numRuns: 50 })
  })
})

describe('almost good bodies', () => {
  const good: Record<string, object> = {
    'post-customers': { id: 'c', first_name: 'A', last_name: 'B', address: 'C', loyalty_card: 'gold', groups: ['a'] },
    'post-products': { id: 'p', name: 'P', type: 't', price: 0.54, attributes: { a: 'b' } },
    'post-purchases': { customer_id: 'c', product_id: 'p', quantity: 1 },
  }

  test.each(Object.entries(good))('%s with one field changed', async (name, valid) => {
    const { handler, route } = functionOf(name)
    const property = fc.asyncProperty(fc.constantFrom(...Object.keys(valid)), json, async (field, value) => {
      const payload = payloadOf({ method: 'POST', path: route.path, token, json: { ...valid, [field]: value } })
      const answer = await callWith(handler, route, payload)
      fine(answer.status, answer.body)
      if (answer.status === 400) expect(answer.json().issues[0].pointer.startsWith(`/${field}`)).toBe(true)
    })
    await fc.assert(property, { seed, numRuns: 150 })
  })
})

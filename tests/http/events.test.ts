// POST and GET /events, dead letters: what whoever runs the shop does over HTTP.
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { handler as onPurchase } from '../../functions/on-customer-buys-product.ts'
import { handler as onNewCustomer } from '../../functions/on-new-customer.ts'
import { handler as onNewProduct } from '../../functions/on-new-product.ts'
import { limits } from '../../lib/base/limits.ts'
import { eventFunction } from '../../lib/lambda/event-function.ts'
import type { Envelope } from '../../lib/ports/bus.ts'
import { functionOf } from '../support/all-functions.ts'
import { call, type RequestOptions } from '../support/http.ts'
import { type HttpShop, openHttpShop } from '../support/http-shop.ts'

let shop: HttpShop
let token: string

const broken = eventFunction([], async () => {
  throw new TypeError('always')
})
const of = (type: string) => ({ 'detail-type': [type] })

beforeEach(async () => {
  shop = await openHttpShop([
    { name: 'on-new-customer', pattern: of('new_customer'), handler: onNewCustomer },
    { name: 'on-new-product', pattern: of('new_product'), handler: onNewProduct },
    { name: 'on-customer-buys-product', pattern: of('customer_buys_product'), handler: onPurchase },
    { name: 'always-fails', pattern: of('new_customer'), handler: broken },
  ])
  token = await shop.token('admin')
})
afterEach(() => shop.close())

const ask = (name: string, options: RequestOptions = {}) => {
  const { handler, route } = functionOf(name)
  return call(handler, route, { token, ...options })
}
const send = (json: unknown, query: Record<string, string> = {}, options: RequestOptions = {}) =>
  ask('post-events', { json, query, ...options })

const now = '2022-04-24T19:41:07.123Z'
const customer = { id: 'c', first_name: 'A', last_name: 'B', address: 'C' }
const product = { id: 'p', name: 'P', type: 't', price: 0.54 }
const purchase = { customer_id: 'c', product_id: 'p', quantity: 2 }
const envelope = {
  specversion: '1.0',
  id: 'e-1',
  source: 'kram.shop',
  type: 'new_product',
  time: '2022-04-24T12:00:00.000Z',
  subject: 'p',
  dataschema: 'urn:kram:new_product:1',
  correlationid: 'c-0',
  data: product,
}

describe('POST /events', () => {
  test('takes whole envelopes as they are', async () => {
    const answer = await send([envelope], {}, { headers: { 'x-correlation-id': 'c-1' } })
    expect(answer.status).toBe(200)
    expect(answer.json()).toEqual({ accepted: ['e-1'], rejected: [], correlation_id: 'c-1' })
    expect((await ask('list-events')).json().items).toEqual([{ event: envelope, taken_at: now }])
  })

  test('completes what has but type and data, in the batch’s order', async () => {
    await send(
      [
        { type: 'new_product', data: product },
        { type: 'new_customer', data: customer },
      ],
      {},
      { headers: { 'x-correlation-id': 'c-1' } },
    )
    const { items } = (await ask('list-events')).json()
    expect(items.map(({ event }: { event: object }) => event)).toMatchObject([
      { type: 'new_product', time: now, correlationid: 'c-1', dataschema: 'urn:kram:new_product:1', data: product },
      { type: 'new_customer', time: '2022-04-24T19:41:07.124Z', correlationid: 'c-1', data: customer },
    ])
  })

  test('takes the messages of the first shop as its producers made them', async () => {
    const lines = readFileSync(new URL('../payloads/clientflow.jsonl', import.meta.url), 'utf8')
      .trim()
      .split('\n')
    const messages = lines.map((line) => JSON.parse(line))
    const answer = await send(messages, { format: 'clientflow' })
    expect(answer.json().accepted).toHaveLength(messages.length)
    const { items } = (await ask('list-events', { query: { limit: '100' } })).json()
    expect(items.map(({ event }: { event: { type: string } }) => event.type)).toEqual(
      messages.map(({ event_type }) => event_type),
    )
  })

  test('via the table: the effect is there at once, and the same event follows on the bus', async () => {
    const batch = [
      { type: 'new_product', data: product },
      { type: 'new_customer', data: customer },
      { type: 'customer_buys_product', data: purchase },
    ]
    const { accepted } = (await send(batch, { via: 'table' })).json()
    const document = (await ask('get-customer', { params: { id: 'c' } })).json()
    expect(document.products).toMatchObject([{ id: 'p', price_minor: 54, quantity: 2 }])
    await shop.deliver()
    const { items } = (await ask('list-events')).json()
    const ids = items.map(({ event }: { event: { id: string } }) => event.id)
    expect(ids).toEqual(expect.arrayContaining(accepted))
    expect((await ask('get-customer', { params: { id: 'c' } })).json().products).toHaveLength(1)
  })

  test('with an Idempotency-Key a repeated batch is the same events', async () => {
    const batch = [
      { type: 'new_product', data: product },
      { type: 'new_customer', data: customer },
    ]
    const keyed = () => send(batch, {}, { headers: { 'idempotency-key': 'k' } })
    const first = (await keyed()).json().accepted
    shop.clock.ms += 60_000
    expect((await keyed()).json().accepted).toEqual(first)
    expect((await ask('list-events')).json().items).toHaveLength(2)
  })

  test('rejects one by one: an id that was used for other content', async () => {
    await send([envelope])
    const changed = { ...envelope, data: { ...product, price: 1 } }
    const answer = (await send([changed, { ...envelope, id: 'e-2' }])).json()
    expect(answer).toMatchObject({ accepted: ['e-2'], rejected: [{ id: 'e-1', code: 'conflict', retryable: false }] })
  })

  test('rejects the same id with other content within one batch', async () => {
    const answer = (await send([envelope, { ...envelope, data: { ...product, price: 1 } }])).json()
    expect(answer.rejected).toMatchObject([{ id: 'e-1', code: 'conflict' }])
  })

  test('takes an event of ten years ago', async () => {
    const old = { ...envelope, time: '2012-04-24T12:00:00.000Z' }
    expect((await send([old])).json()).toMatchObject({ accepted: ['e-1'], rejected: [] })
    await shop.deliver()
    const { items } = (await ask('list-prices', { params: { id: 'p' } })).json()
    expect(items).toEqual([{ time: '2012-04-24T12:00:00.000Z', price_minor: 54 }])
  })

  test.each(['bus', 'table'])('rejects an event from the future, via %s', async (via) => {
    const future = { ...envelope, time: '2022-04-24T19:47:00.000Z' }
    expect((await send([future], { via })).json()).toMatchObject({
      accepted: [],
      rejected: [{ id: 'e-1', code: 'event_from_the_future' }],
    })
  })

  test.each<[string, unknown, string, string]>([
    ['an unknown event type', { type: 'hello', data: {} }, 'unknown_event_type', '/1/type'],
    ['an unknown field of the envelope', { ...envelope, more: 1 }, 'invalid_event', '/1/more'],
    ['an unknown field of the data', { ...envelope, data: { ...product, more: 1 } }, 'invalid_event', '/1/data/more'],
    ['a wrong type', { ...envelope, data: { ...product, name: 1 } }, 'invalid_event', '/1/data/name'],
    ['a negative price', { ...envelope, data: { ...product, price: -1 } }, 'invalid_event', '/1/data/price'],
    [
      'quantity 0',
      { type: 'customer_buys_product', data: { ...purchase, quantity: 0 } },
      'invalid_event',
      '/1/data/quantity',
    ],
    [
      'a price of the sender’s choice',
      { type: 'customer_buys_product', data: { ...purchase, price_minor: 1 } },
      'invalid_event',
      '/1/data/price_minor',
    ],
    ['another’s source', { ...envelope, source: 'kram.orders' }, 'invalid_event', '/1/source'],
    [
      'a version that is not known',
      { ...envelope, dataschema: 'urn:kram:new_product:9' },
      'unknown_dataschema',
      '/1/dataschema',
    ],
    ['a day that is none', { ...envelope, time: '2022-02-30T00:00:00.000Z' }, 'invalid_event', '/1/time'],
    ['nothing', {}, 'invalid_event', '/1/type'],
    ['a text', 'hello', 'invalid_input', '/1'],
    ['a list', [], 'invalid_input', '/1'],
  ])('refuses the whole batch for %s', async (_name, bad, code, pointer) => {
    const answer = await send([{ type: 'new_customer', data: customer }, bad])
    expect({ status: answer.status, code: answer.json().code }).toEqual({ status: 400, code })
    expect(answer.json().issues[0]).toMatchObject({ in: 'body', pointer })
    expect((await ask('list-events')).json().items).toEqual([])
  })

  test.each([
    ['no list', { type: 'new_product', data: product }],
    ['an empty list', []],
    ['201 events', Array.from({ length: 201 }, () => ({}))],
  ])('refuses %s', async (_name, json) => {
    expect((await send(json)).json()).toMatchObject({ status: 400, code: 'invalid_input' })
  })
})

describe('GET /events', () => {
  const seed = async (count: number) => {
    const batch = Array.from({ length: count }, (_, i) => ({
      ...envelope,
      id: `e-${i}`,
      data: { ...product, price: i },
    }))
    await send(batch)
  }
  const idsOf = (items: { event: { id: string } }[]) => items.map(({ event }) => event.id)

  test('pages through events of one and the same millisecond, each once', async () => {
    await seed(7)
    const ids: string[] = []
    let query: Record<string, string> = { limit: '3' }
    for (let more = true; more; ) {
      const page = (await ask('list-events', { query })).json()
      ids.push(...idsOf(page.items))
      query = { ...query, after: page.next }
      more = page.more
    }
    expect(ids).toEqual(Array.from({ length: 7 }, (_, i) => `e-${i}`))
  })

  test('goes on from `next` when later events have come, also of the same millisecond', async () => {
    await seed(2)
    const { next, more } = (await ask('list-events')).json()
    expect(more).toBe(false)
    await send([{ ...envelope, id: 'same-ms' }])
    shop.clock.ms += 1_000
    await send([{ ...envelope, id: 'later' }])
    const page = (await ask('list-events', { query: { after: next } })).json()
    expect(idsOf(page.items)).toEqual(['same-ms', 'later'])
    expect(idsOf((await ask('list-events', { query: { after: page.next } })).json().items)).toEqual([])
  })

  test('looks at a bounded number of events a page, and goes on from there', async () => {
    const many = Array.from({ length: limits.scannedEvents + 5 }, (_, i) => ({ ...envelope, id: `e-${i}` }))
    await shop.bus.publish(many as Envelope[])
    const last = `e-${limits.scannedEvents + 4}`
    const query = { pattern: JSON.stringify({ detail: { id: [last] } }) }
    const first = (await ask('list-events', { query })).json()
    expect(first).toMatchObject({ items: [], more: true })
    const second = (await ask('list-events', { query: { ...query, after: first.next } })).json()
    expect({ ids: idsOf(second.items), more: second.more }).toEqual({ ids: [last], more: false })
  })

  test('picks by an event pattern', async () => {
    await send([envelope, { type: 'new_customer', data: customer }])
    const pattern = JSON.stringify({
      'detail-type': [{ prefix: 'new_' }],
      detail: { data: { price: [{ numeric: ['<', 1] }] } },
    })
    expect(idsOf((await ask('list-events', { query: { pattern } })).json().items)).toEqual(['e-1'])
  })

  test('picks by the time at which the bus took them; the default is the last hour', async () => {
    await send([envelope])
    shop.clock.ms += 3_600_001
    token = await shop.token('admin')
    await send([{ ...envelope, id: 'e-2' }])
    expect(idsOf((await ask('list-events')).json().items)).toEqual(['e-2'])
    const all = { from: '2022-04-24T00:00:00Z' }
    expect(idsOf((await ask('list-events', { query: all })).json().items)).toEqual(['e-1', 'e-2'])
    const before = { ...all, to: '2022-04-24T20:00:00.000Z' }
    expect(idsOf((await ask('list-events', { query: before })).json().items)).toEqual(['e-1'])
  })

  test.each<[string, Record<string, string>, string]>([
    ['a pattern that is no JSON', { pattern: '{' }, '/pattern'],
    ['a pattern that EventBridge refuses', { pattern: '{"source": "kram.shop"}' }, '/pattern'],
    ['a pattern that is a list', { pattern: '[]' }, '/pattern'],
    ['a time that is none', { from: 'yesterday' }, '/from'],
    ['an end before the beginning', { from: '2022-04-24T00:00:00Z', to: '2022-04-23T00:00:00Z' }, '/from'],
  ])('refuses %s', async (_name, query, pointer) => {
    const answer = await ask('list-events', { query })
    expect(answer.status).toBe(400)
    expect(answer.json().issues[0]).toMatchObject({ in: 'query', pointer })
  })

  test.each(['x', btoa('now 1'), btoa(`${now} -1`), btoa(`${now} 1 1`), '%'])(
    'refuses a page token: %s',
    async (after) => {
      expect((await ask('list-events', { query: { after } })).json().code).toBe('page_token')
    },
  )
})

describe('dead letters', () => {
  // A customer, whom one subscriber always fails on, buys what nobody has announced.
  const failBoth = async () => {
    await send([{ type: 'new_customer', data: customer }])
    await shop.deliver()
    await send([{ type: 'customer_buys_product', data: purchase }])
    await shop.deliver()
  }

  test('are listed, filtered, and paged', async () => {
    await failBoth()
    const { items } = (await ask('list-dead-letters')).json()
    expect(items).toMatchObject([
      { subscription: 'always-fails', code: 'internal', retryable: true, event: { type: 'new_customer' } },
      {
        subscription: 'on-customer-buys-product',
        code: 'unknown_product',
        message: expect.stringContaining('no product p'),
      },
    ])
    const some = async (query: Record<string, string>) => (await ask('list-dead-letters', { query })).json()
    expect((await some({ code: 'unknown_product' })).items).toHaveLength(1)
    expect((await some({ subscription: 'always-fails' })).items).toHaveLength(1)
    expect((await some({ id: items[0].id })).items).toEqual([items[0]])
    const page = await some({ limit: '1' })
    expect((await some({ limit: '1', after: page.next })).items).toEqual([items[1]])
  })

  test('are sent again once their reason is gone', async () => {
    await failBoth()
    await send([{ ...envelope }])
    await shop.deliver()
    const answer = await ask('post-redrive', { json: { code: 'unknown_product' } })
    expect({ status: answer.status, body: answer.json() }).toEqual({ status: 202, body: { redriven: 1 } })
    await shop.deliver()
    expect((await ask('get-customer', { params: { id: 'c' } })).json().products).toHaveLength(1)
    expect((await ask('list-dead-letters', { query: { code: 'unknown_product' } })).json().items).toEqual([])
  })

  test('are set aside with a reason, and stay readable', async () => {
    await send([{ type: 'new_customer', data: customer }])
    await shop.deliver()
    const { id } = (await ask('list-dead-letters')).json().items[0]
    const answer = await ask('post-discard', { params: { id }, json: { reason: 'a test of ours' } })
    expect(answer.json()).toEqual({ id, discarded: 'a test of ours' })
    expect((await ask('list-dead-letters')).json().items).toMatchObject([{ id, discarded: 'a test of ours' }])
  })

  test('that are not there cannot be set aside', async () => {
    const answer = await ask('post-discard', { params: { id: 'nothing' }, json: { reason: 'x' } })
    expect({ status: answer.status, code: answer.json().code }).toEqual({ status: 404, code: 'dead_letter_not_found' })
  })

  test.each([
    ['without a body, so that a slip redrives nothing', 'post-redrive', undefined, ''],
    ['with a list', 'post-redrive', [], ''],
    ['with an unknown filter', 'post-redrive', { type: 'x' }, '/type'],
    ['without a reason', 'post-discard', {}, '/reason'],
    ['with a blank reason', 'post-discard', { reason: ' ' }, '/reason'],
  ])('are not touched %s', async (_name, name, json, pointer) => {
    const answer = await ask(name, { params: { id: 'x' }, ...(json === undefined ? {} : { json }) })
    expect(answer.status).toBe(400)
    expect(answer.json().issues[0]).toMatchObject({ in: 'body', pointer })
  })
})

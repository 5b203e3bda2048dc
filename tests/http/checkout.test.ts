// POST /checkout, product hints and POST /promos/evaluate, as front ends and marketers call them.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { handler as reloadPromos } from '../../functions/reload-promos.ts'
import { recordEvents } from '../../lib/app/record-events.ts'
import { provideDeps } from '../../lib/lambda/deps.ts'
import type { Role } from '../../lib/lambda/roles.ts'
import { functionOf } from '../support/all-functions.ts'
import { captureOutput } from '../support/capture-output.ts'
import { customer, product } from '../support/events.ts'
import { call, type RequestOptions } from '../support/http.ts'
import { type HttpShop, openHttpShop } from '../support/http-shop.ts'
import { createMemoryObjects } from '../support/memory-objects.ts'
import { percentOff, save, talk } from '../support/promos.ts'
import { away, type UnsteadyObjects, unsteady } from '../support/unsteady-objects.ts'

let shop: HttpShop
let objects: UnsteadyObjects
const tokens = {} as Record<Role, string>

const ask = (name: string, as: Role, options: RequestOptions = {}) => {
  const { handler, route } = functionOf(name)
  return call(handler, route, { token: tokens[as], ...options })
}
const checkout = (json: unknown, as: Role = 'shop') => ask('post-checkout', as, { json })
const hints = (id: string, options: RequestOptions & { as?: Role } = {}) => {
  const { as = 'shop', ...rest } = options
  return ask('get-hints', as, { path: `/products/${id}/hints`, params: { id }, ...rest })
}
const publish = async (id: string, config: ReturnType<typeof percentOff>) => {
  await save(shop.deps, id, config)
  await captureOutput(() => reloadPromos({}))
  shop.clock.ms += 2_001
}

const shorts = { lines: [{ product_id: 'shorts', quantity: 1 }] }

beforeAll(async () => {
  shop = await openHttpShop()
  objects = unsteady(createMemoryObjects())
  shop.deps.objects = objects
  provideDeps({ objects, settings: { ...shop.deps.settings, deliveries: { courier: 1_500, pickup: 0 } } })
  for (const role of ['shop', 'tester', 'marketer', 'admin'] as const) tokens[role] = await shop.token(role)
  const attributes = { brand: 'Puma', kind: 'Shorts' }
  const events = [
    product('e1', { id: 'shorts', price: 790, name: 'Шорти', type: 'шорти', attributes }),
    product('e2', { id: 'bread', price: 0.38 }),
    customer('e3', { id: 'c1' }),
  ]
  const { rejected } = await recordEvents(shop.deps, events, { via: 'table' })
  expect(rejected).toEqual([])
  await publish('ten', percentOff(10, { product_filters: { brand: 'Puma' }, title: 'Ten off' }))
  await publish('secret', percentOff(20, { state: 'test', title: 'Not yet' }))
  await publish('soon', percentOff(5, { start: '2022-04-24T20:00:00Z', finish: '2022-04-24T21:00:00Z' }))
})
afterEach(() => {
  objects.before = () => undefined
})
afterAll(() => shop.close())

describe('checkout', () => {
  test('answers the allocation', async () => {
    const { status, headers, json } = await checkout({
      ...shorts,
      customer_id: 'c1',
      delivery: { method: 'courier', city: 'Lviv', country: 'UA' },
      payment: { method: 'card' },
      codes: ['NONE'],
      channel: 'web',
      language: 'uk',
    })
    expect(status).toBe(200)
    expect(headers['cache-control']).toBe('no-store')
    expect(json()).toMatchObject({
      ...{ currency: 'PLN', items_minor: 79_000, discount_minor: 7_900, delivery_minor: 1_500, total_minor: 72_600 },
      applied: [{ promo: 'ten', version: 1, title: 'Ten off', discount_minor: 7_900 }],
      valid_until: '2022-04-24T20:00:00.000Z',
      promos_version: 3,
    })
  })

  test('shows test promotions to a tester, whose role is signed, and to nobody else', async () => {
    expect((await checkout(shorts, 'tester')).json().applied).toMatchObject([{ promo: 'secret' }, { promo: 'ten' }])
    for (const role of ['shop', 'admin'] as const) {
      const { body } = await checkout(shorts, role)
      expect(body).not.toMatch(/secret|Not yet/)
    }
  })

  test.each<[string, object, string]>([
    ['a price', { lines: [{ product_id: 'shorts', quantity: 1, price_minor: 1 }] }, '/lines/0/price_minor'],
    ['attributes', { lines: [{ product_id: 'bread', quantity: 1, attributes: {} }] }, '/lines/0/attributes'],
    [
      'the price of the delivery',
      { ...shorts, delivery: { method: 'courier', price_minor: 0 } },
      '/delivery/price_minor',
    ],
    ['promotions', { ...shorts, promos: [percentOff(99)] }, '/promos'],
    ['that it is a tester', { ...shorts, tester: true }, '/tester'],
    ['what the customer is', { ...shorts, customer: { groups: ['vip'] } }, '/customer'],
    ['the time', { ...shorts, now: '2022-04-24T20:30:00Z' }, '/now'],
    ['a currency', { ...shorts, currency: 'UAH' }, '/currency'],
  ])('takes nobody’s word for %s', async (_name, json, pointer) => {
    const answer = await checkout(json)
    expect(answer.status).toBe(400)
    expect(answer.json().issues).toMatchObject([{ in: 'body', pointer, message: 'is not a field here' }])
  })

  test.each<[string, object, string]>([
    ['no lines', { lines: [] }, '/lines'],
    ['201 lines', { lines: Array.from({ length: 201 }, (_, i) => ({ product_id: `p${i}`, quantity: 1 })) }, '/lines'],
    ['a quantity of 0', { lines: [{ product_id: 'bread', quantity: 0 }] }, '/lines/0/quantity'],
    ['half a piece', { lines: [{ product_id: 'bread', quantity: 0.5 }] }, '/lines/0/quantity'],
    ['too many pieces', { lines: [{ product_id: 'bread', quantity: 10_001 }] }, '/lines/0/quantity'],
    ['a product twice', { lines: [shorts.lines[0], shorts.lines[0]] }, '/lines/1'],
    ['a delivery of no kind', { ...shorts, delivery: {} }, '/delivery/method'],
    ['a delivery that the shop has not', { ...shorts, delivery: { method: 'drone' } }, '/delivery/method'],
    ['a language that hints have not', { ...shorts, language: 'la' }, '/language'],
    ['too many codes', { ...shorts, codes: Array.from({ length: 51 }, (_, i) => `C${i}`) }, '/codes'],
  ])('refuses %s', async (_name, json, pointer) => {
    const answer = await checkout(json)
    expect(answer.status).toBe(400)
    expect(answer.json().issues).toMatchObject([{ in: 'body', pointer }])
  })

  test('names products that are not there', async () => {
    const answer = await checkout({ lines: [...shorts.lines, { product_id: 'cake', quantity: 1 }] })
    expect(answer.json()).toMatchObject({
      status: 404,
      code: 'unknown_product',
      issues: [{ in: 'body', pointer: '/lines/1/product_id' }],
    })
  })

  test('while promotions cannot be checked goes on with the last good ones, and says so: body, log, metrics', async () => {
    shop.clock.ms += 10_000
    objects.before = away
    const { status, json, logs } = await checkout(shorts)
    expect({ status, ...json() }).toMatchObject({ status: 200, discount_minor: 7_900, promos_stale: true })
    expect(logs).toMatch(/"level":"WARN","message":"promos_stale".*"code":"objects_unavailable"/)
    const { body } = await ask('get-metrics', 'shop')
    expect(body).toMatch(/^kram_promo_faults_total\{kind="promos_stale",code="objects_unavailable"\} 1$/m)
    objects.before = () => undefined
    shop.clock.ms += 2_001
    expect((await checkout(shorts)).json()).not.toHaveProperty('promos_stale')
  })

  test('with no promotions at all answers list prices, and says so: body, log, metrics', async () => {
    const broken = unsteady(shop.deps.objects)
    broken.before = away
    provideDeps({ objects: broken })
    const { status, json, logs } = await checkout(shorts)
    provideDeps({ objects })
    expect(status).toBe(200)
    expect(json()).toMatchObject({ total_minor: 79_000, applied: [], promos_failed: { code: 'promos_unavailable' } })
    expect(logs).toMatch(/"level":"ERROR","message":"promos_failed".*"code":"promos_unavailable"/)
    const { body } = await ask('get-metrics', 'shop')
    expect(body).toMatch(/^kram_promo_faults_total\{kind="promos_failed",code="promos_unavailable"\} 1$/m)
  })

  test('while the table is away is told to come again', async () => {
    shop.tableAway = true
    const { status, headers } = await checkout(shorts)
    shop.tableAway = false
    expect({ status, again: headers['retry-after'] !== undefined }).toEqual({ status: 503, again: true })
  })
})

describe('hints of a product', () => {
  test('say what one unit gets, and may be kept for a minute', async () => {
    const { status, headers, json } = await hints('shorts')
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=60, stale-while-revalidate=30',
      etag: expect.stringMatching(/^"[\w-]{22}"$/),
      vary: 'authorization',
    })
    expect(json()).toMatchObject({
      active: [{ promo: 'ten', text: expect.any(String), gain_minor: 7_900 }],
      hints: [],
      valid_until: '2022-04-24T20:00:00.000Z',
      promos_version: 3,
    })
  })

  test('may be kept no longer than they hold: to the second when the next promotion begins', async () => {
    const { ms } = shop.clock
    const maxAgeAt = async (time: string) => {
      shop.clock.ms = Date.parse(time)
      for (const role of ['shop', 'tester'] as const) tokens[role] = await shop.token(role)
      return (await hints('shorts')).headers['cache-control']?.replace(/.*max-age=(\d+),.*/, '$1')
    }
    expect(await maxAgeAt('2022-04-24T19:58:59.000Z')).toBe('60')
    expect(await maxAgeAt('2022-04-24T19:59:30.500Z')).toBe('29')
    expect(await maxAgeAt('2022-04-24T19:59:59.999Z')).toBe('0')
    expect(await maxAgeAt('2022-04-24T20:59:40.000Z')).toBe('20')
    expect(await maxAgeAt('2022-04-24T21:00:00.000Z')).toBe('60')
    shop.clock.ms = ms
    for (const role of ['shop', 'tester'] as const) tokens[role] = await shop.token(role)
  })

  test('are not sent again to who has them', async () => {
    const { headers } = await hints('shorts')
    for (const known of [headers.etag, `W/${headers.etag}`, `"x", ${headers.etag}`, '*']) {
      const again = await hints('shorts', { headers: { 'if-none-match': known ?? '' } })
      expect(again).toMatchObject({ status: 304, body: '' })
      expect(again.headers).toMatchObject({ etag: headers.etag, 'cache-control': headers['cache-control'] })
      expect(again.headers).not.toHaveProperty('content-type')
    }
    expect((await hints('shorts', { headers: { 'if-none-match': '"x"' } })).status).toBe(200)
  })

  test('differ for a tester, and no cache between may keep those', async () => {
    const seen = await hints('shorts', { as: 'tester' })
    expect(seen.json().active.map(({ promo }: { promo: string }) => promo)).toContain('secret')
    expect(seen.headers['cache-control']).toBe('private, max-age=60, stale-while-revalidate=30')
    const others = await hints('shorts', { headers: { 'if-none-match': seen.headers.etag ?? '' } })
    expect(others.status).toBe(200)
    expect(others.body).not.toContain('secret')
  })

  test('come in the language asked for', async () => {
    const texts = await Promise.all(
      ['pl', 'uk', 'en'].map(
        async (language) => (await hints('shorts', { query: { language } })).json().active[0].text,
      ),
    )
    expect(new Set(texts).size).toBe(3)
    expect((await hints('shorts', { query: { language: 'la' } })).status).toBe(400)
  })

  test('of a product that is not there', async () => {
    expect((await hints('cake')).json()).toMatchObject({ status: 404, code: 'unknown_product' })
  })

  test('are the last good ones while promotions cannot be checked, and say so', async () => {
    shop.clock.ms += 10_000
    objects.before = away
    const { status, json, logs } = await hints('shorts')
    expect({ status, ...json() }).toMatchObject({ status: 200, active: [{ promo: 'ten' }], promos_stale: true })
    expect(logs).toMatch(/"level":"WARN","message":"promos_stale"/)
    objects.before = () => undefined
    shop.clock.ms += 2_001
    expect((await hints('shorts')).json()).not.toHaveProperty('promos_stale')
  })

  test('are empty when promotions fail, and then nobody keeps them', async () => {
    const broken = unsteady(shop.deps.objects)
    broken.before = away
    provideDeps({ objects: broken })
    const { status, headers, json } = await hints('shorts')
    provideDeps({ objects })
    expect(status).toBe(200)
    expect(headers['cache-control']).toBe('public, max-age=0, stale-while-revalidate=0')
    expect(json()).toMatchObject({ active: [], hints: [], promos_failed: { code: 'promos_unavailable' } })
  })
})

describe('evaluate', () => {
  const order = {
    currency: 'UAH',
    lines: [{ id: '1', price_minor: 60_000, quantity: 1, attributes: { brand: 'Puma', kind: 'Shorts' } }],
    delivery: { method: 'novaposhta', price_minor: 7_000 },
    payment: { method: 'card' },
  }
  const facts = { promos: [talk], order, now: '2022-08-24T10:00:00Z' }

  test('tries given promotions on a given order', async () => {
    const { json } = await ask('post-evaluate', 'marketer', { json: facts })
    expect(json()).toMatchObject({ cashback_minor: 7_800, total_minor: 67_000, promos_version: 0 })
  })

  test('says where facts are wrong', async () => {
    const wrong = await ask('post-evaluate', 'marketer', { json: { ...facts, promos: [{ actions: [] }] } })
    expect(wrong.json()).toMatchObject({
      code: 'invalid_promo',
      issues: [{ in: 'body', pointer: '/promos/0/actions' }],
    })
    const none = await ask('post-evaluate', 'marketer', { json: {} })
    expect(none.json()).toMatchObject({ code: 'invalid_input', issues: [{ pointer: '/promos' }, {}, {}] })
  })
})

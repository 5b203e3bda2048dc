// POST /orders and what follows over HTTP: keys, roles, the 409 with the new allocation, cancelling, returning.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { reloadPromos } from '../../lib/app/promos/reload-promos.ts'
import { recordEvents } from '../../lib/app/record-events.ts'
import type { JsonObject } from '../../lib/base/json.ts'
import type { Role } from '../../lib/lambda/roles.ts'
import { functionOf } from '../support/all-functions.ts'
import { customer, product } from '../support/events.ts'
import { call } from '../support/http.ts'
import { type HttpShop, openHttpShop } from '../support/http-shop.ts'
import { save } from '../support/promos.ts'

let shop: HttpShop
beforeEach(async () => {
  shop = await openHttpShop()
  await recordEvents(shop.deps, [product('p', { price: 10 }), customer('c'), customer('d', { id: 'c2' })], {
    via: 'table',
  })
})
afterEach(async () => {
  await shop.deliver()
  await shop.close()
})

async function publish(id: string, config: JsonObject): Promise<void> {
  await save(shop.deps, id, config)
  await reloadPromos(shop.deps)
  shop.clock.ms += 2_001
}

type Ask = { role?: Role; subject?: string; key?: string; params?: { id: string }; json?: JsonObject }

async function ask(name: string, { role = 'shop', subject = 'front', key, params, json }: Ask) {
  const { route, handler } = functionOf(name)
  const answer = await call(handler, route, {
    token: await shop.token(role, subject),
    ...(params && { params }),
    ...(json && { json }),
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  })
  return { status: answer.status, body: answer.json() }
}

const cart = { customer_id: 'c1', lines: [{ product_id: 'p1', quantity: 2 }], expected_total_minor: 2_000 }

test('an order with a key is placed once, and can be read, returned and cancelled', async () => {
  const placed = await ask('post-orders', { key: 'k1', json: cart })
  expect(placed).toMatchObject({ status: 200, body: { state: 'placed', total_minor: 2_000 } })
  expect(await ask('post-orders', { key: 'k1', json: cart })).toEqual(placed)
  expect(await ask('post-orders', { key: 'k1', json: { ...cart, channel: 'app' } })).toMatchObject({
    status: 409,
    body: { code: 'conflict' },
  })
  const params = { id: String(placed.body.id) }
  expect(await ask('get-order', { params })).toEqual(placed)
  const lines = [{ line_id: 'p1', quantity: 1 }]
  const back = await ask('post-order-returns', { params, key: 'r1', json: { lines } })
  expect(back).toMatchObject({ status: 200, body: { refund_minor: 1_000, order_id: params.id } })
  expect(await ask('post-order-returns', { params, key: 'r1', json: { lines } })).toEqual(back)
  expect(await ask('post-order-cancel', { params })).toMatchObject({ status: 409, body: { code: 'order_has_returns' } })
  const other = await ask('post-orders', { key: 'k2', json: cart })
  const why = { params: { id: String(other.body.id) }, json: { reason: 'too late' } }
  expect(await ask('post-order-cancel', why)).toMatchObject({ status: 400, body: { issues: [{ pointer: '/reason' }] } })
  expect(await ask('get-order', { params: why.params })).toMatchObject({ body: { state: 'placed' } })
  expect(await ask('post-order-cancel', { params: { id: String(other.body.id) } })).toMatchObject({
    status: 200,
    body: { state: 'cancelled', given_back: { refund_minor: 2_000 } },
  })
  // The first answers, though much has come of both orders since.
  expect(await ask('post-orders', { key: 'k1', json: cart })).toEqual(placed)
  expect(await ask('post-orders', { key: 'k2', json: cart })).toEqual(other)
})

test('without a key nothing is ordered or returned', async () => {
  const expected = { status: 400, body: { code: 'idempotency_key', issues: [{ in: 'header' }] } }
  expect(await ask('post-orders', { json: cart })).toMatchObject(expected)
  const lines = [{ line_id: 'p1', quantity: 1 }]
  expect(await ask('post-order-returns', { params: { id: 'x' }, json: { lines } })).toMatchObject(expected)
})

test('a promotion that is over is told with what the order comes to now, and the next try under the key is good', async () => {
  await publish('five', { state: 'live', actions: [{ type: 'percent_off', value: 5 }] })
  const shown = { ...cart, expected_total_minor: 1_800, expected_promos: ['ten'] }
  const changed = await ask('post-orders', { key: 'k', json: shown })
  expect(changed).toMatchObject({
    status: 409,
    body: { code: 'order_changed', allocation: { lines: [{ id: 'p1' }], total_minor: 1_900 } },
  })
  const agreed = { ...cart, expected_total_minor: 1_900, expected_promos: ['five'] }
  expect(await ask('post-orders', { key: 'k', json: agreed })).toMatchObject({
    status: 200,
    body: { total_minor: 1_900, promos: [{ id: 'five', discount_minor: 100 }] },
  })
})

test('a tester orders and sees for the customer that its token speaks for, and sees test promotions', async () => {
  await publish('trial', { state: 'test', actions: [{ type: 'percent_off', value: 50 }] })
  const own = await ask('post-orders', { role: 'tester', subject: 'c1', key: 'k', json: cart })
  expect(own).toMatchObject({ status: 200, body: { total_minor: 1_000 } })
  const other = await ask('post-orders', { role: 'tester', subject: 'c2', key: 'k', json: cart })
  expect(other).toMatchObject({ status: 403, body: { code: 'not_your_customer' } })
  const params = { id: String(own.body.id) }
  expect(await ask('get-order', { role: 'tester', subject: 'c1', params })).toMatchObject({ status: 200 })
  for (const name of ['get-order', 'post-order-cancel']) {
    expect(await ask(name, { role: 'tester', subject: 'c2', params })).toMatchObject({ status: 404 })
  }
  expect(await ask('post-orders', { key: 'k9', json: cart })).toMatchObject({ body: { total_minor: 2_000 } })
})

test('a return of too much, or of another line, names the place in the body', async () => {
  const { body } = await ask('post-orders', { key: 'k1', json: cart })
  const params = { id: String(body.id) }
  const lines = [
    { line_id: 'p1', quantity: 3 },
    { line_id: 'no', quantity: 1 },
  ]
  expect(await ask('post-order-returns', { params, key: 'r', json: { lines } })).toMatchObject({
    status: 400,
    body: {
      code: 'invalid_return',
      issues: [
        { in: 'body', pointer: '/lines/0/quantity' },
        { in: 'body', pointer: '/lines/1/line_id' },
      ],
    },
  })
})

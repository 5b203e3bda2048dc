// One chain of events can be followed: from the request through the bus and the handlers into the document, by
// correlation and causation ids and by the caller's W3C trace context.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { handler as onNewCustomer } from '../../functions/on-new-customer.ts'
import { handler as reloadPromos } from '../../functions/reload-promos.ts'
import { keys } from '../../lib/app/keys.ts'
import { eventFunction } from '../../lib/lambda/event-function.ts'
import { functionOf } from '../support/all-functions.ts'
import { jsonLines } from '../support/capture-output.ts'
import { call, type RequestOptions } from '../support/http.ts'
import { type HttpShop, openHttpShop } from '../support/http-shop.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`
const headers = { 'x-correlation-id': 'chain-1', traceparent }
const customer = { id: 'c', first_name: 'Ada', last_name: 'Polna', address: 'plac 13' }
const of = (type: string) => ({ 'detail-type': [type] })

let shop: HttpShop
let token: string
beforeEach(async () => {
  shop = await openHttpShop([
    { name: 'on-new-customer', pattern: of('new_customer'), handler: onNewCustomer },
    { name: 'after-update', pattern: of('customer_updated'), handler: eventFunction([], async () => undefined) },
    { name: 'reload-promos', pattern: of('promo_changed'), handler: reloadPromos },
  ])
  token = await shop.token('admin')
})
afterEach(() => shop.close())

/** The lines that the request and what followed from it wrote. */
async function linesOf(name: string, options: RequestOptions) {
  const { handler, route } = functionOf(name)
  const answer = await call(handler, route, { token, headers, ...options })
  expect(answer.status, answer.body).toBeLessThan(300)
  await shop.deliver()
  return { answer, lines: [...jsonLines(answer.logs), ...jsonLines(shop.logs)] }
}

const chains = (lines: Record<string, unknown>[]) =>
  lines.map((line) => [line.function, line.correlation_id, line.trace_id])

test('from POST /customers to what follows from the update of the document', async () => {
  const { answer, lines } = await linesOf('post-customers', { json: customer })
  expect(chains(lines)).toEqual([
    ['post-customers', 'chain-1', traceId],
    ['on-new-customer', 'chain-1', traceId],
    ['after-update', 'chain-1', traceId],
  ])
  expect(answer.headers['x-correlation-id']).toBe('chain-1')
  const [, handled, followed] = lines
  expect(handled?.event_id).toBe(answer.json().event_id)
  expect(followed?.causation_id).toBe(handled?.event_id)
  // What was written beside the document says the same.
  const [marker] = await shop.deps.table.get([keys.seen(answer.json().event_id, 'on-new-customer')])
  expect(marker).toMatchObject({ correlation_id: 'chain-1' })
})

test.each([
  ['via=bus', { query: {} }],
  ['via=table', { query: { via: 'table' } }],
  [
    'in the first shop’s format',
    { query: { format: 'clientflow' }, json: [{ event_type: 'new_customer', ...customer }] },
  ],
] as const)('from POST /events, %s', async (_how, options) => {
  const { lines } = await linesOf('post-events', { json: [{ type: 'new_customer', data: customer }], ...options })
  expect(chains(lines)).toContainEqual(['after-update', 'chain-1', traceId])
})

test('from PUT /promos/{id} to the snapshot', async () => {
  const json = { config: { actions: [{ type: 'percent_off', value: 10 }] }, expected_version: 0, reason: 'autumn' }
  const { lines } = await linesOf('put-promo', { params: { id: 'sale' }, json })
  expect(chains(lines)).toContainEqual(['reload-promos', 'chain-1', traceId])
})

test.each(['', 'anything', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, traceparent.toUpperCase()])(
  'a trace context that is none is passed over: %s',
  async (wrong) => {
    const { lines } = await linesOf('post-customers', { json: customer, headers: { traceparent: wrong } })
    expect(lines.map(({ trace_id }) => trace_id)).toEqual([undefined, undefined, undefined])
  },
)

// What the canary test sends: a good request for every route, events with the canary in them, and what no schema takes.
import { readFileSync } from 'node:fs'
import { catalog, type EventType } from '../../events/catalog.ts'
import { parseEvent } from '../../events/event.ts'
import { canary, notIds, planted, spoiled } from './canary.ts'
import type { RequestOptions } from './http.ts'

const customer = { id: 'c1', first_name: 'Cyprian', last_name: 'Ostapczuk', address: 'plac 13' }
const product = { id: 'p1', name: 'Chleb', type: 'chleb', price: 10, attributes: { [canary]: canary } }
export const cart = { customer_id: 'c1', lines: [{ product_id: 'p1', quantity: 3 }], codes: [canary] }
const promo = {
  title: canary,
  notes: canary,
  state: 'live',
  hint: canary,
  codes: [canary],
  actions: [{ type: 'percent_off', value: 10 }],
}

/** A good request for each route that takes more than its role; what lies between braces is filled in. */
export const requests: { [name: string]: RequestOptions } = {
  'post-customers': { json: customer },
  'post-products': { json: product },
  'post-purchases': { json: { customer_id: 'c1', product_id: 'p1', quantity: 1 } },
  'put-promo': { params: { id: 'sale' }, json: { config: promo, expected_version: 0, reason: 'autumn' } },
  'post-rollback': { params: { id: 'sale' }, json: { to: 1, expected_version: 1, reason: 'spring' } },
  'post-pause': { json: { promos: ['none'], reason: 'a stop' } },
  'post-evaluate': {
    json: {
      promos: [{ ...promo, id: 'x' }],
      now: '2022-04-24T19:41:07.123Z',
      order: { currency: 'PLN', lines: [{ id: '1', sku: 's', price_minor: 100, quantity: 1 }] },
    },
  },
  'post-checkout': { json: cart },
  'post-orders': { json: { ...cart, expected_total_minor: 3_000 }, headers: { 'idempotency-key': canary } },
  'get-order': { params: { id: '{order}' } },
  'post-order-returns': {
    params: { id: '{order}' },
    json: { lines: [{ line_id: 'p1', quantity: 1 }] },
    headers: { 'idempotency-key': canary },
  },
  'post-order-cancel': { params: { id: '{order}' } },
  'get-customer': { params: { id: 'c1' } },
  'get-product': { params: { id: 'p1' } },
  'list-prices': { params: { id: 'p1' } },
  'get-lowest-price': { params: { id: 'p1' } },
  'get-hints': { params: { id: 'p1' } },
  'get-promo': { params: { id: 'sale' } },
  'list-promo-versions': { params: { id: 'sale' } },
  'list-aside': { query: { kind: 'unknown' } },
  'post-aside': { json: { kind: 'unknown', discard: 'nobody needs it' } },
  'get-promo-statistics': { query: { from: '2022-04-20', to: '2022-04-25' } },
  'get-promo-diff': { params: { id: 'sale' }, query: { from: '1', to: '2' } },
  'post-events': { json: [{ type: 'new_customer', data: { ...customer, id: 'c2' } }] },
  'post-redrive': { json: {} },
  'post-discard': { params: { id: '{letter}' }, json: { reason: 'sent again' } },
  'post-replays': { json: { from: '2022-04-01T00:00:00.000Z', to: '2022-05-01T00:00:00.000Z' } },
  'get-admin-asset': { params: { file: 'app-1.css' } },
  'get-admin-login': { query: { token: canary }, headers: { host: '127.0.0.1:3000' } },
  'get-replay': { params: { name: '{replay}' } },
  'post-replay-cancel': { params: { name: '{replay}' } },
}

export const wrapped = (detail: Record<string, unknown>, more: object = {}) => ({
  ...{ version: '0', id: 'b1', 'detail-type': detail.type, source: detail.source, account: '000000000000' },
  ...{ time: '2022-04-24T19:41:07Z', region: 'eu-central-1', resources: [], detail, ...more },
})

/** An event of that type with the canary in every text of its data that takes one. */
export function eventOf(type: EventType, id: string): Record<string, unknown> {
  const { detail } = JSON.parse(readFileSync(`events/examples/${type}.json`, 'utf8'))
  const accepts = (data: unknown): boolean => {
    try {
      return parseEvent({ ...detail, id, data }) !== undefined
    } catch {
      return false
    }
  }
  return { ...detail, id, data: planted(detail.data, accepts, notIds(detail.data)) }
}

export const types = Object.keys(catalog) as EventType[]

/** What no schema takes. */
export const poisoned = (detail: Record<string, unknown>): unknown[] => [
  canary,
  { [canary]: canary },
  wrapped({ ...detail, data: canary }),
  wrapped({ ...detail, data: { [canary]: canary } }),
  wrapped({ ...detail, [canary]: canary }),
  wrapped({ ...detail, id: canary.repeat(100), type: canary, correlationid: [canary], causationid: { canary } }),
  wrapped({ ...detail, correlationid: `${canary} z domu`, traceparent: canary }),
  wrapped({ ...detail, type: canary, dataschema: canary, time: canary }),
  ...spoiled(detail.data).map((data) => wrapped({ ...detail, data })),
  { ...wrapped(detail), detail: canary },
]

const message = (body: unknown, messageAttributes: object = {}) => ({
  ...{ messageId: 'm1', attributes: { SentTimestamp: '1650829326500' }, messageAttributes },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

const record = (event: unknown) => ({
  timestamp: '2022-04-24T19:44:59.367Z',
  requestContext: {
    functionArn: 'arn:aws:lambda:r:1:function:kram-dev-on-new-customer',
    condition: 'RetriesExhausted',
    approximateInvokeCount: 3,
  },
  requestPayload: event,
  responsePayload: { errorType: canary, errorMessage: canary, trace: [canary] },
})

const attributes = {
  TARGET_ARN: { stringValue: 'arn:aws:lambda:r:1:function:kram-dev-on-new-customer' },
  ERROR_CODE: { stringValue: canary },
  ERROR_MESSAGE: { stringValue: canary },
}

/** What those functions are given that no subscription of the bus calls. */
export const batches = (): { [name: string]: unknown[] } => {
  const event = wrapped(eventOf('new_customer', 'e9'))
  const change = (pk: string) => ({
    dynamodb: { Keys: { pk: { S: pk }, sk: { S: '0' } }, NewImage: { name: { S: canary } }, SequenceNumber: '1' },
  })
  return {
    'relay-outbox': [{ Records: [change('outbox#e1'), change(`customer#${canary}`)] }, { Records: [canary] }, canary],
    'sweep-outbox': [{}, canary],
    'redrive-dead-letters': [{}, canary],
    'reload-promos': [{}, canary],
    'record-dead-letter': [
      { Records: [message(record(event)), message(event, attributes), message(canary), message({ [canary]: canary })] },
      { Records: canary },
    ],
    'archive-events': [{ Records: [message(event), message(canary)] }, canary],
  }
}

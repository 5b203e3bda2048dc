// What the edge refuses, and where it says the fault is.
import { expect, test } from 'vitest'
import { catalog } from '../../events/catalog.ts'
import { customerBuysProduct } from '../../events/customer-buys-product.ts'
import type { EventDefinition } from '../../events/define.ts'
import { makeEvent, makeParsedEvent, parseEvent } from '../../events/event.ts'
import { newCustomer } from '../../events/new-customer.ts'
import { newProduct } from '../../events/new-product.ts'
import { KramError } from '../../lib/base/errors.ts'

const context = { id: 'e1', time: '2022-04-24T19:41:07.123Z' }
const product = makeEvent(newProduct, newProduct.example, context)
const customer = makeEvent(newCustomer, newCustomer.example, context)
const purchase = makeEvent(customerBuysProduct, customerBuysProduct.example, context)

/** `code pointer`s of the refusal, sorted. */
function faults(input: unknown): string[] {
  try {
    parseEvent(input)
  } catch (error) {
    if (!(error instanceof KramError)) throw error
    expect(error.kind).toBe('invalid')
    expect(error.retryable).toBe(false)
    return (error.detail.issues ?? []).map(({ pointer }) => `${error.code} ${pointer}`).sort()
  }
  return []
}

const withData = (event: object & { data: object }, data: object) => ({ ...event, data: { ...event.data, ...data } })

test('an event comes out as it went in', () => {
  for (const event of [product, customer, purchase]) {
    expect(parseEvent(JSON.parse(JSON.stringify(event)))).toEqual(event)
  }
  expect(product).toMatchObject({ dataschema: 'urn:kram:new_product:1', correlationid: 'e1', subject: 'chleb_k_1' })
})

test('an event of parsed data is the one that parsing makes, to the byte', () => {
  const chain = {
    ...context,
    correlationid: 'r1',
    causationid: 'e0',
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  }
  for (const definition of Object.values(catalog) as EventDefinition[]) {
    for (const given of [context, chain]) {
      const event = makeEvent(definition, definition.example, given)
      expect(JSON.stringify(makeParsedEvent(definition, event.data, given))).toBe(JSON.stringify(event))
    }
  }
})

test.each<[string, unknown, string[]]>([
  ['nothing', undefined, ['invalid_event ']],
  ['text', 'new_customer', ['invalid_event ']],
  ['no data', { ...product, data: undefined }, ['invalid_event /data']],
  ['data that is a list', { ...product, data: [] }, ['invalid_event /data']],
  ['an unknown envelope field', { ...product, colour: 'red' }, ['invalid_event /colour']],
  ['an unknown type', { ...product, type: 'new_shop' }, ['unknown_event_type /type']],
  ['a type from the prototype', { ...product, type: 'constructor' }, ['unknown_event_type /type']],
  ['an unknown version', { ...product, dataschema: 'urn:kram:new_product:9' }, ['unknown_dataschema /dataschema']],
  ['another dataschema', { ...product, dataschema: 'urn:kram:new_customer:1' }, ['unknown_dataschema /dataschema']],
  ['a source that may not say this', { ...product, source: 'kram.orders' }, ['invalid_event /source']],
  ['time without milliseconds', { ...product, time: '2022-04-24T19:41:07Z' }, ['invalid_event /time']],
  ['a day that does not exist', { ...product, time: '2022-02-30T19:41:07.000Z' }, ['invalid_event /time']],
  ['an id with a space', { ...product, id: 'e 1' }, ['invalid_event /id']],
  ['an empty id', { ...product, id: '' }, ['invalid_event /id']],
  ['an unknown field', withData(product, { colour: 'red' }), ['invalid_event /data/colour']],
  ['a wrong type', withData(product, { price: '0.36' }), ['invalid_event /data/price']],
  ['a negative price', withData(product, { price: -0.01 }), ['invalid_event /data/price']],
  ['a third decimal', withData(product, { price: 0.365 }), ['invalid_event /data/price']],
  ['a price beyond limits', withData(product, { price: 10_000_000.01 }), ['invalid_event /data/price']],
  ['a price with an exponent', withData(product, { price: 1e21 }), ['invalid_event /data/price']],
  ['quantity 0', withData(purchase, { quantity: 0 }), ['invalid_event /data/quantity']],
  ['quantity beyond limits', withData(purchase, { quantity: 10_001 }), ['invalid_event /data/quantity']],
  ['half a unit', withData(purchase, { quantity: 0.5 }), ['invalid_event /data/quantity']],
  ['a price from the shop', withData(purchase, { price_minor: 1 }), ['invalid_event /data/price_minor']],
  ['an order from the shop', withData(purchase, { order_id: 'o1' }), ['invalid_event /data/order_id']],
  ['an address of 400 KB', withData(customer, { address: 'x'.repeat(400_000) }), ['invalid_event /data/address']],
  ['a blank name', withData(customer, { first_name: ' ' }), ['invalid_event /data/first_name']],
  ['an escape sequence in a name', withData(customer, { last_name: '\u001b[2J' }), ['invalid_event /data/last_name']],
  ['half a character', withData(customer, { last_name: '\ud83d' }), ['invalid_event /data/last_name']],
  ['a path as id', withData(customer, { id: '../x' }), ['invalid_event /data/id']],
  ['an id that is too long', withData(customer, { id: 'x'.repeat(129) }), ['invalid_event /data/id']],
  [
    'attributes of a customer that are nested',
    withData(customer, { attributes: { a: {} } }),
    ['invalid_event /data/attributes/a'],
  ],
  ['a group twice', withData(customer, { groups: ['a', 'a'] }), ['invalid_event /data/groups']],
  [
    '__proto__ in data',
    { ...customer, data: JSON.parse('{"__proto__": {"id": "x"}}') },
    ['json_forbidden_key /data/__proto__'],
  ],
  [
    'constructor among attributes',
    withData(product, { attributes: { constructor: 'x' } }),
    ['json_forbidden_key /data/attributes/constructor'],
  ],
  ['nested attributes', withData(product, { attributes: { a: { b: 1 } } }), ['invalid_event /data/attributes/a']],
  ['an attribute null', withData(product, { attributes: { a: null } }), ['invalid_event /data/attributes/a']],
  [
    'attributes that are too large together',
    withData(product, { attributes: { a: Array(50).fill('x'.repeat(500)) } }),
    ['invalid_event /data/attributes'],
  ],
  [
    'several faults at once',
    withData(purchase, { quantity: 'x', customer_id: 5 }),
    ['invalid_event /data/customer_id', 'invalid_event /data/quantity'],
  ],
])('refuses %s', (_name, input, expected) => {
  expect(faults(input)).toEqual(expected)
})

test.each<[string, unknown]>([
  ['ten years ago', { ...product, time: '2012-04-24T19:41:07.123Z' }],
  ['price 0', withData(product, { price: 0 })],
  ['the largest price', withData(product, { price: 10_000_000 })],
  ['attributes', withData(product, { attributes: { brand: 'Puma', sizes: ['S', 'M'], weight: 0.5, eco: true } })],
  ['ids in any script', withData(customer, { id: 'клієнт_001' })],
  ['a card and groups', withData(customer, { loyalty_card: 'gold', groups: ['vip', 'new'] })],
  [
    'an order line',
    {
      ...withData(purchase, { order_id: 'o1', line_id: '1', price_minor: 36, discount_minor: 6 }),
      source: 'kram.orders',
    },
  ],
])('accepts %s', (_name, input) => {
  expect(faults(input)).toEqual([])
})

test('a refusal does not repeat what somebody wrote', () => {
  const secret = 'Tajemniczy'
  for (const data of [
    { first_name: `${secret}\n` },
    { id: `${secret} x` },
    { groups: secret },
    { address: [secret] },
  ]) {
    try {
      parseEvent(withData(customer, data))
      expect.unreachable()
    } catch (error) {
      expect(`${error}${JSON.stringify(error)}`).not.toContain(secret)
    }
  }
})

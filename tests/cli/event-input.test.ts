import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Format, readEvent } from '../../lib/app/event-input.ts'
import { KramError } from '../../lib/base/errors.ts'

const stamp = { id: 'e1', time: '2022-04-24T17:58:34.225Z' }
const root = new URL('../../', import.meta.url)
const clientflow = readFileSync(new URL('tests/payloads/clientflow.jsonl', root), 'utf8').trim().split('\n')

function refusal(text: string, format: Format): { code: string; pointer: string | undefined } {
  try {
    readEvent(text, format, stamp)
  } catch (error) {
    if (error instanceof KramError) return { code: error.code, pointer: error.detail.issues?.[0]?.pointer }
    throw error
  }
  throw new Error('was accepted')
}

describe('messages of the first shop', () => {
  test('are accepted as its producers made them', () => {
    const events = clientflow.map((line) => readEvent(line, 'clientflow', stamp))
    expect(events.map(({ type }) => type).filter((type, i, all) => type !== all[i - 1])).toEqual([
      'new_customer',
      'new_product',
      'customer_buys_product',
    ])
    expect(events.every(({ source, id, time }) => source === 'kram.shop' && id === 'e1' && time === stamp.time)).toBe(
      true,
    )
  })
  test('become whole events, with the fields as they were', () => {
    expect(readEvent(clientflow[0] ?? '', 'clientflow', stamp)).toEqual({
      specversion: '1.0',
      ...stamp,
      source: 'kram.shop',
      type: 'new_customer',
      subject: 'customer_k_000',
      dataschema: 'urn:kram:new_customer:1',
      correlationid: 'e1',
      data: {
        first_name: 'Miłosz',
        last_name: 'Dułak',
        address: 'ulica Narcyzowa 87/88\n46-596 Chojnice',
        id: 'customer_k_000',
      },
    })
  })
  test.each([
    ['no event_type', '{"id": "a"}', 'invalid_event', '/event_type'],
    ['a type that it did not have', '{"event_type": "voucher_granted"}', 'invalid_event', '/event_type'],
    ['an inherited name as type', '{"event_type": "toString"}', 'invalid_event', '/event_type'],
    [
      'a third decimal',
      '{"event_type":"new_product","id":"a","name":"A","type":"t","price":0.545}',
      'invalid_event',
      '/price',
    ],
    [
      'NaN, which Python can write',
      '{"event_type":"new_product","id":"a","name":"A","type":"t","price":NaN}',
      'json_malformed',
      '',
    ],
    ['a field that it did not have', `${clientflow[0]?.slice(0, -1)}, "products": []}`, 'invalid_event', '/products'],
    [
      'None for a quantity',
      '{"event_type":"customer_buys_product","customer_id":"a","product_id":"b","quantity":null}',
      'invalid_event',
      '/quantity',
    ],
    ['a prototype key', '{"event_type":"new_customer","__proto__":{}}', 'json_forbidden_key', '/__proto__'],
    ['a list', '[1]', 'invalid_event', '/event_type'],
    ['text that is no JSON', 'hello', 'json_malformed', ''],
  ])('refused for %s, with the place in the message', (_, text, code, pointer) => {
    const refused = refusal(text, 'clientflow')
    expect(refused.code).toBe(code)
    expect(refused.pointer).toBe(pointer)
  })
})

describe('envelopes', () => {
  const data = { id: 'mleko_1', name: 'Mleko', type: 'mleko', price: 0.54 }
  test('need no more than type and data', () => {
    expect(readEvent(JSON.stringify({ type: 'new_product', data }), 'envelope', stamp)).toEqual({
      specversion: '1.0',
      ...stamp,
      source: 'kram.shop',
      type: 'new_product',
      subject: 'mleko_1',
      dataschema: 'urn:kram:new_product:1',
      correlationid: 'e1',
      data,
    })
  })
  test('keep what they say', () => {
    const given = { id: 'own', time: '2020-01-01T00:00:00.000Z', correlationid: 'chain', causationid: 'cause' }
    expect(readEvent(JSON.stringify({ ...given, type: 'new_product', data }), 'envelope', stamp)).toMatchObject(given)
  })
  test('an id of their own is their correlation id', () => {
    expect(readEvent(JSON.stringify({ id: 'own', type: 'new_product', data }), 'envelope', stamp).correlationid).toBe(
      'own',
    )
  })
  for (const file of readdirSync(new URL('events/examples/', root))) {
    test(`are taken out of EventBridge's shape: events/examples/${file}`, () => {
      const text = readFileSync(new URL(`events/examples/${file}`, root), 'utf8')
      expect(readEvent(text, 'envelope', stamp)).toEqual(JSON.parse(text).detail)
    })
  }
  test.each([
    ['an unknown type', { type: 'new_planet', data }, 'unknown_event_type', '/type'],
    ['no type', { data }, 'invalid_event', '/type'],
    [
      'data that its schema refuses',
      { type: 'new_product', data: { ...data, price: -1 } },
      'invalid_event',
      '/data/price',
    ],
    ['an unknown field beside', { type: 'new_product', data, price: 1 }, 'invalid_event', '/price'],
    ['somebody else’s source', { type: 'new_product', data, source: 'kram.orders' }, 'invalid_event', '/source'],
    ['a time that is none', { type: 'new_product', data, time: 'yesterday' }, 'invalid_event', '/time'],
  ])('refused for %s', (_, value, code, pointer) => {
    expect(refusal(JSON.stringify(value), 'envelope')).toEqual({ code, pointer })
  })
})

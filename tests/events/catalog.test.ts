// The catalog against its folder, the examples against the definitions, versions against their upcasters.
import { readdirSync, readFileSync } from 'node:fs'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { catalog, eventTypes } from '../../events/catalog.ts'
import { dataschemaOf, defineEvent, type EventDefinition, upcast } from '../../events/define.ts'
import { parseEvent } from '../../events/event.ts'
import { exampleText, withTypeTable } from '../../events/examples.ts'

const root = new URL('../../events/', import.meta.url)
const files = (folder: URL) => readdirSync(folder).sort()
/** What lies in events/ beside one file for each type. */
const machinery = [
  ...['catalog.ts', 'define.ts', 'envelope.ts', 'event.ts', 'examples', 'examples.ts', 'fields.ts'],
  'order-fields.ts',
]

test('every event type is one file in events/, named after it, and is in the catalog', () => {
  const expected = eventTypes.map((type) => `${type.replaceAll('_', '-')}.ts`)
  expect(files(root)).toEqual([...expected, ...machinery].sort())
  for (const [type, definition] of Object.entries(catalog)) expect(definition.type).toBe(type)
})

test('examples/<type>.json are what `npm run events:examples` writes', () => {
  expect(files(new URL('examples/', root))).toEqual(eventTypes.map((type) => `${type}.json`).sort())
  for (const definition of Object.values(catalog)) {
    const text = readFileSync(new URL(`examples/${definition.type}.json`, root), 'utf8')
    expect(text, 'run `npm run events:examples`').toBe(exampleText(definition))
    expect(parseEvent(JSON.parse(text).detail)).toEqual(JSON.parse(text).detail)
  }
})

test("the first texts' own messages are valid as they were sent, without their event_type", () => {
  const messages: [EventDefinition, unknown][] = [
    [
      catalog.new_customer,
      { first_name: 'Alex', last_name: 'Kosiak', address: 'ul. 1\n00-001 X', id: 'customer_k_000' },
    ],
    [catalog.new_product, { name: 'Masełko maślane', type: 'masło', price: 0.56, id: 'maslo_k_2' }],
    [catalog.customer_buys_product, { customer_id: 'customer_k_000', product_id: 'maslo_k_2', quantity: 6 }],
  ]
  for (const [definition, message] of messages) expect(v.is(definition.schema, message)).toBe(true)
})

test('an event type gains a version without breaking old events', () => {
  const definition = defineEvent({
    type: 'shelf_moved',
    source: 'kram.shelves',
    version: 3,
    description: 'A shelf stands elsewhere.',
    schema: v.strictObject({ id: v.string(), place: v.strictObject({ aisle: v.number(), level: v.number() }) }),
    subject: (data) => data.id,
    example: { id: 's1', place: { aisle: 4, level: 0 } },
    upcasters: {
      1: ({ aisle, ...rest }) => ({ ...rest, place: { aisle: aisle ?? 0 } }),
      2: ({ place, ...rest }) => ({ ...rest, place: { ...(place as object), level: 0 } }),
    },
  })
  const newest = { id: 's1', place: { aisle: 4, level: 0 } }
  expect(upcast(definition, dataschemaOf('shelf_moved', 1), { id: 's1', aisle: 4 })).toEqual(newest)
  expect(upcast(definition, dataschemaOf('shelf_moved', 2), { id: 's1', place: { aisle: 4 } })).toEqual(newest)
  expect(upcast(definition, dataschemaOf('shelf_moved', 3), newest)).toEqual(newest)
  expect(upcast(definition, dataschemaOf('shelf_moved', 4), newest)).toBeUndefined()
  expect(upcast(definition, dataschemaOf('shelf_moved', 0), newest)).toBeUndefined()
  expect(upcast(definition, dataschemaOf('other', 1), newest)).toBeUndefined()
  expect(() => defineEvent({ ...definition, version: 4 })).toThrow('no upcaster from version 3')
})

test('docs/events.md lists every type with its source and what it says', () => {
  const page = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8')
  expect(withTypeTable(page, Object.values(catalog)), 'run `npm run events:examples`').toBe(page)
  for (const { description } of Object.values(catalog)) expect(page).toContain(`| ${description}`)
})

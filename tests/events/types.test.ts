// What the compiler promises of the catalog's types; the assertions hold at run time too.
import { expect, expectTypeOf, test } from 'vitest'
import { catalog, type DataOf, type KramEvent } from '../../events/catalog.ts'
import type { EventDefinition } from '../../events/define.ts'
import { makeEvent } from '../../events/event.ts'
import { newProduct } from '../../events/new-product.ts'
import type { Envelope } from '../../lib/ports/bus.ts'

const context = { id: 'e1', time: '2022-04-24T19:41:07.123Z' }

test('an event is an envelope of the bus, and its data has the type that its schema says', () => {
  const event = makeEvent(newProduct, newProduct.example, context)
  expectTypeOf(event).toEqualTypeOf<KramEvent<'new_product'>>()
  expectTypeOf(event).toExtend<Envelope>()
  expectTypeOf<KramEvent>().toExtend<Envelope>()
  expectTypeOf<DataOf<'customer_buys_product'>['quantity']>().toEqualTypeOf<number>()
  const envelope: Envelope = event
  expect(envelope.subject).toBe('chleb_k_1')
})

test('a definition held as data takes unknown data and refuses what is wrong', () => {
  const definition: EventDefinition = catalog.new_product
  expectTypeOf(makeEvent(definition, newProduct.example as unknown, context)).toEqualTypeOf<KramEvent>()
  expect(() => makeEvent(definition, { ...newProduct.example, price: -1 }, context)).toThrow('/data/price')
})

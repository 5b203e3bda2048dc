// docs/scale.md says what its model says, and the model asks what the code asks.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { scaleDocument, scaleFile } from '../../bench/scale/document.ts'
import { itemBytes, measure } from '../../bench/scale/measure.ts'

test('docs/scale.md is what `npm run scale` writes', async () => {
  expect(await scaleDocument(), 'npm run scale').toBe(readFileSync(scaleFile, 'utf8'))
})

test('an order of more lines asks for more, by the line', async () => {
  const [one, three] = [await measure(1), await measure(3)]
  expect(one.functions.get('on-customer-buys-product')?.invocations).toBe(1)
  expect(three.functions.get('on-customer-buys-product')?.invocations).toBe(3)
  expect(three.events.get('customer_buys_product')?.count).toBe(3)
  // One write, however many lines.
  expect([one.order.writes, three.order.writes]).toEqual([1, 1])
  expect(three.order.writtenBytes).toBeGreaterThan(one.order.writtenBytes)
})

test('bytes of an item are names and values, as DynamoDB counts them', () => {
  expect(itemBytes({ pk: 'a', sk: 'b' })).toBe(6)
  expect(itemBytes({ pk: 'a', sk: 'ł', n: 1234, yes: true })).toBe(3 + 4 + 4 + 4)
  expect(itemBytes({ pk: 'a', sk: 'b', list: ['x', 'y'] })).toBe(6 + 4 + 3 + 4)
})

// What the embedded table keeps parsed: the same object for the same text, never an older one, and not more than so many.
import { expect, test } from 'vitest'
import { createParsedItems } from '../../lib/adapters/table/parsed-items.ts'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { isDeepFrozen } from '../../lib/base/frozen.ts'
import { limits } from '../../lib/base/limits.ts'

const { least, most } = limits.parsedItemChars
const bodyOf = (chars: number, fill = 'x'): string =>
  JSON.stringify({ text: fill.repeat(chars - '{"text":""}'.length) })
const key = { pk: 'product#1', sk: 'current' }

test('as long as the text is the same, so is the object, which nobody can change', () => {
  const itemOf = createParsedItems()
  const item = itemOf('a', 'b', bodyOf(least))
  expect(item).toEqual({ pk: 'a', sk: 'b', text: expect.any(String) })
  expect(isDeepFrozen(item)).toBe(true)
  expect(itemOf('a', 'b', bodyOf(least))).toBe(item)
  for (const [pk, sk, body] of [
    ['a', 'b', bodyOf(least, 'y')],
    ['a', 'c', bodyOf(least, 'y')],
    ['c', 'c', bodyOf(least, 'y')],
  ] as const) {
    expect(itemOf(pk, sk, body)).toEqual({ pk, sk, ...JSON.parse(body) })
  }
})

test('texts that are soon parsed, and those that take much memory, are parsed each time', () => {
  const itemOf = createParsedItems()
  const read = (chars: number) => itemOf('a', 'b', bodyOf(chars))
  for (const chars of [least, most]) expect(read(chars)).toBe(read(chars))
  for (const chars of [least - 1, most + 1]) expect(read(chars)).not.toBe(read(chars))
})

test('the latest half of what there is room for is kept, and what was asked for since', () => {
  const itemOf = createParsedItems()
  const ask = (n: number) => itemOf(`p${n}`, 's', bodyOf(least))
  const half = limits.parsedItems / 2
  const [first, second] = [ask(0), ask(1)]
  for (let n = 2; n <= half; n++) ask(n)
  expect(ask(0)).toBe(first)
  for (let n = half + 1; n < 2 * half; n++) ask(n)
  expect(ask(0)).toBe(first)
  expect(ask(1)).not.toBe(second)
})

test('a table gives what was written last', async () => {
  const table = createSqliteTable({ path: ':memory:' })
  const read = async () => (await table.get([key]))[0]
  const written = { ...key, price: 1, text: 'x'.repeat(least) }
  await table.write([{ op: 'put', item: written }])
  const before = await read()
  expect(before).toEqual(written)
  expect(await read()).toBe(before)
  await table.write([{ op: 'count', key, add: { price: 1 } }])
  expect(await read()).toEqual({ ...written, price: 2 })
  expect(before).toEqual(written)
  await table.write([{ op: 'delete', key }])
  expect(await read()).toBeUndefined()
  await table.close()
})

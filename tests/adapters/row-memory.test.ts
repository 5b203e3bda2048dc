// What the embedded table keeps in mind of its rows is bounded, and is what was written last.
import { expect, test } from 'vitest'
import { namedKey } from '../../lib/adapters/table/named-key.ts'
import { createRowMemory } from '../../lib/adapters/table/row-memory.ts'
import { itemOf } from '../../lib/adapters/table/sqlite-rows.ts'
import type { Item } from '../../lib/ports/table.ts'

const key = (n: number) => namedKey({ pk: `p${n}`, sk: 'x' })
const read = (n: number, text = 'a'): Item => ({ pk: `p${n}`, sk: 'x', text })

test('what was read is the same item for all, until it is written', () => {
  const memory = createRowMemory(itemOf)
  const item = memory.keep(key(1), read(1), 10)
  expect(memory.find(key(1))).toBe(item)
  expect(Object.isFrozen(item)).toBe(true)
  memory.written(key(1), '{"text":"b"}')
  expect(memory.find(key(1))).toEqual(read(1, 'b'))
  expect(memory.find(key(1))).toBe(memory.find(key(1)))
  memory.written(key(1), undefined)
  expect(memory.find(key(1))).toBeUndefined()
})

test('what nobody has read, what is large, and what is forgotten is not kept', () => {
  const memory = createRowMemory(itemOf)
  memory.written(key(1), '{}')
  expect(memory.find(key(1))).toBeUndefined()
  const large = memory.keep(key(2), read(2), 1_000_000)
  expect(Object.isFrozen(large)).toBe(false)
  expect(memory.find(key(2))).toBeUndefined()
  memory.keep(key(3), read(3), 10)
  memory.written(key(3), JSON.stringify({ text: 'x'.repeat(100_000) }))
  expect(memory.find(key(3))).toBeUndefined()
  memory.keep(key(4), read(4), 10)
  memory.forget()
  expect(memory.find(key(4))).toBeUndefined()
})

test('keys that run together differently are different rows', () => {
  const memory = createRowMemory(itemOf)
  memory.keep(namedKey({ pk: 'a', sk: 'bc' }), { pk: 'a', sk: 'bc', n: 1 }, 10)
  expect(memory.find(namedKey({ pk: 'ab', sk: 'c' }))).toBeUndefined()
})

test('of very many rows those stay that are asked for again and again', () => {
  const memory = createRowMemory(itemOf)
  memory.keep(key(0), read(0, 'hot'), 4_000)
  memory.keep(key(1), read(1, 'cold'), 4_000)
  for (let n = 2; n < 20_000; n++) {
    memory.keep(key(n), read(n), 4_000)
    if (n % 100 === 0) expect(memory.find(key(0))).toEqual(read(0, 'hot'))
  }
  expect(memory.find(key(1))).toBeUndefined()
  let kept = 0
  for (let n = 0; n < 20_000; n++) if (memory.find(key(n))) kept++
  expect(kept * 4_000).toBeLessThanOrEqual(16 * 1024 * 1024)
  expect(kept).toBeGreaterThan(1_000)
})

test('a row that grew old is written all the same', () => {
  const memory = createRowMemory(itemOf)
  memory.keep(key(0), read(0), 4_000)
  for (let n = 1; n < 2_500; n++) memory.keep(key(n), read(n), 4_000)
  memory.written(key(0), '{"text":"new"}')
  expect(memory.find(key(0))).toEqual(read(0, 'new'))
})

test('that a row is not there is known until it is written, and for no longer than others', () => {
  const memory = createRowMemory(itemOf)
  memory.noteAbsent(key(1))
  expect(memory.find(key(1))).toBeNull()
  memory.written(key(1), '{"text":"new"}')
  expect(memory.find(key(1))).toEqual(read(1, 'new'))
  memory.noteAbsent(key(2))
  memory.written(key(2), undefined)
  expect(memory.find(key(2))).toBeUndefined()
  memory.noteAbsent(key(3))
  for (let n = 4; n < 200_000; n++) memory.noteAbsent(key(n))
  expect(memory.find(key(3))).toBeUndefined()
})

// Lists of numbers that grow, lists sorted into their owners, numbers of pairs: each as plain arrays and maps have it.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byOwner, FloatList, IntList, indexes, PairNumbers, sortFew } from '../../lib/rules/lists.ts'
import { upTo } from '../support/facts.ts'

const settings = { seed: 14, numRuns: 200 }

describe.each([
  ['IntList', () => new IntList(), (n: number) => n * 3 - 200],
  ['FloatList', () => new FloatList(), (n: number) => n / 3 - 20],
] as const)('%s', (_, make, valueAt) => {
  test('keeps what is pushed, however much, and gives where it stands', () => {
    for (const count of [0, 1, 63, 64, 65, 1_000]) {
      const list = make()
      expect(upTo(count).map((n) => list.push(valueAt(n)))).toEqual(upTo(count))
      expect(list.length).toBe(count)
      expect(upTo(count).map((n) => list.at(n))).toEqual(upTo(count).map(valueAt))
      expect([...list.toArray()]).toEqual(upTo(count).map(valueAt))
    }
  })

  test('gives its numbers in another order, some of them or one of them twice', () => {
    const list = make()
    for (const n of upTo(100)) list.push(valueAt(n))
    list.set(7, valueAt(1_000))
    expect([...list.inOrder(Int32Array.of(99, 7, 0, 7))]).toEqual([99, 1_000, 0, 1_000].map(valueAt))
    expect(list.inOrder(new Int32Array())).toHaveLength(0)
  })

  test('gives a copy, which later numbers do not change', () => {
    const list = make()
    list.push(valueAt(1))
    const before = list.toArray()
    list.set(0, valueAt(2))
    expect([...before, list.at(0)]).toEqual([valueAt(1), valueAt(2)])
  })
})

test('indexes count from 0', () => {
  expect([0, 1, 4].map((length) => [...indexes(length)])).toEqual([[], [0], [0, 1, 2, 3]])
})

test('sortFew sorts the first so many', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 12 }), fc.nat({ max: 12 }), (list, some) => {
      const count = Math.min(some, list.length)
      const sorted = Int32Array.from(list)
      sortFew(sorted, count)
      expect([...sorted]).toEqual([...list.slice(0, count).sort((a, b) => a - b), ...list.slice(count)])
    }),
    settings,
  )
})

test('byOwner keeps those of one owner together, in their order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: 5 }), fc.integer()), { maxLength: 30 }), (owned) => {
      const owners = Int32Array.from(owned, ([owner]) => owner)
      const { start, items } = byOwner(
        owners,
        Int32Array.from(owned, ([, item]) => item),
        7,
      )
      expect(start).toHaveLength(8)
      expect(items).toHaveLength(owned.length)
      for (const owner of upTo(7)) {
        const own = owned.filter((each) => each[0] === owner).map(([, item]) => item)
        expect([...items.subarray(start[owner], start[owner + 1])]).toEqual(own)
      }
    }),
    settings,
  )
})

test('PairNumbers number pairs as they are first asked for', () => {
  const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer())
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number), { maxLength: 300 }), (pairs) => {
      const numbers = new PairNumbers()
      const known = new Map<string, number>()
      for (const [a, b] of [...pairs, ...pairs]) {
        const key = `${a} ${b}`
        if (!known.has(key)) known.set(key, known.size)
        expect(numbers.numberOf(a, b)).toBe(known.get(key))
      }
    }),
    settings,
  )
  const many = new PairNumbers()
  const pairs = upTo(5_000).map((n): [number, number] => [n % 71, -(n >> 3)])
  const first = pairs.map(([a, b]) => many.numberOf(a, b))
  expect(pairs.map(([a, b]) => many.numberOf(a, b))).toEqual(first)
  expect(new Set(first).size).toBe(new Set(pairs.map(String)).size)
})

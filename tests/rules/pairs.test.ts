// What a fact has of the values that rules ask for: the same whichever way it is read, and in one go where much is asked.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isList, notAsked, type PairReader, pairReaders } from '../../lib/rules/pairs.ts'
import type { Program } from '../../lib/rules/program.ts'
import type { Fact, Scalar } from '../../lib/rules/types.ts'
import { readPath } from '../../lib/rules/values.ts'
import { anyPair } from '../../lib/rules/view.ts'

type Asked = readonly [path: string, ...values: Scalar[]]

/** Readers of the types a and b, of which `asked` of a is asked these values, and b nothing but `n`. */
function readersOf(asked: readonly Asked[]) {
  const paths: Asked[] = [...asked, ['n', 1]]
  return pairReaders({
    types: ['a', 'b'],
    pathType: Int32Array.from(paths, (_, path) => Number(path === asked.length)),
    pathSteps: paths.map(([path]) => path.split('.')),
    pathValues: paths.map(([, ...values]) => values),
  } as Partial<Program> as Program)
}

/** The value found at each path, and whether some is a list. */
function read(asked: readonly Asked[], facts: readonly object[]) {
  const { readers, pairAt } = readersOf(asked)
  const values = asked.flatMap(([, ...each]) => each)
  const [reader] = readers as [PairReader]
  return facts.map((fact) => {
    const hasList = reader.read({ type: 'a', ...fact } as Fact)
    const found = asked.map((_, path) => {
      const pair = pairAt[path] as number
      return pair === notAsked ? 'nothing' : pair === isList ? 'a list' : values[pair]
    })
    return [hasList, ...found]
  })
}

function expected(asked: readonly Asked[], fact: object): unknown[] {
  const found = asked.map(([path, ...values]) => {
    const value = readPath(fact, path.split('.'))
    if (Array.isArray(value)) return 'a list'
    return values.includes(value as Scalar) ? value : 'nothing'
  })
  return [found.includes('a list'), ...found]
}

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'constructor', '__proto__']
const value = fc.oneof(fc.constantFrom<unknown[]>(1, 2, 'x', true, null, undefined, 3, 'y', {}), fc.constant([1]))
// As JSON.parse makes it: all attributes its own.
const object = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...names, 'other'), value), { selector: ([name]) => name, maxLength: 12 })
  .map((entries) => Object.fromEntries(entries))
const fact = fc.tuple(object, fc.oneof(object, value)).map(([own, of]) => ({ ...own, of }))

test.each([3, 7, 8, 11])('facts read one after the other, of which %i attributes are asked', (count) => {
  const asked = names.slice(-count).flatMap((name): Asked[] => [
    [name, 1, 'x', true, null],
    [`of.${name}`, 2, 1],
  ])
  fc.assert(
    fc.property(fc.array(fact, { minLength: 1, maxLength: 12 }), (facts) => {
      expect(read(asked, facts)).toEqual(facts.map((each) => expected(asked, each)))
    }),
    { seed: 15, numRuns: 100 },
  )
})

test('of each type by itself, and one more that every fact has', () => {
  const { readers, pairAt } = readersOf([['n', 'x']])
  const [a, b] = readers as [PairReader, PairReader]
  expect([...pairAt]).toEqual([anyPair, anyPair, anyPair])
  expect([a.read({ type: 'a', n: 1 }), b.read({ type: 'b', n: 1 })]).toEqual([false, false])
  expect([...pairAt]).toEqual([notAsked, 1, anyPair])
  expect([a.paths.map(({ name }) => name), b.paths.map(({ name }) => name)]).toEqual([['n'], ['n']])
})

describe('an attribute that nobody asks for', () => {
  const ask = (count: number): Asked[] => names.slice(0, count).map((name) => [name, 1])

  /** How often it is looked at when the fact is read. */
  const looksAt = (reader: PairReader, attributes: readonly string[]): number => {
    let looks = 0
    const given = Object.fromEntries(attributes.map((name) => [name, 1]))
    Object.defineProperty(given, 'other', { enumerable: true, get: () => looks++ })
    expect(reader.read(given as Fact)).toBe(false)
    return looks
  }
  const all = names.slice(0, 9)

  test('is looked at where many are asked for: all are read in one go', () => {
    const looks = [1, 7, 8, 9].map((count) => looksAt(readersOf(ask(count)).readers[0] as PairReader, all))
    expect(looks).toEqual([0, 0, 1, 1])
  })

  test('is not looked at any more when facts come in ever other orders', () => {
    const [reader] = readersOf(ask(9)).readers as [PairReader]
    const orders = all.map((_, n) => [...all.slice(n), ...all.slice(0, n)])
    const first = orders.map((order) => looksAt(reader, order))
    expect(first).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0])
    expect(orders.map((order) => looksAt(reader, order))).toEqual(first)
  })
})

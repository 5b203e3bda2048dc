// From a fact to the slots that it counts in: in lists by what is added up, remembered by identity, at a cost that is charged.
import { describe, expect, test } from 'vitest'
import { limits } from '../../lib/base/limits.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import { type Live, Lives } from '../../lib/rules/live.ts'
import { Lookup, type Meter } from '../../lib/rules/lookup.ts'
import { nothing, type SlotList, slotsEnd, slotsStart } from '../../lib/rules/memo.ts'
import { fromBytes } from '../../lib/rules/snapshot.ts'
import type { TypeIndex } from '../../lib/rules/type-index.ts'
import type { CompileOptions, Condition, Expression, Fact, Rule, Test } from '../../lib/rules/types.ts'
import { line, upTo } from '../support/facts.ts'

const sum = (of: Expression, ...where: Test[]): Condition => ({
  accumulate: 'sum',
  of,
  from: { fact: 'line', where },
  is: { gte: 1 },
})

class Shop {
  readonly meter: Meter = { steps: 0 }
  readonly lookup: Lookup
  readonly live: Live
  private readonly slotsOfRule: number[][]

  constructor(whens: readonly (readonly Condition[])[], options: CompileOptions = {}) {
    const rules = whens.map((when, n): Rule => ({ name: `r${n}`, when, insert: [{ type: 'hit' }] }))
    const { program, settings } = fromBytes(compileRules(rules, options).toBytes())
    this.lookup = new Lookup(program, {}, { memoKeys: new Map(settings.memoKeys), meter: this.meter })
    this.live = new Lives(program).at(Number.NaN)
    const { conditionStart, conditionCode, code, atomSlot } = program
    // Of rules with one condition, which is an atom.
    this.slotsOfRule = rules.map((_, rule) => {
      const at = conditionCode[conditionStart[rule] as number] as number
      return [atomSlot[code[at + 1] as number] as number]
    })
  }

  typeOf(fact: Fact): TypeIndex {
    const type = this.lookup.typeOf(fact)
    if (type === undefined) throw new Error('no rule asks for such facts')
    return type
  }

  listOf(fact: Fact): SlotList {
    return this.lookup.slotsOf(fact, this.typeOf(fact), this.live)
  }

  /** By rules, in groups: those that count the fact, and those that add it up, by what they add up. */
  groupsOf(fact: Fact): number[][] {
    const list = this.listOf(fact)
    let from = slotsStart(list)
    const groups: number[][] = []
    for (let part = 1; part < slotsStart(list); part += 2) {
      const end = list[part + 1] as number
      const slots = list.subarray(from, end)
      for (const slot of slots) expect(this.lookup.measureOf(slot)).toBe(list[part])
      groups.push(this.slotsOfRule.flatMap(([slot], rule) => (slots.includes(slot as number) ? [rule] : [])))
      from = end
    }
    expect(from).toBe(slotsEnd(list))
    return groups
  }

  stepsOf(fact: Fact): number {
    this.meter.steps = 0
    this.listOf(fact)
    return this.meter.steps
  }
}
const brand = (eq: string): Test => ({ path: 'brand', eq })
const kind = (eq: string): Test => ({ path: 'kind', eq })
const size = (eq: number): Test => ({ path: 'size', eq })

describe('slots stand by what is added up', () => {
  test.each([1, 2, 3, 4, 5, 9])('%d kinds of sums', (count) => {
    const kinds = upTo(count)
    // Each kind for each of two brands, turned about, and a count.
    const of = (n: number): Expression => ({ path: `n${n}` })
    const whens = [
      [{ fact: 'line', where: [brand('a')] }],
      ...kinds.toReversed().map((n) => [sum(of(n), brand('a'))]),
      ...kinds.map((n) => [sum(of(n), kind('x'))]),
    ] satisfies Condition[][]
    const shop = new Shop(whens)
    const both = shop.groupsOf(line({ brand: 'a', kind: 'x' }))
    expect(both).toHaveLength(count + 1)
    expect(both[0]).toEqual([0])
    // Two rules each, that add up the same.
    const pairs = kinds.map((n) => [1 + (count - 1 - n), 1 + count + n].sort((a, b) => a - b))
    expect(both.slice(1).sort()).toEqual(pairs.sort())
    expect(shop.groupsOf(line({ brand: 'a', kind: 'y' }))).toHaveLength(count + 1)
    expect(shop.groupsOf(line({ brand: 'b', kind: 'x' }))).toHaveLength(count)
    expect(shop.groupsOf(line({ brand: 'b' }))).toEqual([])
    expect(shop.groupsOf(line({ brand: 'a', kind: 'x' }))).toEqual(both)
  })

  test('more kinds are told apart by sorting, which is charged for', () => {
    const shopOf = (kinds: number): Shop =>
      new Shop(upTo(64).map((n) => [sum({ path: `n${n % kinds}` }, brand('a'), { path: 'id', ne: n })]))
    const fact = line({ brand: 'a', id: -1 })
    expect(shopOf(5).stepsOf(fact)).toBeGreaterThan(shopOf(4).stepsOf(fact) + 64 * 8)
  })
})

describe('a fact is met by', () => {
  const shop = new Shop([
    [{ fact: 'line', where: [brand('a')] }],
    [{ fact: 'line', where: [brand('a'), kind('x')] }],
    [{ fact: 'line', where: [brand('a'), kind('x'), size(1)] }],
    [{ fact: 'line', where: [brand('a'), kind('x'), size(1), { path: 'color', eq: 'red' }] }],
    [{ fact: 'line', where: [kind('x'), { path: 'price', gte: 5 }] }],
    [{ fact: 'line', where: [{ path: 'brand', in: ['a', 'b'] }] }],
    [{ fact: 'line', where: [{ path: 'price', gte: 5 }] }],
    [{ fact: 'line', where: [brand('a'), brand('b')] }],
    [{ fact: 'line' }],
    [{ fact: 'line', where: [{ path: 'of.n', eq: 1 }] }],
    [{ fact: 'line', where: [{ any: [brand('b'), { path: 'of.n', eq: 1 }] }] }],
  ])
  test.each<[string, object, number[]]>([
    ['nothing but its type', {}, [8]],
    ['one attribute', { brand: 'a' }, [0, 5, 8]],
    ['two', { brand: 'a', kind: 'x' }, [0, 1, 5, 8]],
    ['three', { brand: 'a', kind: 'x', size: 1 }, [0, 1, 2, 5, 8]],
    ['four', { brand: 'a', kind: 'x', size: 1, color: 'red' }, [0, 1, 2, 3, 5, 8]],
    ['the others of four', { kind: 'x', size: 1, color: 'red' }, [8]],
    ['a test', { price: 5 }, [6, 8]],
    ['a test, beside', { price: 5, kind: 'x' }, [4, 6, 8]],
    ['a list', { brand: ['a'] }, [0, 5, 8]],
    ['a list of two, each once', { brand: ['b', 'a', 'b', 'a', 'none'] }, [0, 5, 7, 8, 10]],
    ['a list beside', { brand: 'a', kind: ['y', 'x'], size: [1, 2] }, [0, 1, 2, 5, 8]],
    ['a list of nothing', { brand: [] }, [8]],
    ['a list in a list', { brand: [['a']] }, [8]],
    ['a part', { of: { n: 1 } }, [8, 9, 10]],
    ['a list as a part', { of: { n: [0, 1] } }, [8, 9, 10]],
    ['two ways to one', { of: { n: 1 }, brand: 'b' }, [5, 8, 9, 10]],
    ['another value of another kind', { brand: true, size: '1', of: 1 }, [8]],
  ])('%s', (_, attributes, rules) => {
    expect(shop.groupsOf(line(attributes))).toEqual([rules])
    // Whatever came before.
    shop.listOf(line({ brand: ['a', 'b'], kind: 'x', size: 1 }))
    expect(shop.groupsOf(line(attributes))).toEqual([rules])
  })

  test('a long list is charged for, by its values', () => {
    const stepsOf = (count: number): number => shop.stepsOf(line({ brand: upTo(count) }))
    expect(stepsOf(1_010) - stepsOf(10)).toBe(8 * 1_000)
  })
})

describe('what is remembered', () => {
  // Two attributes and a test, so that nothing but the key tells what a fact is.
  const whens: Condition[][] = [
    [{ fact: 'line', where: [brand('a')] }],
    [{ fact: 'line', where: [kind('x')] }],
    [{ fact: 'line', where: [{ path: 'size', gte: 5 }] }],
    [{ fact: 'line', where: [brand('a'), { path: 'price', gte: 5 }] }],
    [{ fact: 'line', where: [brand('a'), { path: 'price', gte: 50 }] }],
  ]
  const options: CompileOptions = { memo: { line: { key: 'key', except: ['price'] } } }

  test('is the very list', () => {
    const shop = new Shop(whens.slice(0, 3), options)
    const first = shop.listOf(line({ key: 'k', brand: 'a' }))
    expect(shop.listOf(line({ key: 'k', brand: 'a' }))).toBe(first)
    expect(shop.listOf(line({ brand: 'a' }))).not.toBe(first)
    expect(shop.listOf(line({ key: 7, brand: 'a' }))).not.toBe(first)
    expect(shop.listOf(line({ key: 7, brand: 'a' }))).toEqual(first)
    expect(shop.listOf(line({ key: 'none' }))).toBe(nothing)
  })

  test.each([null, undefined, true, ['k'], { k: 1 }, 'k'.repeat(limits.memoKeyChars + 1)])(
    'is nothing under %j',
    (key) => {
      const shop = new Shop(whens.slice(0, 3), options)
      expect(shop.groupsOf(line({ key, brand: 'a' }))).toEqual([[0]])
      expect(shop.groupsOf(line({ key, kind: 'x' }))).toEqual([[1]])
    },
  )

  test.each(['', 'k', 0, -1.5, 'k'.repeat(limits.memoKeyChars)])('is found by the key %j alone', (key) => {
    const shop = new Shop(whens.slice(0, 3), options)
    expect(shop.groupsOf(line({ key, brand: 'a' }))).toEqual([[0]])
    expect(shop.groupsOf(line({ key, kind: 'x' }))).toEqual([[0]])
  })

  test('costs a step for each slot, and what is tested anew', () => {
    const shop = new Shop(whens, options)
    const fact = line({ key: 'k', brand: 'a', kind: 'x', size: 7 })
    const first = shop.stepsOf(fact)
    const again = shop.stepsOf(fact)
    expect(again).toBeLessThan(first)
    const plain = new Shop(whens.slice(0, 3), options)
    plain.listOf(fact)
    // Three slots.
    expect(plain.stepsOf(fact)).toBe(3)
    // And two tests, each of which begins with a look.
    expect(again).toBe(3 + 2 * (1 + 4))
  })

  test('leaves out what it must, which is tested each time', () => {
    const shop = new Shop(whens, options)
    const priced = (price: unknown, key: unknown = 'k'): number[][] => shop.groupsOf(line({ key, brand: 'a', price }))
    for (const key of ['k', undefined]) {
      const rules = [1, 5, 60, undefined, 5, 5, 1].map((price) => priced(price, key))
      expect(rules).toEqual([[[0]], [[0, 3]], [[0, 3, 4]], [[0]], [[0, 3]], [[0, 3]], [[0]]])
    }
    const listOf = (price: number): SlotList => shop.listOf(line({ key: 'k', brand: 'a', price }))
    // As the last time, as long as it passes the same.
    expect(listOf(6)).toBe(listOf(7))
    expect(listOf(60)).not.toEqual(listOf(7))
    expect(listOf(60)).toEqual(listOf(70))
    expect(listOf(1)).toHaveLength(4)
  })
})

test('types are told by their names, wherever a fact stands', () => {
  const shop = new Shop(['a', 'b', 'c', 'd'].map((fact) => [{ fact }]))
  const types = ['a', 'b', 'none', 'c', 'a', 'a', 'd', 'none', 'none', 'b', 'toString', 'a']
  const wanted: Record<string, number | undefined> = { a: 0, b: 1, c: 2, d: 3 }
  for (let round = 0; round < 30; round++) {
    types.forEach((type, i) => {
      const place = round < 10 ? i : (i * 7 + round) % 23
      expect(shop.lookup.typeOf({ type }, place)?.number).toBe(Object.hasOwn(wanted, type) ? wanted[type] : undefined)
    })
  }
  expect(shop.lookup.typeOf({ type: 'b' })?.number).toBe(1)
})

test('what no rule is found by is tested when it is asked for', () => {
  const shop = new Shop([[sum({ path: 'n' }, { path: 'size', gte: 5 }, { path: 'n', lt: 9 })]])
  shop.meter.steps = 0
  expect(shop.lookup.passesScanned(line({ size: 6, n: 8 }), 0)).toBe(true)
  expect(shop.meter.steps).toBe(1 + 2 * 4)
  expect(shop.lookup.passesScanned(line({ size: 4, n: 8 }), 0)).toBe(false)
  expect(shop.lookup.passesScanned(line({ size: 6, n: 9 }), 0)).toBe(false)
  const except = new Shop([[sum({ path: 'n' }, { path: 'size', gte: 5 }, { path: 'n', lt: 9 })]], {
    memo: { line: { key: 'key', except: ['n'] } },
  })
  expect([6, 4].map((size) => except.lookup.passesScanned(line({ size, n: 8 }), 0))).toEqual([true, false])
  expect(except.lookup.passesScanned(line({ size: 6, n: 9 }), 0)).toBe(false)
})

test('facts told by one attribute are remembered by it', () => {
  const shop = new Shop([[{ fact: 'line', where: [brand('a')] }], [{ fact: 'line', where: [brand('b')] }]])
  const first = shop.listOf(line({ brand: 'a', kind: 'x' }))
  expect(shop.listOf(line({ brand: 'a', kind: 'y' }))).toBe(first)
  expect(shop.groupsOf(line({ brand: 'b' }))).toEqual([[1]])
  expect(shop.groupsOf(line({ brand: ['a', 'b'] }))).toEqual([[0, 1]])
  expect(shop.groupsOf(line({}))).toEqual([])
  const none = new Shop([[{ fact: 'line' }], [sum({ path: 'n' })]])
  expect(none.listOf(line({ brand: 'a' }))).toBe(none.listOf(line({ n: 5 })))
})

// What rules select is kept once, however it is written; what differs is told apart. Here by its numbers: that the right facts
// match is seen by whole rules elsewhere.
import { describe, expect, test } from 'vitest'
import type { ExpressionIr, TestIr } from '../../lib/rules/ir.ts'
import { parseRule } from '../../lib/rules/parse.ts'
import { Selections } from '../../lib/rules/selections.ts'
import type { Expression, Test } from '../../lib/rules/types.ts'

const registry = { predicates: { odd: () => true, even: () => true }, expressions: { half: () => 1, third: () => 1 } }
const irOf = (where: readonly Test[], of: Expression = 1): { tests: readonly TestIr[]; of: ExpressionIr } => {
  const when = [{ accumulate: 'sum', of, from: { fact: 'line', where } }]
  const [part] = parseRule({ name: 'r', when, insert: [{ type: 'hit' }] }, '', registry).when.parts
  if (part?.op !== 'accumulate' || part.of === undefined) throw new Error('it is no sum')
  return { tests: part.pattern.closed, of: part.of }
}
const none = (): boolean => false
const slotOf = (selections: Selections, where: readonly Test[], type = 'line'): number =>
  selections.slotOf(type, irOf(where).tests, undefined)
const measureOf = (selections: Selections, of: Expression): number => selections.slotOf('line', [], irOf([], of).of)

const puma: Test = { path: 'brand', eq: 'puma' }
const shorts: Test = { path: 'kind', eq: 'shorts' }
const dear: Test = { path: 'price', gte: 5 }
const cheap: Test = { path: 'price', lt: 9 }

describe('one selection', () => {
  test.each<[string, Test[], Test[]]>([
    ['in another order', [puma, shorts], [shorts, puma]],
    ['in another order, of tests that are no equalities', [dear, cheap], [cheap, dear]],
    ['in another order, of both', [dear, puma, cheap], [puma, cheap, dear]],
    ['with a test said twice', [puma, dear], [puma, dear, puma, dear]],
    ['in groups', [puma, dear, shorts], [{ all: [puma] }, { all: [{ all: [dear] }, shorts] }]],
    ['with an empty group', [puma], [{ all: [] }, puma]],
    ['with several operators in one', [dear, cheap], [{ path: 'price', gte: 5, lt: 9 }]],
    ['a choice in another order', [{ any: [puma, dear] }], [{ any: [dear, puma] }]],
    ['a path in steps', [{ path: 'of.size', gte: 5 }], [{ path: ['of', 'size'], gte: 5 }]],
    ['a negation', [{ not: puma }], [{ not: puma }]],
    ['a predicate', [{ predicate: 'odd', args: [{ path: 'n' }, 2] }], [{ predicate: 'odd', args: [{ path: 'n' }, 2] }]],
    [
      'what is worked out',
      [{ value: { add: [{ call: 'half', args: [{ path: 'n' }] }, 1] }, gte: 1 }],
      [{ value: { add: [{ call: 'half', args: [{ path: 'n' }] }, 1] }, gte: 1 }],
    ],
  ])('%s', (_, first, second) => {
    const selections = new Selections(none)
    // Another one before, so that places differ.
    slotOf(selections, [{ path: 'other', eq: 1 }, cheap])
    expect(slotOf(selections, second)).toBe(slotOf(selections, first))
    expect(selections.count).toBe(2)
  })
})

test('everything else is another', () => {
  const selections = new Selections(none)
  const different: Test[][] = [
    [],
    [puma],
    [shorts],
    [puma, shorts],
    [puma, dear],
    [dear],
    [cheap],
    [{ path: 'price', gte: 6 }],
    [{ path: 'price', gt: 5 }],
    [{ path: 'brand', eq: 1 }],
    [{ path: 'brand', eq: '1' }],
    [{ path: 'brand', eq: true }],
    [{ path: 'brand', eq: null }],
    [{ path: 'brand', eq: 'null' }],
    [{ path: 'brand.puma', eq: 'puma' }],
    [{ path: ['brand.puma'], eq: 'puma' }],
    [{ path: 'brand.of', eq: 'puma' }],
    [{ path: ['["brand","of"]'], eq: 'puma' }],
    [{ path: 'brand', eq: { path: 'kind' } }],
    [{ path: 'kind', eq: { path: 'brand' } }],
    [{ path: 'brand', in: ['puma'] }],
    [{ path: 'brand', not_in: ['puma'] }],
    [{ path: 'brand', in: ['puma', 'nike'] }],
    [{ any: [puma, shorts] }],
    [{ any: [puma, { not: shorts }] }],
    [{ any: [] }],
    [{ not: puma }],
    [{ not: { all: [puma, shorts] } }],
    [{ not: { any: [puma, shorts] } }],
    [{ predicate: 'odd', args: [{ path: 'n' }] }],
    [{ predicate: 'even', args: [{ path: 'n' }] }],
    [{ predicate: 'odd', args: [{ path: 'n' }, 1] }],
    [{ predicate: 'odd', args: [1, 23] }],
    [{ predicate: 'odd', args: [12, 3] }],
    [{ not: { not: puma } }],
    [{ not: { predicate: 'odd', args: [1, 23] } }],
    [{ value: { call: 'half', args: [{ path: 'n' }] }, gte: 1 }],
    [{ value: { call: 'third', args: [{ path: 'n' }] }, gte: 1 }],
    [{ value: { add: [{ path: 'n' }, 1] }, gte: 1 }],
    [{ value: { mul: [{ path: 'n' }, 1] }, gte: 1 }],
    [{ path: 'n', gte: 1 }],
    [{ path: 'n', between: [1, 2] }],
    [{ path: 'n', between: [1, 3] }],
  ]
  expect(new Set(different.map((where) => slotOf(selections, where))).size).toBe(different.length)
  expect(selections.count).toBe(different.length)
  const ofOthers = [[], [dear], [puma]].map((where) => slotOf(selections, where, 'payment'))
  expect(ofOthers).toEqual([0, 1, 2].map((n) => different.length + n))
  expect(selections.types).toEqual(['line', 'payment'])
})

test('one that is a part of another, in whatever order they come', () => {
  const wheres = [[puma], [puma, shorts], [puma, shorts, dear]]
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ]) {
    const selections = new Selections(none)
    const slots = order.map((i) => slotOf(selections, wheres[i] as Test[]))
    expect(slots).toEqual([0, 1, 2])
    expect(order.map((i) => slotOf(selections, wheres[i] as Test[]))).toEqual(slots)
  }
})

test('equalities are pairs, each once, and the rest are tests without their places', () => {
  const selections = new Selections(none)
  slotOf(selections, [puma, { all: [puma, dear] }, shorts, dear])
  slotOf(selections, [shorts])
  slotOf(selections, [puma, shorts])
  const pairsOf = (selection: number): number[] => {
    const [from, end] = [selections.equalStart.at(selection), selections.equalStart.at(selection + 1)]
    return [...selections.equalPair.toArray().slice(from, end)]
  }
  expect([0, 1, 2].map(pairsOf)).toEqual([[0, 1], [1], [0, 1]])
  expect(selections.pathValues).toEqual([['puma'], ['shorts']])
  expect(selections.pathSteps).toEqual([['brand'], ['kind']])
  expect(selections.moreOf(0)).toMatchObject({
    stable: [{ test: { operator: 'gte', pointer: '' }, pairs: undefined }],
    volatile: [],
  })
  expect(selections.moreOf(1)).toEqual({ stable: [], volatile: [] })
  // Of which there is but one.
  expect(selections.moreOf(2)).toBe(selections.moreOf(1))
  slotOf(selections, [{ path: 'kind', eq: null }])
  expect(pairsOf(3)).toEqual([2])
  expect(selections.pathValues[1]).toEqual(['shorts', null])
  slotOf(selections, [{ not: { any: [dear, { not: cheap }, { any: [{ all: [puma, dear] }] }] } }])
  const written = JSON.stringify(selections.moreOf(4))
  expect(written.match(/"pointer":""/g)?.length).toBeGreaterThan(6)
  expect(written).not.toContain('"pointer":"/')
})

test('of tests that are no equality, by which pairs a fact may be told', () => {
  const told = (where: Test): unknown => {
    const selections = new Selections(none)
    slotOf(selections, [puma, shorts])
    slotOf(selections, [where])
    return selections.moreOf(1).stable[0]?.pairs
  }
  const either: Test = { any: [puma, shorts] }
  expect(told(either)).toEqual([0, 1])
  expect(told({ path: 'brand', in: ['puma', 'nike'] })).toEqual([0, 2])
  expect(told({ any: [{ path: 'brand', in: ['nike'] }, { all: [dear, shorts] }] })).toEqual([2, 1])
  expect(told({ any: [either, puma] })).toEqual([0, 1, 0])
  expect(told({ any: [] })).toEqual([])
  for (const where of [
    dear,
    { any: [puma, dear] },
    { any: [puma, { all: [dear, cheap] }] },
    { not: puma },
    { path: 'brand', not_in: ['puma'] },
    { predicate: 'odd', args: [{ path: 'brand' }] },
    { value: { add: [{ path: 'brand' }, 1] }, in: [1, 2] },
    { value: 1, in: [1, 2] },
    { path: 'brand', eq: { path: 'kind' } },
    { path: 'brand', eq: { literal: ['puma'] } },
  ] satisfies Test[]) {
    expect(told(where), JSON.stringify(where)).toBeUndefined()
  }
})

describe('what a memo leaves out', () => {
  const isVolatile = (type: string, steps: readonly string[]): boolean => type === 'line' && steps.join() === 'price'
  test.each<[string, Test]>([
    ['an equality', { path: 'price', eq: 5 }],
    ['a comparison', dear],
    ['a comparison with an attribute', { path: 'n', gte: { path: 'price' } }],
    ['a comparison of what is worked out', { value: { add: [1, { mul: [2, { path: 'price' }] }] }, gte: 5 }],
    ['a predicate', { predicate: 'odd', args: [1, { path: 'price' }] }],
    ['a negation', { not: dear }],
    ['a choice', { any: [puma, dear] }],
  ])('is tested each time: %s', (_, where) => {
    const selections = new Selections(isVolatile)
    slotOf(selections, [where, puma])
    const { stable, volatile } = selections.moreOf(0)
    expect([stable.length, volatile.length, selections.equalPair.length]).toEqual([0, 1, 1])
    expect(volatile[0]?.pointer).toBe('')
    slotOf(selections, [where, puma], 'payment')
    expect(selections.moreOf(1).volatile).toEqual([])
  })
})

test('sums are told by what they add up', () => {
  const selections = new Selections(none)
  const measures: Expression[] = [
    { path: 'n' },
    { path: 'm' },
    { path: 'n.m' },
    { mul: [{ path: 'n' }, { path: 'm' }] },
    { add: [{ path: 'n' }, { path: 'm' }] },
    { sub: [{ path: 'm' }, { path: 'n' }] },
    { sub: [{ path: 'n' }, { path: 'm' }] },
    { mul: [{ path: 'n' }, 2] },
    { mul: [{ path: 'n' }, 3] },
    { call: 'half', args: [{ path: 'n' }] },
    { call: 'third', args: [{ path: 'n' }] },
    1,
  ]
  const count = slotOf(selections, [])
  const slots = measures.map((of) => measureOf(selections, of))
  expect(slots).toEqual(measures.map((_, i) => count + 1 + i))
  expect(measures.map((of) => measureOf(selections, of))).toEqual(slots)
  expect([selections.count, selections.measures.length]).toEqual([1, measures.length + 1])
  expect(Array.from(selections.slotMeasure.toArray())).toEqual([0, ...measures.map((_, i) => i + 1)])
})

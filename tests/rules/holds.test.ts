// Operators between two values, as the rules that joins and bounds ask for them: also what no rule as written can say.
import { expect, test } from 'vitest'
import { holds, noFact, testFunction } from '../../lib/rules/functions.ts'
import type { Operator } from '../../lib/rules/ir.ts'
import { takeWork } from '../../lib/rules/values.ts'

const cases: [Operator, unknown, unknown, boolean][] = [
  ['exists', null, null, true],
  ['exists', undefined, null, false],
  ['absent', undefined, null, true],
  ['absent', 0, null, false],
  ['eq', 1, 1, true],
  ['eq', [1, 2], 2, true],
  ['eq', [1, 2], [1, 2], true],
  ['eq', [1, 2], 3, false],
  ['eq', undefined, undefined, false],
  ['ne', 1, 1, false],
  ['ne', [1, 2], 2, false],
  ['ne', [1, 2], 3, true],
  ['ne', undefined, 3, true],
  // A list that comes from a variable: few members, and many.
  ['in', 'a', ['b', 'a'], true],
  ['in', 'c', ['b', 'a'], false],
  ['in', 'f', ['a', 'b', 'c', 'd', 'e', 'f'], true],
  ['in', 'g', ['a', 'b', 'c', 'd', 'e', 'f'], false],
  ['in', { a: 1 }, [{ a: 1 }], true],
  ['in', { a: 1 }, ['{"a":1}', 1, 2, 3, { a: 1 }], true],
  ['in', '{"a":1}', [{ a: 1 }, 1, 2, 3, 4], false],
  ['in', ['q'], ['a'], false],
  ['in', ['q', 'a'], ['a'], true],
  ['in', ['q', 'a'], [['q', 'a']], true],
  ['in', [], ['a'], false],
  ['in', [], [[]], true],
  ['in', [undefined], ['undefined'], false],
  ['in', [undefined], [undefined], false],
  ['in', undefined, [undefined], false],
  ['in', 'a', 'a', false],
  ['in', 'a', undefined, false],
  ['not_in', 'a', ['a'], false],
  ['not_in', ['q'], ['a'], true],
  ['not_in', ['q', 'a'], ['a'], false],
  ['not_in', undefined, ['a'], true],
  ['prefix', 'abc', 'ab', true],
  ['prefix', 'abc', 'b', false],
  ['prefix', ['x', 'abc'], 'ab', true],
  ['prefix', '5a', 5, false],
  ['prefix', 5, '5', false],
  ['prefix', 'undefined', undefined, false],
  ['between', 2, [1, 3], true],
  ['between', 1, [1, 3], true],
  ['between', 3, [1, 3], true],
  ['between', 0, [1, 3], false],
  ['between', 4, [1, 3], false],
  ['between', [0, 2], [1, 3], true],
  ['between', [0, 4], [1, 3], false],
  ['between', 'b', ['a', 'c'], true],
  ['between', 'b', [1, 'c'], false],
  ['between', 'b', ['a', 3], false],
  ['lt', 1, 2, true],
  ['lt', 2, 2, false],
  ['lt', 3, 2, false],
  ['lt', '1', 2, false],
  ['lt', [3, 1], 2, true],
  ['lte', 1, 2, true],
  ['lte', 2, 2, true],
  ['lte', 3, 2, false],
  ['lte', '1', 2, false],
  ['gt', 3, 2, true],
  ['gt', 2, 2, false],
  ['gt', 1, 2, false],
  ['gt', null, 2, false],
  ['gte', 3, 2, true],
  ['gte', 2, 2, true],
  ['gte', 1, 2, false],
  ['gte', undefined, 2, false],
  ['gte', [1, 2], 2, true],
  ['gte', [1, 1], 2, false],
]

test.each(cases)('%s %j %j: %s', (operator, left, right, wanted) => {
  expect(holds(operator, left, right)).toBe(wanted)
})

test('what is long is charged for, on either side', () => {
  const list = Array.from({ length: 1_000 }, (_, n) => n)
  const chargedFor = (operator: Operator, left: unknown, right: unknown): number => {
    takeWork()
    holds(operator, left, right)
    return takeWork()
  }
  for (const operator of ['in', 'not_in'] as const) {
    const [one, other] = [chargedFor(operator, -1, list), chargedFor(operator, list, [-1])]
    expect(Math.min(one, other)).toBeGreaterThanOrEqual(1_000)
    expect(chargedFor(operator, list, list.map(String))).toBeGreaterThan(one + other - 1_000)
  }
  for (const operator of ['eq', 'ne', 'lt', 'prefix'] as const) {
    expect(chargedFor(operator, list, 'x'), operator).toBeGreaterThanOrEqual(1_000)
  }
  expect(chargedFor('between', list, [-2, -1])).toBeGreaterThanOrEqual(1_000)
  expect(chargedFor('in', 'a', ['a', 'b'])).toBe(0)
})

test('a number as written is compared as any other value is', () => {
  const values = [
    1,
    2,
    3,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '2',
    '',
    null,
    undefined,
    true,
    {},
    [],
    [1, 3],
    ['2'],
  ]
  for (const operator of ['lt', 'lte', 'gt', 'gte'] as const) {
    for (const value of values) {
      const left = { op: 'path', steps: ['value'] } as const
      const written = { op: 'compare', pointer: '', operator, left, right: { op: 'const', value: 2 } } as const
      const said = testFunction(written, { expressions: {}, predicates: {} })({ ...noFact, value }, [])
      expect([operator, value, said]).toEqual([operator, value, holds(operator, value, 2)])
    }
  }
})

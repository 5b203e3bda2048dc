// What a rule is after parsing: which variables its expressions and tests need, what they cost, what its conditions bind.
import { describe, expect, test } from 'vitest'
import {
  type ExpressionIr,
  expressionCost,
  expressionNeeds,
  type TestIr,
  testCost,
  testNeeds,
  testsCost,
} from '../../lib/rules/ir.ts'
import { parseRule } from '../../lib/rules/parse.ts'
import type { Condition } from '../../lib/rules/types.ts'

const one: ExpressionIr = { op: 'const', value: 1 }
const path: ExpressionIr = { op: 'path', steps: ['n'] }
const variable = (number: number): ExpressionIr => ({ op: 'var', variable: number, steps: [] })
const add = (...args: ExpressionIr[]): ExpressionIr => ({ op: 'add', args })
const call = (...args: ExpressionIr[]): ExpressionIr => ({ op: 'call', name: 'f', args })
const compare = (left: ExpressionIr, right: ExpressionIr): TestIr => ({
  op: 'compare',
  pointer: '',
  operator: 'eq',
  left,
  right,
})
const predicate = (...args: ExpressionIr[]): TestIr => ({ op: 'predicate', pointer: '', name: 'p', args })
const not = (of: TestIr): TestIr => ({ op: 'not', pointer: '', test: of })
const group = (op: 'all' | 'any', ...tests: TestIr[]): TestIr => ({ op, pointer: '', tests })

test.each<[string, ExpressionIr, number, number]>([
  ['a constant', one, 0, 0],
  ['an attribute', path, 0, 0],
  ['a variable', variable(3), 8, 0],
  ['a sum', add(path, one), 0, 2],
  ['a sum of one', add(variable(0)), 1, 1],
  ['a sum of two variables', add(variable(0), variable(3)), 9, 2],
  ['a sum of sums', add(variable(0), add(variable(1), one, path)), 3, 5],
  ['a call of nothing', call(), 0, 0],
  ['a call of calls', call(call(variable(2)), call(one)), 4, 4],
])('an expression, what it needs and costs: %s', (_, expression, needs, cost) => {
  expect([expressionNeeds(expression), expressionCost(expression)]).toEqual([needs, cost])
})

test.each<[string, TestIr, number, number]>([
  ['a comparison', compare(path, one), 0, 1],
  ['of a variable, left', compare(variable(1), one), 2, 1],
  ['of a variable, right', compare(path, variable(1)), 2, 1],
  ['of what is worked out', compare(add(variable(0), one), call(variable(4))), 17, 4],
  ['of what is worked out, right', compare(path, add(one, one, one)), 0, 4],
  ['a predicate of nothing', predicate(), 0, 1],
  ['a predicate', predicate(variable(0), add(variable(2), one)), 5, 5],
  ['a negation', not(compare(variable(1), path)), 2, 1],
  ['all of nothing', group('all'), 0, 0],
  ['all of two', group('all', compare(variable(0), one), predicate(variable(2))), 5, 3],
  [
    'any in all',
    group('all', group('any', compare(variable(0), one), compare(path, variable(1))), not(predicate())),
    3,
    3,
  ],
])('a test, what it needs and costs at most: %s', (_, of, needs, cost) => {
  expect([testNeeds(of), testCost(of)]).toEqual([needs, cost])
  expect(testsCost([of, of])).toBe(2 * cost)
})

describe('conditions', () => {
  const rule = (...when: Condition[]) => parseRule({ name: 'r', when, insert: [{ type: 'hit' }] }, '', {}).when
  const of = (...when: Condition[]) => {
    const { needs, binds, mentions } = rule(...when)
    return { needs, binds, mentions }
  }
  // Variables are numbered as they are met: a is 1, b is 2, c is 4.
  const a: Condition = { fact: 'x', bind: { a: 'n' } }
  const b: Condition = { fact: 'x', as: 'b' }

  test.each<[string, Condition[], { needs: number; binds: number; mentions: number }]>([
    ['none', [], { needs: 0, binds: 0, mentions: 0 }],
    ['a fact', [{ fact: 'x' }], { needs: 0, binds: 0, mentions: 0 }],
    ['what is bound', [a], { needs: 0, binds: 1, mentions: 1 }],
    ['whole facts', [a, b], { needs: 0, binds: 3, mentions: 3 }],
    ['what is used', [a, { test: { var: 'a', gt: 1 } }], { needs: 0, binds: 1, mentions: 1 }],
    ['absence', [{ not: a }, b], { needs: 0, binds: 2, mentions: 3 }],
    ['presence', [{ exists: a }, b], { needs: 0, binds: 2, mentions: 3 }],
    ['a choice', [{ any: [{ all: [a, b] }, a] }], { needs: 0, binds: 1, mentions: 3 }],
    ['a choice of nothing shared', [{ any: [a, b] }], { needs: 0, binds: 0, mentions: 3 }],
    [
      'a total',
      [a, { accumulate: 'count', from: { fact: 'x' }, by: { b: 'm' }, as: 'c', is: { gt: { var: 'a' } } }],
      { needs: 0, binds: 7, mentions: 7 },
    ],
    [
      'a total that binds nothing',
      [{ accumulate: 'count', from: { fact: 'x' } }, a],
      { needs: 0, binds: 1, mentions: 1 },
    ],
  ])('need, bind and mention: %s', (_, when, wanted) => {
    expect(of(...when)).toEqual(wanted)
  })

  test('each for itself', () => {
    const [first, second, third] = rule(
      a,
      { fact: 'y', where: [{ path: 'n', eq: { var: 'a' } }], bind: { b: { add: [{ path: 'n' }, 1] } } },
      {
        accumulate: 'sum',
        of: { add: [{ path: 'n' }, { var: 'a' }] },
        from: { fact: 'x', where: [{ path: 'n', eq: { var: 'b' } }] },
        as: 'c',
      },
    ).parts.map(({ needs, binds, mentions }) => ({ needs, binds, mentions }))
    expect([first, second, third]).toEqual([
      { needs: 0, binds: 1, mentions: 1 },
      { needs: 1, binds: 2, mentions: 3 },
      { needs: 3, binds: 4, mentions: 7 },
    ])
  })
})

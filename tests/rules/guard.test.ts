// What the index can say of a rule: which numbers of facts and which sums decide, and what only the general path can tell.
import { describe, expect, test } from 'vitest'
import { type Guard, nextUp } from '../../lib/rules/guard.ts'
import type { Condition } from '../../lib/rules/types.ts'
import { guardFor } from '../support/rules-guard.ts'

const infinity = Number.POSITIVE_INFINITY

const match = (slot: number): Guard => ({ op: 'match', slot, low: 1, high: infinity, bound: 1 })
const atom = (slot: number, low: number, high: number, bound = low): Guard => ({ op: 'atom', slot, low, high, bound })
const unknown: Guard = { op: 'unknown' }
const always: Guard = { op: 'true' }
const and = (...parts: Guard[]): Guard => ({ op: 'and', parts })

const line: Condition & { fact: string } = { fact: 'line' }
const path = (name: string): string => `{"op":"path","steps":["${name}"]}`
const sum = (more: object): Condition => ({ accumulate: 'sum', of: { path: 'n' }, from: line, ...more })
const count = (more: object): Condition => ({ accumulate: 'count', from: line, ...more })

describe('what decides', () => {
  test.each<[string, Condition[], Partial<ReturnType<typeof guardFor>>]>([
    ['nothing', [], { conditions: [], factors: [], open: false, from: -infinity, until: infinity }],
    ['a fact', [line], { conditions: [match(0)], factors: [0], open: false }],
    ['two facts', [line, { fact: 'part' }], { conditions: [match(0), match(1)], factors: [0, 1], open: false }],
    ['a fact twice', [line, line], { conditions: [match(0), match(0)], factors: [0, 0], open: false }],
    [
      'what is bound, so it must be there',
      [{ fact: 'line', where: [{ path: 'm', gte: 1 }], bind: { x: 'n', y: 'o' } }],
      {
        conditions: [match(0)],
        factors: [0],
        open: false,
        slots: [`line, gte ${path('m')}, exists ${path('n')}, exists ${path('o')}`],
      },
    ],
    [
      'an expression that is bound is not read by the index',
      [{ fact: 'line', bind: { x: { add: [{ path: 'n' }, 1] } } }],
      { conditions: [and(match(0), unknown)], factors: [0], open: true, slots: ['line'] },
    ],
    ['a whole fact', [{ fact: 'line', as: 'x' }], { conditions: [match(0)], factors: [0], open: false }],
    [
      'a join',
      [
        { fact: 'line', bind: { x: 'n' } },
        { fact: 'part', bind: { x: 'n' } },
      ],
      { conditions: [and(match(0), unknown), and(match(1), unknown)], factors: [0, 1], open: true },
    ],
    [
      'a join by whole facts',
      [
        { fact: 'line', as: 'x' },
        { fact: 'line', as: 'x' },
      ],
      { conditions: [and(match(0), unknown), and(match(0), unknown)], open: true },
    ],
    [
      'a fact compared with a variable',
      [
        { fact: 'line', bind: { x: 'n' } },
        { fact: 'part', where: [{ path: 'n', gt: { var: 'x' } }] },
      ],
      { conditions: [match(0), and(match(1), unknown)], open: true },
    ],
    [
      'a group: its matches are the rule’s',
      [{ all: [line, { fact: 'part' }] }],
      { conditions: [and(match(0), match(1))], factors: [0, 1], open: false },
    ],
    [
      'a choice: one match, whatever holds',
      [{ any: [line, { fact: 'part' }] }],
      { conditions: [{ op: 'or', parts: [match(0), match(1)] }], factors: [], open: false },
    ],
    [
      'a choice that binds',
      [
        {
          any: [
            { fact: 'line', bind: { x: 'n' } },
            { fact: 'part', bind: { x: 'n' } },
          ],
        },
      ],
      { factors: [], open: true },
    ],
    [
      'a choice that binds, in an absence',
      [
        {
          not: {
            any: [
              { fact: 'line', as: 'x' },
              { fact: 'part', as: 'y' },
            ],
          },
        },
      ],
      { conditions: [{ op: 'not', part: { op: 'or', parts: [match(0), match(1)] } }], factors: [], open: false },
    ],
    ['absence', [{ not: line }], { conditions: [{ op: 'not', part: match(0) }], factors: [], open: false }],
    ['presence', [{ exists: line }], { conditions: [match(0)], factors: [], open: false }],
    [
      'presence of a group',
      [{ exists: { all: [line, line] } }],
      { conditions: [and(match(0), match(0))], factors: [], open: false },
    ],
  ])('%s', (_, when, wanted) => {
    expect(guardFor(when)).toMatchObject(wanted)
  })
})

describe('sums and counts', () => {
  const measured = `line, ${path('n')}`
  test.each<[string, Condition[], Partial<ReturnType<typeof guardFor>>]>([
    ['a sum from a bound on', [sum({ is: { gte: 5 } })], { conditions: [atom(0, 5, infinity)], slots: [measured] }],
    ['a sum above a bound', [sum({ is: { gt: 5 } })], { conditions: [atom(0, nextUp(5), infinity, 5)] }],
    ['a sum up to a bound', [sum({ is: { lte: 5 } })], { conditions: [atom(0, -infinity, 5)] }],
    ['a sum below a bound', [sum({ is: { lt: 5 } })], { conditions: [atom(0, -infinity, -nextUp(-5))] }],
    ['a sum that is just so', [sum({ is: { eq: 5 } })], { conditions: [atom(0, 5, 5)] }],
    ['a sum between', [sum({ is: { between: [5, 7] } })], { conditions: [atom(0, 5, 7)] }],
    [
      'a sum with two bounds',
      [sum({ is: { gte: 5, lt: 7 } })],
      { conditions: [and(atom(0, -infinity, -nextUp(-7)), atom(0, 5, infinity))] },
    ],
    [
      'a sum that may be anything but too large',
      [sum({ as: 'x' })],
      { conditions: [atom(0, -infinity, infinity, -infinity)], factors: [], open: false },
    ],
    ['a count', [count({ is: { gte: 2 } })], { conditions: [atom(0, 2, infinity)], slots: ['line'] }],
    ['a count that may be anything', [count({ as: 'x' })], { conditions: [always], open: false }],
    ['all, which may be nothing', [{ accumulate: 'all', from: line, as: 'x' }], { conditions: [always], open: false }],
    [
      'distinct, which may be nothing',
      [{ accumulate: 'distinct', of: { path: 'n' }, from: line }],
      { conditions: [always], open: false },
    ],
    ['all, bounded', [{ accumulate: 'all', from: line, is: { ne: 1 } }], { conditions: [unknown], open: true }],
    [
      'all, by group',
      [{ accumulate: 'all', from: line, by: { x: 'n' } }],
      { conditions: [and(match(0), unknown)], open: true },
    ],
    [
      'the least, which must be there',
      [{ accumulate: 'min', of: { path: 'n' }, from: line }],
      { conditions: [and(match(0), unknown)], open: true },
    ],
    [
      'the greatest',
      [{ accumulate: 'max', of: { path: 'n' }, from: line }],
      { conditions: [and(match(0), unknown)], open: true },
    ],
    [
      'the average',
      [{ accumulate: 'average', of: { path: 'n' }, from: line }],
      { conditions: [and(match(0), unknown)], open: true },
    ],
    [
      'a sum by group',
      [sum({ by: { x: 'n' } })],
      { conditions: [and(match(0), unknown)], open: true, slots: ['line'] },
    ],
    ['a sum that is compared with no number', [sum({ is: { gte: '5' } })], { conditions: [unknown], open: true }],
    ['a sum between what is no number', [sum({ is: { between: [5, 'x'] } })], { conditions: [unknown], open: true }],
    [
      'a sum between what is no number either',
      [sum({ is: { between: ['x', 5] } })],
      { conditions: [unknown], open: true },
    ],
    ['a sum that is not so', [sum({ is: { ne: 5 } })], { conditions: [unknown], open: true }],
    ['a sum in a list', [sum({ is: { in: [5] } })], { conditions: [unknown], open: true }],
    [
      'a sum of what is worked out',
      [sum({ of: { mul: [{ path: 'n' }, 2] }, is: { gte: 5 } })],
      { conditions: [atom(0, 5, infinity)], open: false },
    ],
    [
      'a sum of what depends on a variable',
      [{ fact: 'part', bind: { x: 'n' } }, sum({ of: { mul: [{ path: 'n' }, { var: 'x' }] }, is: { gte: 5 } })],
      { conditions: [match(0), unknown], open: true },
    ],
    [
      'a sum over what depends on a variable',
      [
        { fact: 'part', bind: { x: 'n' } },
        sum({ from: { fact: 'line', where: [{ path: 'n', gt: { var: 'x' } }] }, is: { gte: 5 } }),
      ],
      { conditions: [match(0), unknown], open: true },
    ],
    [
      'a sum that joins',
      [sum({ as: 'x', is: { gte: 5 } }), { fact: 'part', bind: { x: 'n' } }],
      { conditions: [and(atom(0, 5, infinity), unknown), and(match(1), unknown)], open: true },
    ],
    [
      'a list that joins',
      [
        { accumulate: 'all', from: line, as: 'x' },
        { fact: 'part', bind: { x: 'n' } },
      ],
      { open: true },
    ],
  ])('%s', (_, when, wanted) => {
    const found = guardFor(when)
    // Bounds of one condition in any order.
    const sorted = (guards: readonly Guard[] = []): unknown =>
      guards.map((guard) =>
        guard.op === 'and' ? { ...guard, parts: guard.parts.map((part) => JSON.stringify(part)).sort() } : guard,
      )
    expect({ ...found, conditions: sorted(found.conditions) }).toMatchObject({
      ...wanted,
      ...(wanted.conditions ? { conditions: sorted(wanted.conditions) } : {}),
    })
  })
})

describe('free tests', () => {
  const summed = sum({ as: 'x' })
  const ofSum = atom(0, -infinity, infinity, -infinity)
  test.each<[string, Condition[], Guard[], boolean]>([
    ['of a sum are bounds on it', [summed, { test: { var: 'x', gte: 5 } }], [ofSum, atom(0, 5, infinity)], false],
    [
      'of a count as well',
      [count({ as: 'x' }), { test: { var: 'x', lte: 5 } }],
      [always, atom(0, -infinity, 5)],
      false,
    ],
    ['wherever they stand', [{ test: { var: 'x', gte: 5 } }, summed], [atom(0, 5, infinity), ofSum], false],
    [
      'several at once',
      [
        summed,
        {
          test: {
            all: [
              { var: 'x', gte: 5 },
              { var: 'x', lte: 7 },
            ],
          },
        },
      ],
      [ofSum, and(atom(0, 5, infinity), atom(0, -infinity, 7))],
      false,
    ],
    ['of a choice are not', [summed, { test: { any: [{ var: 'x', gte: 5 }] } }], [ofSum, unknown], true],
    ['of a negation are not', [summed, { test: { not: { var: 'x', gte: 5 } } }], [ofSum, unknown], true],
    ['of a part of it are not', [summed, { test: { var: 'x', path: 'n', gte: 5 } }], [ofSum, unknown], true],
    [
      'of what is worked out are not',
      [summed, { test: { value: { add: [{ var: 'x' }, 1] }, gte: 5 } }],
      [ofSum, unknown],
      true,
    ],
    ['of no number are not', [summed, { test: { var: 'x', gte: 'a' } }], [ofSum, unknown], true],
    [
      'of another variable are not',
      [summed, { fact: 'line', bind: { y: 'n' } }, { test: { var: 'y', gte: 5 } }],
      [ofSum, match(1), unknown],
      true,
    ],
    [
      'of the greatest are not',
      [{ accumulate: 'max', of: { path: 'n' }, from: line, as: 'x' }, { test: { var: 'x', gte: 5 } }],
      [and(match(0), unknown), unknown],
      true,
    ],
  ])('%s', (_, when, conditions, open) => {
    expect(guardFor(when)).toMatchObject({ conditions, open })
  })
})

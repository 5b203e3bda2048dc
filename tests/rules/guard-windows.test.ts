// When a rule is in force, as far as the index can say it.
import { describe, expect, test } from 'vitest'
import { nextUp } from '../../lib/rules/guard.ts'
import type { Condition } from '../../lib/rules/types.ts'
import { guardFor } from '../support/rules-guard.ts'

const infinity = Number.POSITIVE_INFINITY
const line: Condition & { fact: string } = { fact: 'line' }

describe('windows', () => {
  const now = (...where: object[]): Condition =>
    ({ fact: 'now', where: where.map((is) => ({ path: 'at', ...is })) }) as Condition
  test.each<[string, Condition[], number, number]>([
    ['from a moment on', [now({ gte: 5 })], 5, infinity],
    ['after a moment', [now({ gt: 5 })], nextUp(5), infinity],
    ['before a moment', [now({ lt: 9 })], -infinity, 9],
    ['up to a moment', [now({ lte: 9 })], -infinity, nextUp(9)],
    ['at a moment', [now({ eq: 5 })], 5, nextUp(5)],
    ['between moments', [now({ between: [5, 9] })], 5, nextUp(9)],
    ['in one condition', [now({ gte: 5, lt: 9 })], 5, 9],
    ['in several tests', [now({ gte: 5 }, { gte: 3 }, { lt: 9 }, { lt: 20 })], 5, 9],
    [
      'in a group of tests',
      [{ fact: 'now', where: [{ all: [{ path: 'at', gte: 5 }, { all: [{ path: 'at', lt: 9 }] }] }] }],
      5,
      9,
    ],
    ['in several conditions', [now({ gte: 5 }), now({ lt: 9 }), now({ gte: 3, lt: 10 })], 5, 9],
    ['in a group of conditions', [{ all: [now({ gte: 5 }), now({ lt: 9 })] }], 5, 9],
  ])('%s', (_, when, from, until) => {
    const found = guardFor(when)
    expect([found.from, found.until, found.open, found.factors]).toEqual([from, until, false, []])
    const written = JSON.stringify(found.conditions)
    expect([written.includes('"window"'), written.includes('"match"')]).toEqual([true, false])
  })

  test('one that only a part of the rule asks for is no window of the rule', () => {
    for (const when of [
      [{ not: now({ gte: 5 }) }],
      [{ any: [now({ gte: 5 }), line] }],
      [{ exists: now({ gte: 5 }) }],
    ]) {
      expect(guardFor(when)).toMatchObject({ from: -infinity, until: infinity })
      expect(JSON.stringify(guardFor(when).conditions)).toContain('"match"')
    }
  })

  test.each<[string, Condition]>([
    ['of another type', { fact: 'line', where: [{ path: 'at', gte: 5 }] }],
    ['without bounds', { fact: 'now' }],
    ['on another attribute', { fact: 'now', where: [{ path: 'other', gte: 5 }] }],
    ['on a part of it', { fact: 'now', where: [{ path: 'at.ms', gte: 5 }] }],
    [
      'and another attribute',
      {
        fact: 'now',
        where: [
          { path: 'at', gte: 5 },
          { path: 'other', gte: 5 },
        ],
      },
    ],
    ['that is bound', { fact: 'now', where: [{ path: 'at', gte: 5 }], bind: { x: 'at' } }],
    ['of what is worked out', { fact: 'now', where: [{ value: { add: [{ path: 'at' }, 1] }, gte: 5 }] }],
    ['of no number', { fact: 'now', where: [{ path: 'at', gte: '5' }] }],
    ['that is not a moment', { fact: 'now', where: [{ path: 'at', ne: 5 }] }],
    ['in a choice', { fact: 'now', where: [{ any: [{ path: 'at', gte: 5 }] }] }],
    ['of nothing', { fact: 'now', where: [{ all: [] }] }],
  ])('are none: %s', (_, when) => {
    expect(guardFor([when])).toMatchObject({
      from: -infinity,
      until: infinity,
      conditions: [{ op: 'match' }],
      factors: [0],
    })
  })

  test('a time deep in a fact is told by its whole path', () => {
    const deep = (steps: string): Condition => ({ fact: 'now', where: [{ path: steps, gte: 5 }] })
    expect(guardFor([deep('of.at')], ['of', 'at']).from).toBe(5)
    for (const steps of ['of', 'of.to', 'to.at', 'of.at.ms'])
      expect(guardFor([deep(steps)], ['of', 'at']).from).toBe(-infinity)
  })
})

test.each([
  [0, 5e-324],
  [-0, 5e-324],
  [5e-324, 1e-323],
  [-5e-324, 0],
  [1, 1 + Number.EPSILON],
  [-1, -1 + Number.EPSILON / 2],
  [2 ** 53, 2 ** 53 + 2],
  [1_661_299_200_000, 1_661_299_200_000.000_2],
  [Number.MAX_VALUE, infinity],
  [infinity, infinity],
  [-infinity, -Number.MAX_VALUE],
])('the next number after %d', (value, next) => {
  expect(nextUp(value)).toBe(next === 0 ? -0 : next)
})

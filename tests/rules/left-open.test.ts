// What looks like something that the index could decide, and is not: it must give what trying all facts gives.
import { describe, expect, test } from 'vitest'
import { loadRuleBase } from '../../lib/rules/base.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type { CompileOptions, Condition, Fact, Rule } from '../../lib/rules/types.ts'
import { fired } from '../support/rules-outcomes.ts'

const line = (attributes: object): Fact => ({ type: 'line', ...attributes })
const now: Fact = { type: 'now', at: 10, other: 100, of: { at: 3 } }
const inWindow = [{ path: 'at', gte: 5, lt: 15 }] as const
const joined = { fact: 'line', bind: { x: 'n' } } as const
const total = { accumulate: 'sum', of: { path: 'n' } } as const

type Case = { name: string; when: readonly Condition[]; facts: readonly Fact[]; times: number; clock?: string }

const cases: Case[] = [
  // Totals of nothing are there for each match of what stands beside them.
  ...(['count', 'sum', 'all', 'distinct'] as const).map(
    (accumulate): Case => ({
      name: `a joined ${accumulate} of nothing`,
      when: [
        joined,
        {
          accumulate,
          ...(accumulate === 'count' ? {} : { of: { path: 'm' } }),
          from: { fact: 'none', where: [{ path: 'n', eq: { var: 'x' } }] },
          ...(accumulate === 'count' || accumulate === 'sum' ? { is: { eq: 0 } } : {}),
        },
      ],
      facts: [line({ n: 1 }), line({ n: 2 })],
      times: 2,
    }),
  ),
  ...(['min', 'max', 'average'] as const).map(
    (accumulate): Case => ({
      name: `a joined ${accumulate} of nothing`,
      when: [
        joined,
        { accumulate, of: { path: 'm' }, from: { fact: 'none', where: [{ path: 'n', eq: { var: 'x' } }] } },
      ],
      facts: [line({ n: 1 }), line({ n: 2 })],
      times: 0,
    }),
  ),
  {
    name: 'all facts, joined by their list',
    when: [
      { accumulate: 'all', of: { path: 'n' }, from: { fact: 'line' }, as: 'x' },
      { fact: 'list', bind: { x: 'of' } },
    ],
    facts: [line({ n: 1 }), line({ n: 2 }), { type: 'list', of: [1, 2] }, { type: 'list', of: [2] }],
    times: 1,
  },
  {
    name: 'all facts, bounded',
    when: [{ accumulate: 'all', of: { path: 'n' }, from: { fact: 'line' }, is: { eq: 7 } }],
    facts: [line({ n: 1 })],
    times: 0,
  },
  {
    name: 'distinct values by group',
    when: [{ accumulate: 'distinct', of: { path: 'n' }, from: { fact: 'line' }, by: { x: 'm' } }],
    facts: [line({ n: 1, m: 1 }), line({ n: 1, m: 2 }), line({ n: 1 })],
    times: 2,
  },
  {
    name: 'a sum that joins',
    when: [
      { ...total, from: { fact: 'line' }, as: 'x' },
      { fact: 'wanted', bind: { x: 'sum' } },
    ],
    facts: [line({ n: 1 }), line({ n: 2 }), { type: 'wanted', sum: 3 }, { type: 'wanted', sum: 4 }],
    times: 1,
  },
  {
    name: 'a sum by group',
    when: [{ ...total, from: { fact: 'line' }, by: { x: 'm' }, is: { gte: 3 } }],
    facts: [line({ n: 2, m: 1 }), line({ n: 2, m: 2 }), line({ n: 1, m: 2 })],
    times: 1,
  },
  {
    name: 'a sum with a bound that is no number',
    when: [{ ...total, from: { fact: 'line' }, is: { ne: 3 } }],
    facts: [line({ n: 3 })],
    times: 0,
  },
  {
    name: 'a sum in a list',
    when: [{ ...total, from: { fact: 'line' }, is: { in: [3, 4] } }],
    facts: [line({ n: 3 })],
    times: 1,
  },
  {
    name: 'a sum between bounds that are no numbers',
    when: [{ ...total, from: { fact: 'line' }, is: { between: ['1', 'x'] } }],
    facts: [line({ n: 3 })],
    times: 0,
  },
  {
    name: 'a sum between a bound that is a variable',
    when: [joined, { ...total, from: { fact: 'line' }, is: { between: [{ var: 'x' }, 9] } }],
    facts: [line({ n: 3 }), line({ n: 5 })],
    times: 2,
  },
  {
    name: 'a sum that nothing reaches, beside presence',
    when: [{ ...total, from: { fact: 'line' }, is: { gte: 0 } }, { exists: { fact: 'line' } }],
    facts: [],
    times: 0,
  },
  {
    name: 'a sum above nothing, beside a fact of its own',
    when: [{ ...total, from: { fact: 'line' }, is: { gt: 0 } }, { fact: 'line' }],
    facts: [line({ n: 1 }), line({ n: 2 })],
    times: 2,
  },
  {
    name: 'a sum above nothing, beside absence of others',
    when: [
      { ...total, from: { fact: 'line' }, is: { gt: 0 } },
      { not: { fact: 'line', where: [{ path: 'n', gt: 5 }] } },
    ],
    facts: [line({ n: 1 }), line({ n: 6 })],
    times: 0,
  },
  {
    name: 'a sum that exists',
    when: [{ ...total, from: { fact: 'line' }, is: { exists: true } }],
    facts: [],
    times: 1,
  },
  {
    name: 'a free test of what is inside a variable',
    when: [{ fact: 'line', as: 'x' }, { test: { var: 'x', path: 'n', gte: 2 } }],
    facts: [line({ n: 1 }), line({ n: 3 })],
    times: 1,
  },
  {
    name: 'a free test of one variable against another',
    when: [
      { ...total, from: { fact: 'line' }, as: 'x' },
      { accumulate: 'count', from: { fact: 'line' }, as: 'y' },
      { test: { var: 'x', gt: { var: 'y' } } },
    ],
    facts: [line({ n: 1 }), line({ n: 1 })],
    times: 0,
  },
  {
    name: 'a free test that is any',
    when: [
      { ...total, from: { fact: 'line' }, as: 'x' },
      {
        test: {
          any: [
            { var: 'x', gt: 5 },
            { var: 'x', lt: 1 },
          ],
        },
      },
    ],
    facts: [line({ n: 1 })],
    times: 0,
  },
  {
    name: 'a choice that binds, of two facts',
    when: [
      {
        any: [
          { fact: 'line', bind: { x: 'n' } },
          { fact: 'other', bind: { x: 'n' } },
        ],
      },
    ],
    facts: [line({ n: 1 }), line({ n: 1 }), line({ n: 2 }), { type: 'other', n: 2 }],
    times: 2,
  },
  {
    name: 'a fact in two conditions',
    when: [
      { fact: 'line', as: 'x' },
      { fact: 'line', as: 'x' },
    ],
    facts: [line({ n: 1 }), line({ n: 1 })],
    times: 2,
  },
  {
    name: 'absence of what is joined',
    when: [joined, { not: { fact: 'other', bind: { x: 'n' } } }],
    facts: [line({ n: 1 }), line({ n: 2 }), { type: 'other', n: 2 }],
    times: 1,
  },
  {
    name: 'what a group in an absence joins',
    when: [{ not: { all: [joined, { fact: 'other', bind: { x: 'n' } }] } }],
    facts: [line({ n: 1 }), { type: 'other', n: 2 }],
    times: 1,
  },
  {
    name: 'what a choice joins with its neighbour',
    when: [{ any: [{ all: [joined, { fact: 'other', bind: { x: 'n' } }] }, { fact: 'none' }] }],
    facts: [line({ n: 1 }), { type: 'other', n: 2 }],
    times: 0,
  },
  {
    name: 'a group by what another condition binds',
    when: [
      { accumulate: 'count', from: { fact: 'line' }, by: { x: 'n' } },
      { fact: 'other', bind: { x: 'n' } },
    ],
    facts: [line({ n: 1 }), line({ n: 2 }), { type: 'other', n: 2 }],
    times: 1,
  },
  // Times that are none of the clock's.
  {
    name: 'the window of another type',
    when: [{ fact: 'line', where: inWindow }],
    facts: [now, line({ at: 20 })],
    times: 0,
  },
  { name: 'the time of another type', when: [{ fact: 'line', where: inWindow }], facts: [line({ at: 6 })], times: 1 },
  {
    name: 'a time that is bound',
    when: [{ fact: 'now', where: inWindow, bind: { x: 'other' } }],
    facts: [now],
    times: 1,
  },
  {
    name: 'a time that is bound, where there is none',
    when: [{ fact: 'now', where: inWindow, bind: { x: 'none' } }],
    facts: [now],
    times: 0,
  },
  {
    name: 'a time that a variable bounds',
    when: [joined, { fact: 'now', where: [{ path: 'at', gte: { var: 'x' }, lt: 100 }] }],
    facts: [now, line({ n: 11 }), line({ n: 9 })],
    times: 1,
  },
  {
    name: 'another attribute',
    when: [{ fact: 'now', where: [{ path: 'other', gte: 5, lt: 15 }] }],
    facts: [now],
    times: 0,
  },
  { name: 'an attribute inside', when: [{ fact: 'now', where: [{ path: 'at.at', gte: 5 }] }], facts: [now], times: 0 },
  {
    name: 'an attribute inside another',
    when: [{ fact: 'now', where: [{ path: 'of.at', gte: 5 }] }],
    facts: [now],
    times: 0,
  },
  {
    name: 'an attribute outside the clock',
    when: [{ fact: 'now', where: [{ path: 'at', gte: 5 }] }],
    facts: [now],
    times: 1,
    clock: 'of.at',
  },
  {
    name: 'one beside that of the clock',
    when: [{ fact: 'now', where: [{ path: 'of.to', gte: 1 }] }],
    facts: [now],
    times: 0,
    clock: 'of.at',
  },
  {
    name: 'the clock inside another',
    when: [{ fact: 'now', where: [{ path: 'of.at', gte: 3, lt: 4 }] }],
    facts: [now],
    times: 1,
    clock: 'of.at',
  },
  {
    name: 'a window and another test',
    when: [{ fact: 'now', where: [...inWindow, { path: 'other', lt: 50 }] }],
    facts: [now],
    times: 0,
  },
  {
    name: 'a choice of windows',
    when: [
      {
        fact: 'now',
        where: [
          {
            any: [
              { path: 'at', lt: 5 },
              { path: 'at', gte: 15 },
            ],
          },
        ],
      },
    ],
    facts: [now],
    times: 0,
  },
  { name: 'no window', when: [{ fact: 'now', where: [{ not: { path: 'at', gte: 5 } }] }], facts: [now], times: 0 },
  {
    name: 'a time that is worked out',
    when: [{ fact: 'now', where: [{ value: { add: [{ path: 'at' }, 10] }, lt: 15 }] }],
    facts: [now],
    times: 0,
  },
  { name: 'not this time', when: [{ fact: 'now', where: [{ path: 'at', ne: 10 }] }], facts: [now], times: 0 },
  { name: 'a time as text', when: [{ fact: 'now', where: [{ path: 'at', gte: '5' }] }], facts: [now], times: 0 },
  { name: 'any time', when: [{ fact: 'now' }], facts: [now], times: 1 },
  { name: 'any time, twice', when: [{ fact: 'now' }], facts: [now, { ...now }], times: 2 },
  {
    name: 'a window, of two times',
    when: [{ fact: 'now', where: inWindow }],
    facts: [now, { ...now, at: 20 }],
    times: 1,
  },
  { name: 'a window, of no time', when: [{ fact: 'now', where: inWindow }], facts: [line({ at: 6 })], times: 0 },
  { name: 'outside a window', when: [{ not: { fact: 'now', where: inWindow } }], facts: [now], times: 0 },
  {
    name: 'outside a window, by time',
    when: [{ not: { fact: 'now', where: inWindow } }],
    facts: [{ ...now, at: 4 }],
    times: 1,
  },
  {
    name: 'within two windows',
    when: [
      { fact: 'now', where: inWindow },
      { fact: 'now', where: [{ path: 'at', gte: 8, lt: 10 }] },
    ],
    facts: [now],
    times: 0,
  },
  {
    name: 'within the later of two',
    when: [
      { fact: 'now', where: inWindow },
      { fact: 'now', where: [{ path: 'at', gte: 10, lt: 30 }] },
    ],
    facts: [now],
    times: 1,
  },
  {
    name: 'after the earlier of two',
    when: [
      { fact: 'now', where: inWindow },
      { fact: 'now', where: [{ path: 'at', gte: 1, lt: 30 }] },
    ],
    facts: [{ ...now, at: 16 }],
    times: 0,
  },
  {
    name: 'in one of two windows',
    when: [{ any: [{ fact: 'now', where: inWindow }, { fact: 'line' }] }],
    facts: [now],
    times: 1,
  },
]

/** In a rule base by itself, and after others by which its times stand in the base's boundaries. */
const around: readonly Rule[] = [
  { name: 'window', when: [{ fact: 'now', where: inWindow }], insert: [{ type: 'window' }] },
  { name: 'line', when: [{ fact: 'line', where: [{ path: 'n', eq: 1 }] }], insert: [{ type: 'one' }] },
]

describe.each(['always', 'never'] as const)('index %s', (index) => {
  test.each(cases.map((each) => [each.name, each] as const))('%s', (_, { when, facts, times, clock = 'at' }) => {
    const rule: Rule = { name: 'r', when, insert: [{ type: 'hit' }] }
    const options: CompileOptions = { index, clock: { fact: 'now', path: clock } }
    for (const rules of [[rule], [...around, rule]]) {
      const base = compileRules(rules, options)
      for (const each of [base, loadRuleBase(base.toBytes(), { index })]) {
        for (const given of [facts, [...facts].reverse()]) {
          const outcome = fired(each.session(given).fire())
          expect(outcome.times(rules.length - 1)).toBe(times)
          expect(outcome.inserted().filter(({ type }) => type === 'hit')).toHaveLength(times)
        }
        const later = fired(fired(each.session().fire()).with({ insert: facts }))
        expect(later.times(rules.length - 1)).toBe(times)
      }
    }
  })
})

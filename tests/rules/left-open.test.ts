// What looks like something that the index could decide, and is not: it must give what trying all facts gives.
import { line } from '../support/facts.ts'
import { joined, type OpenCase, testLeftOpen } from '../support/rules-left-open.ts'

const total = { accumulate: 'sum', of: { path: 'n' } } as const

const cases: OpenCase[] = [
  // Totals of nothing are there for each match of what stands beside them.
  ...(['count', 'sum', 'all', 'distinct'] as const).map(
    (accumulate): OpenCase => ({
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
    (accumulate): OpenCase => ({
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
]

testLeftOpen(cases)

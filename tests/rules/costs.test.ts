// Cost follows what matches: what the index decides by itself is decided without trying facts, whatever shape the rule has.
import { describe, expect, test } from 'vitest'
import { loadRuleBase } from '../../lib/rules/base.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type { CompileOptions, Condition, Fact, Rule } from '../../lib/rules/types.ts'
import { fired } from '../support/rules-outcomes.ts'

const ruleCount = 200
const lineCount = 300

const rulesOf = (when: readonly Condition[]): Rule[] =>
  Array.from({ length: ruleCount }, (_, n) => ({ name: `r${n}`, when, insert: [{ type: 'hit', n }] }))

const facts: Fact[] = [
  { type: 'now', at: 10 },
  { type: 'payment', method: 'visa' },
  ...Array.from({ length: lineCount }, (_, n) => ({ type: 'line', n, price: 1, kind: n % 3 })),
]
const line = { fact: 'line' } as const
const first = { fact: 'line', where: [{ path: 'n', eq: 0 }] } as const
const payment = { fact: 'payment' } as const
const price = { accumulate: 'sum', of: { path: 'price' }, from: line } as const
const count = { accumulate: 'count', from: line } as const

/** Each fires once. */
const decided: [string, Condition[]][] = [
  ['one fact', [first]],
  ['one fact, by a range', [{ fact: 'line', where: [{ path: 'n', gte: 299 }] }]],
  ['one fact, by a list', [{ fact: 'line', where: [{ path: 'n', in: [7, -1] }] }]],
  ['one fact that a variable names', [{ ...first, as: 'x' }]],
  ['a variable of its own', [{ ...first, bind: { x: 'price' } }]],
  [
    'variables of their own',
    [
      { ...first, bind: { x: 'price' } },
      { ...payment, bind: { y: 'method' } },
    ],
  ],
  ['two facts', [first, payment]],
  ['facts in a group', [{ all: [first, payment] }]],
  ['a choice', [{ any: [first, payment] }]],
  ['a choice of groups', [{ any: [{ all: [first, payment] }, { fact: 'none' }] }]],
  ['presence', [{ exists: line }]],
  ['presence of a choice', [{ exists: { any: [line, { fact: 'none', bind: { x: 'x' } }] } }]],
  ['absence', [{ not: { fact: 'line', where: [{ path: 'n', eq: -1 }] } }]],
  ['absence beside a fact', [payment, { not: { fact: 'line', where: [{ path: 'n', gt: 299 }] } }]],
  ['a sum', [{ ...price, is: { gte: 300 } }]],
  ['a sum between two', [{ ...price, is: { between: [299, 301] } }]],
  ['a sum that is just so', [{ ...price, is: { eq: 300 } }]],
  ['a sum by two bounds', [{ ...price, is: { gt: 299, lt: 301 } }]],
  ['a sum that is small', [payment, { ...price, is: { lte: 300 } }]],
  ['a sum of products', [{ ...price, of: { mul: [{ path: 'price' }, { path: 'n' }] }, is: { gt: 1 } }]],
  ['a sum in a variable', [{ ...price, as: 'sum' }, { test: { var: 'sum', gte: 300 } }]],
  [
    'a sum in a variable, by two tests',
    [{ ...price, as: 'sum' }, { test: { all: [{ var: 'sum', gte: 1, lt: 301 }] } }],
  ],
  ['a sum in a variable that is inserted', [{ ...price, as: 'sum', is: { gte: 300 } }]],
  ['a count', [{ ...count, is: { gte: 300 } }]],
  ['a count in a variable', [{ ...count, as: 'count' }, { test: { var: 'count', gt: 299 } }]],
  ['all of some', [payment, { accumulate: 'all', from: line, as: 'all' }]],
  ['distinct ones', [payment, { accumulate: 'distinct', of: { path: 'n' }, from: line, as: 'all' }]],
  ['a window', [{ fact: 'now', where: [{ path: 'at', gte: 5, lt: 15 }] }, payment]],
  [
    'a window, by several tests',
    [{ fact: 'now', where: [{ all: [{ path: 'at', gte: 5 }] }, { path: 'at', lte: 10 }] }],
  ],
]

/** None fires: the one thing by which each could be found is not there. */
const unmet: [string, Condition[]][] = [
  ['a fact', [{ fact: 'line', where: [{ path: 'n', eq: -1 }] }, line]],
  ['a total', [{ accumulate: 'min', of: { path: 'n' }, from: { fact: 'none' } }, line]],
  ['a largest', [{ accumulate: 'max', of: { path: 'n' }, from: { fact: 'none' } }, line]],
  ['an average', [{ accumulate: 'average', of: { path: 'n' }, from: { fact: 'none' } }, line]],
  ['groups', [{ accumulate: 'count', from: { fact: 'none' }, by: { x: 'x' } }, line]],
  [
    'a join',
    [
      { ...line, bind: { x: 'n' } },
      { fact: 'none', bind: { x: 'n' } },
    ],
  ],
  [
    'a join by a test',
    [
      { ...line, bind: { x: 'n' } },
      { fact: 'none', where: [{ path: 'n', gt: { var: 'x' } }] },
    ],
  ],
  ['a join with a fact', [{ ...line, as: 'x' }, { fact: 'none' }, { test: { var: 'x', path: 'n', gt: 1 } }]],
  [
    'a choice that binds',
    [
      {
        any: [
          { fact: 'none', bind: { x: 'x' } },
          { fact: 'nothing', bind: { x: 'x' } },
        ],
      },
      line,
    ],
  ],
  ['a group in a choice', [{ any: [{ all: [{ fact: 'none' }, line] }, { fact: 'nothing' }] }, line]],
  ['what must be bound', [{ ...line, bind: { x: 'none' } }]],
  ['an expression that is bound', [{ fact: 'none', bind: { x: { add: [{ path: 'n' }, 1] } } }, line]],
  ['a sum', [{ ...price, is: { gte: 301 } }, line]],
  ['a window', [{ fact: 'now', where: [{ path: 'at', gte: 11 }] }, line]],
]

/** An eighth of what it takes to try each line for each rule. */
const least = (ruleCount * lineCount) / 8

describe('by index', () => {
  test.each(decided)('%s', (_, when) => {
    const base = compileRules(rulesOf(when), { index: 'always' })
    for (const each of [base, loadRuleBase(base.toBytes(), { index: 'always' })]) {
      const outcome = fired(each.session(facts).fire())
      expect([outcome.rules.length, outcome.times(0), outcome.times(ruleCount - 1)]).toEqual([ruleCount, 1, 1])
      expect(outcome.steps).toBeLessThan(least)
      const changed = fired(outcome.with({ remove: facts.slice(1, 2), insert: [{ type: 'payment', method: 'cash' }] }))
      expect([changed.rules.length, changed.times(0)]).toEqual([ruleCount, 1])
      expect(changed.steps).toBeLessThan(least)
    }
  })

  test.each(unmet)('without %s', (_, when) => {
    const outcome = fired(compileRules(rulesOf(when), { index: 'always' }).session(facts).fire())
    expect(outcome.rules).toHaveLength(0)
    expect(outcome.unmet(0)).not.toBe(0)
    expect(outcome.steps).toBeLessThan(least)
  })
})

describe('what is met on the way is charged for', () => {
  const many = 500
  const lines = Array.from({ length: many }, (_, n): Fact => ({ type: 'line', n, price: 2 }))
  const visa: Fact = { type: 'payment', method: 'visa' }
  const of = (n: number) => ({ fact: 'line', where: [{ path: 'n', eq: n }] }) as const
  const stepsOf = (conditionsOf: (n: number) => Condition[], given: readonly Fact[]): number => {
    const rules = Array.from({ length: many }, (_, n) => ({
      name: `r${n}`,
      when: conditionsOf(n),
      insert: [{ type: 'hit', n }],
    }))
    return fired(compileRules(rules, { index: 'always' }).session(given).fire()).steps
  }
  const sum = (n: number, gte: number): Condition => ({
    accumulate: 'sum',
    of: { path: 'price' },
    from: of(n),
    is: { gte },
  })
  const paid: Condition = { fact: 'payment', where: [{ path: 'method', eq: 'visa' }] }

  test('rules that facts lead to, those whose bounds hold, and those that fire', () => {
    const reached = stepsOf((n) => [sum(n, 3), paid], lines)
    const held = stepsOf((n) => [sum(n, 2), paid], lines)
    const firing = stepsOf((n) => [sum(n, 2), paid], [...lines, visa])
    const alone = stepsOf((n) => [sum(n, 2)], lines)
    expect(reached).toBeGreaterThanOrEqual(2 * many)
    expect(held).toBeGreaterThanOrEqual(reached + many)
    expect(firing).toBeGreaterThanOrEqual(held + many)
    expect(alone).toBeGreaterThanOrEqual(reached + many)
  })

  test('rules that a change leads to', () => {
    const rules = lines.map(({ n }) => ({
      name: `r${n}`,
      when: [sum(Number(n), 2), paid],
      insert: [{ type: 'hit', n: Number(n) }],
    }))
    const outcome = fired(compileRules(rules, { index: 'always' }).session(lines).fire())
    const paidFor = fired(outcome.with({ insert: [visa] }))
    expect(paidFor.rules).toHaveLength(many)
    expect(paidFor.steps).toBeGreaterThanOrEqual(many)
    // A change of one line leads to one rule, and to what hangs on order conditions.
    const { steps } = fired(outcome.with({ remove: lines.slice(0, 1) }))
    expect(steps).toBeLessThan(2 * many)
  })

  test('conditions that are left to be checked, one by one', () => {
    const choice = (size: number): Condition => ({
      any: Array.from({ length: size }, (_, n) => ({ fact: 'none', where: [{ path: 'n', eq: n }] })),
    })
    const few = stepsOf((n) => [of(n), choice(2)], lines)
    const more = stepsOf((n) => [of(n), choice(22)], lines)
    expect(more).toBeGreaterThanOrEqual(few + 20 * many)
  })

  test('matches beyond the first, which stand for facts to insert', () => {
    const once = stepsOf((n) => [of(n), paid], [...lines, visa])
    const twice = stepsOf((n) => [of(n), paid], [...lines, visa, visa])
    const four = stepsOf((n) => [of(n), paid], [...lines, ...lines, visa, visa])
    expect(twice).toBeGreaterThanOrEqual(once + 150 * many)
    expect(four).toBeGreaterThanOrEqual(twice + 200 * many)
  })
})

describe('without the index', () => {
  const stepsOf = (when: readonly Condition[], given: readonly Fact[]): number => {
    const base = compileRules([{ name: 'r', when, insert: [{ type: 'hit' }] }], { index: 'never' })
    return fired(base.session(given).fire()).steps
  }
  const facts = Array.from({ length: 100 }, (_, n): Fact[] => [
    { type: 'a', n },
    { type: 'b', n },
  ]).flat()

  test('a free test ends a search before more facts are tried, wherever it stands', () => {
    const [a, b]: Condition[] = [{ fact: 'a', bind: { x: 'n' } }, { fact: 'b' }]
    const test: Condition = { test: { var: 'x', lt: 0 } }
    for (const when of [
      [a, b, test],
      [test, a, b],
    ]) {
      expect(stepsOf(when as Condition[], facts)).toBeLessThan(10_000)
    }
  })

  test('what depends on no variable is worked out once', () => {
    const total: Condition = { accumulate: 'sum', of: { path: 'n' }, from: { fact: 'b' }, is: { gte: 1 } }
    const most: Condition = { accumulate: 'max', of: { path: 'n' }, from: { fact: 'b' }, as: 'most' }
    const groups: Condition = { accumulate: 'count', from: { fact: 'b' }, by: { y: 'none' } }
    for (const part of [total, most, groups]) {
      const steps = stepsOf([{ fact: 'a', bind: { x: 'n' } }, { test: { var: 'x', gte: 0 } }, part], facts)
      expect(steps).toBeLessThan(40_000)
    }
  })

  test('presence is found by the first fact, absence by all', () => {
    const many = (part: Condition): number => stepsOf([{ fact: 'a' }, part], facts)
    expect(many({ exists: { fact: 'b' } })).toBeLessThan(20_000)
    expect(many({ not: { fact: 'b' } })).toBeLessThan(20_000)
    expect(many({ not: { fact: 'b', where: [{ path: 'n', lt: 0 }] } })).toBeGreaterThan(40_000)
  })
})

test('few rules are tried one by one, unless told otherwise or there is a memo', () => {
  const stepsOf = (count: number, options: CompileOptions): number => {
    const base = compileRules(rulesOf([first, payment]).slice(0, count), options)
    const loaded = loadRuleBase(base.toBytes(), { index: options.index ?? 'auto' })
    const { steps } = fired(base.session(facts).fire())
    expect(fired(loaded.session(facts).fire()).steps).toBe(steps)
    return steps
  }
  const memo = { line: { key: 'n' } }
  for (const count of [1, 9, 10, 11]) {
    const [always, never] = [stepsOf(count, { index: 'always' }), stepsOf(count, { index: 'never' })]
    expect(always).not.toBe(never)
    expect(stepsOf(count, { index: 'auto' })).toBe(count < 10 ? never : always)
    expect(stepsOf(count, {})).toBe(count < 10 ? never : always)
    expect(stepsOf(count, { memo })).toBe(stepsOf(count, { memo, index: 'always' }))
    expect(stepsOf(count, { memo, index: 'never' })).toBe(never)
  }
})

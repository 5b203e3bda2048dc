// The work budget is charged for what is done, by the size of what it is done to: no rules and facts cost time and no steps.
import { describe, expect, test } from 'vitest'
import { compileRules } from '../../lib/rules/compile.ts'
import type { Condition, Fact, Outcome, Registry, Rule } from '../../lib/rules/types.ts'
import { codeOf } from '../support/refusals.ts'
import { fired } from '../support/rules-outcomes.ts'

const ruleOf = (when: readonly Condition[]): Rule => ({ name: 'rule', when, insert: [{ type: 'hit' }] })
const numbers = (count: number, offset = 0): number[] => Array.from({ length: count }, (_, i) => i + offset)
const x = (attributes: object): Fact => ({ type: 'x', ...attributes })

/** `facts`: with so many values in them, all of which the rule has to look at, `times` times. */
type Case = { name: string; when: readonly Condition[]; facts: (size: number) => Fact[]; times?: number }

const manyFacts = (size: number): Fact[] => numbers(size).map((n) => x({ n, of: { n } }))
const other = [{ fact: 'y', bind: { v: 'v' } }] as const satisfies Condition[]
const longText = 'a'.repeat(1_000)

const cases: Case[] = [
  {
    name: 'all of the facts',
    when: [{ accumulate: 'all', from: { fact: 'x' }, as: 'a', is: { ne: 0 } }],
    facts: manyFacts,
    times: 3,
  },
  {
    name: 'distinct facts',
    when: [{ accumulate: 'distinct', from: { fact: 'x' }, is: { ne: 0 } }],
    facts: manyFacts,
    times: 3,
  },
  { name: "one's own accumulator", when: [{ accumulate: 'own', from: { fact: 'x' } }], facts: manyFacts, times: 3 },
  {
    name: 'all of lists',
    when: [{ accumulate: 'all', of: { path: 'list' }, from: { fact: 'x' }, as: 'a', is: { ne: 0 } }],
    facts: (size) => [x({ list: numbers(size) })],
  },
  {
    name: 'an accumulation for each of other facts',
    when: [
      { fact: 'y', bind: { v: 'v' } },
      { accumulate: 'all', from: { fact: 'x', where: [{ path: 'n', ne: { var: 'v' } }] }, is: { ne: 0 } },
    ],
    facts: (size) => [...manyFacts(size), ...numbers(10).map((v) => ({ type: 'y', v }))],
    times: 30,
  },
  {
    name: 'groups by lists',
    when: [{ accumulate: 'count', from: { fact: 'x' }, by: { list: 'list' } }],
    facts: (size) => [x({ list: numbers(size) })],
  },
  {
    name: 'any, by lists',
    when: [{ any: [{ fact: 'x', bind: { list: 'list' } }] }],
    facts: (size) => [x({ list: numbers(size) })],
  },
  {
    name: 'a join by lists',
    when: [
      { fact: 'x', bind: { list: 'list' } },
      { fact: 'y', bind: { list: 'list' } },
    ],
    facts: (size) => [x({ list: numbers(size) }), { type: 'y', list: numbers(size) }],
  },
  {
    name: 'a join by objects',
    when: [
      { fact: 'x', bind: { of: 'of' } },
      { fact: 'y', bind: { of: 'of' } },
    ],
    facts: (size) => {
      const of = Object.fromEntries(numbers(size).map((n) => [`n${n}`, n]))
      return [x({ of }), { type: 'y', of: { ...of } }]
    },
  },
  {
    name: 'in a list of facts',
    when: [...other, { fact: 'x', where: [{ path: 'n', in: { var: 'v' } }] }],
    facts: (size) => [x({ n: -1 }), { type: 'y', v: numbers(size) }],
  },
  {
    name: 'not_in a list of facts',
    when: [...other, { fact: 'x', where: [{ path: 'list', not_in: { var: 'v' } }] }],
    facts: (size) => [x({ list: numbers(size) }), { type: 'y', v: numbers(size, size) }],
    times: 2,
  },
  ...(['eq', 'ne', 'lt', 'lte', 'gt', 'gte'] as const).map(
    (operator): Case => ({
      name: `a list by ${operator}`,
      when: [{ fact: 'x', where: [{ path: 'list', [operator]: { path: 'none' } }] }],
      facts: (size) => [x({ list: numbers(size) })],
    }),
  ),
  {
    name: 'a list by between',
    when: [{ fact: 'x', where: [{ path: 'list', between: [-2, -1] }] }],
    facts: (size) => [x({ list: numbers(size) })],
  },
  {
    name: 'a list by prefix',
    when: [{ fact: 'x', where: [{ path: 'list', prefix: 'a' }] }],
    facts: (size) => [x({ list: numbers(size) })],
  },
  {
    name: 'a list by eq',
    when: [{ fact: 'x', where: [{ path: 'list', eq: -1 }] }],
    facts: (size) => [x({ list: numbers(size) })],
  },
  {
    name: 'a list by in',
    when: [{ fact: 'x', where: [{ path: 'list', in: [-1, -2] }] }],
    facts: (size) => [x({ list: numbers(size) })],
  },
  {
    name: 'long texts',
    when: [
      { fact: 'x', bind: { a: 'a' } },
      { fact: 'y', where: [{ path: 'a', gte: { var: 'a' } }], bind: { a: 'a' } },
    ]
      .slice(0, 1)
      .concat([{ fact: 'y', bind: { a: 'a' } }]),
    facts: (size) =>
      numbers(Math.ceil(size / 50)).flatMap((n) => [x({ a: longText + n }), { type: 'y', a: longText + n }]),
  },
]

describe.each(['always', 'never'] as const)('by size, index %s', (index) => {
  const registry: Registry = { accumulators: { own: (values) => values.length } }

  test.each(cases.map((each) => [each.name, each] as const))('%s', (_, { when, facts, times = 1 }) => {
    // Each time without what others left in the memo.
    const fire = (size: number, budget = 10_000_000): Outcome =>
      compileRules([ruleOf(when)], { registry, index })
        .session(facts(size))
        .fire({ budget })
    const stepsFor = (size: number): number => fired(fire(size)).steps
    const steps = stepsFor(2_000)
    expect(steps - stepsFor(1_000)).toBeGreaterThanOrEqual(1_000 * times)
    expect(fire(2_000, steps - 1)).toMatchObject({ ok: false, code: 'budget_exceeded' })
    expect(fired(fire(2_000, steps)).steps).toBe(steps)
  })
})

describe.each(['always', 'never'] as const)('by how often things are done, index %s', (index) => {
  let calls = 0
  const count = <T>(value: T): T => {
    calls++
    return value
  }
  const registry: Registry = {
    predicates: { no: () => count(false), yes: () => count(true) },
    expressions: { one: () => count(1) },
  }
  const facts = numbers(60).map((n) => x({ n }))
  const one = { call: 'one', args: [{ path: 'n' }] }
  const conditions: [string, Condition[]][] = [
    ['predicates', [{ fact: 'x', where: [{ predicate: 'no', args: [{ path: 'n' }] }] }]],
    [
      'many predicates',
      [{ fact: 'x', where: numbers(50).map((n) => ({ predicate: 'yes', args: [n, { path: 'n' }] })) }],
    ],
    [
      'absence',
      numbers(30).map((n) => ({ not: { fact: 'x', where: [{ predicate: 'no', args: [n, { path: 'n' }] }] } })),
    ],
    ['binding', [{ fact: 'x', bind: { a: one, b: one, c: one, d: one, e: one, f: one, g: one, h: one, i: one } }]],
    ['sums', [{ accumulate: 'sum', of: { add: numbers(20).map(() => one) }, from: { fact: 'x' }, is: { gte: 1 } }]],
    ['groups', [{ accumulate: 'count', from: { fact: 'x' }, by: { a: one, b: one, c: one }, is: { gte: 1 } }]],
    [
      'free tests',
      [
        { fact: 'x', as: 'x' },
        { test: { value: { add: numbers(20).map(() => ({ call: 'one', args: [{ var: 'x' }] })) }, gte: 1 } },
      ],
    ],
    [
      'bounds',
      [
        { fact: 'x', as: 'x' },
        { accumulate: 'count', from: { fact: 'x' }, is: { gte: { call: 'one' } } },
      ],
    ],
  ]

  test.each(conditions)('%s: no function is called more often than there are steps', (_, when) => {
    calls = 0
    const outcome = compileRules([ruleOf(when)], { registry, index })
      .session(facts)
      .fire()
    expect(calls).toBeGreaterThan(50)
    expect(fired(outcome).steps).toBeGreaterThanOrEqual(calls)
  })

  test('values of facts to insert', () => {
    const insert = [{ type: 'hit', values: numbers(100).map(() => ({ call: 'one', args: [{ var: 'n' }] })) }]
    const base = compileRules([{ name: 'rule', when: [{ fact: 'x', bind: { n: 'n' } }], insert }], { registry, index })
    calls = 0
    const outcome = fired(base.session(facts).fire())
    expect(outcome.inserted()).toHaveLength(60)
    expect(calls).toBe(6_000)
    const huge = base.session(numbers(5_000).map((n) => x({ n }))).fire()
    expect(huge.ok ? codeOf(() => huge.inserted()) : huge.code).toBe('budget_exceeded')
  })
})

describe('no part of an evaluation escapes', () => {
  test('absence that many rules ask for, each of all facts', () => {
    const rules = numbers(2_000).map((n) => ({
      ...ruleOf([{ not: { fact: 'x', where: [{ path: 'n', gt: 10_000 + n }] } }]),
      name: `rule ${n}`,
    }))
    const facts = numbers(2_000).map((n) => x({ n }))
    for (const index of ['always', 'never'] as const) {
      const base = compileRules(rules, { index })
      expect(base.session(facts).fire()).toMatchObject({ ok: false, code: 'budget_exceeded' })
      expect(fired(base.session().fire()).with({ insert: facts })).toMatchObject({ ok: false, code: 'budget_exceeded' })
    }
  })

  test('facts made of facts, which double from rule to rule', () => {
    const chain = (length: number): Rule[] =>
      numbers(length).map((n) => ({
        name: `rule ${n}`,
        when: [{ fact: `t${n}`, as: 'x' }],
        insert: [{ type: `t${n + 1}`, a: { var: 'x' }, b: [{ var: 'x' }] }],
      }))
    const fire = (length: number): Outcome =>
      compileRules(chain(length))
        .session([{ type: 't0' }])
        .fire()
    expect(fire(40)).toMatchObject({ ok: false, code: 'budget_exceeded' })
    const [six, eight] = [fired(fire(6)), fired(fire(8))]
    expect(six.query('t6')).toHaveLength(1)
    // Each value of what is inserted is a step, and two more rules fire.
    expect(eight.steps - six.steps).toBeGreaterThan(2 ** 8)
  })

  test('sums of large numbers and fractions, which are added up again', () => {
    const names = numbers(26).map((n) => `a${n}`)
    const triples = names.flatMap((a, i) =>
      names.slice(0, i).flatMap((b, j) => names.slice(0, j).map((c) => [a, b, c])),
    )
    const rules = triples.map((triple, n): Rule => {
      const from = { fact: 'x', where: triple.map((path) => ({ path, eq: 1 })) }
      const sum: Condition = { accumulate: 'sum', of: { path: 'n' }, from, is: { gte: 1e300 } }
      return { ...ruleOf([sum]), name: `rule ${n}` }
    })
    const base = compileRules(rules, { index: 'always', memo: { x: { key: 'key', except: ['n'] } } })
    const attributes = Object.fromEntries(names.map((name) => [name, 1]))
    const factsOf = (value: number): Fact[] =>
      numbers(300).map((n) => x({ ...attributes, key: 'same', n: n % 2 === 0 ? value : -value }))
    expect(fired(base.session(factsOf(1)).fire()).rules).toHaveLength(0)
    for (const value of [0.1, 1.7e308]) {
      expect(base.session(factsOf(value)).fire()).toMatchObject({ ok: false, code: 'budget_exceeded' })
    }
  })

  test('facts to insert that are found again', () => {
    const rule: Rule = {
      name: 'pairs',
      when: [
        { fact: 'x', bind: { n: 'n' } },
        { exists: { fact: 'x', where: [{ path: 'n', gte: 0 }] } },
        { fact: 'x', where: [{ path: 'n', eq: 2_999 }] },
      ],
      insert: [{ type: 'hit', n: { var: 'n' } }],
    }
    const outcome = fired(
      compileRules([rule], { index: 'always' })
        .session(numbers(3_000).map((n) => x({ n })))
        .fire(),
    )
    expect(outcome.times(0)).toBe(3_000)
    expect(codeOf(() => outcome.inserted())).toBe('budget_exceeded')
    expect(codeOf(() => outcome.query('hit'))).toBe('budget_exceeded')
    expect(codeOf(() => outcome.explain(0))).toBe('budget_exceeded')
  })

  test('explanations, and what is near', () => {
    const deep = numbers(5).map((): Condition => ({ fact: 'x', where: [{ path: 'n', gte: { var: 'least' } }] }))
    const rule = ruleOf([
      { fact: 'y', where: [{ path: 'kind', eq: 'focus' }], bind: { least: 'least' } },
      ...deep,
      { fact: 'z' },
    ])
    const facts = [{ type: 'y', kind: 'focus', least: 0 }, ...numbers(1_000).map((n) => x({ n }))]
    const outcome = fired(compileRules([rule], { index: 'always', focus: 'y' }).session(facts).fire())
    expect([...outcome.near().rules]).toEqual([0])
    expect(codeOf(() => outcome.explain(0))).toBe('budget_exceeded')
    expect(codeOf(() => outcome.unmet(0))).toBe('budget_exceeded')
    expect(codeOf(() => outcome.missing(0, 1))).toBe('budget_exceeded')
    expect(codeOf(() => outcome.near().unmet)).toBe('budget_exceeded')
    expect(codeOf(() => outcome.near().unmetAt(0))).toBe('budget_exceeded')
  })

  test('what is near, asked one by one', () => {
    const some = numbers(3).map((): Condition => ({ fact: 'x', where: [{ path: 'n', gte: { var: 'least' } }] }))
    const focus: Condition = { fact: 'y', where: [{ path: 'kind', eq: 'focus' }], bind: { least: 'least' } }
    const rules = numbers(200).map((n) => ({ ...ruleOf([focus, ...some, { fact: 'z' }]), name: `rule ${n}` }))
    const facts = [{ type: 'y', kind: 'focus', least: 0 }, ...numbers(25).map((n) => x({ n }))]
    const near = fired(compileRules(rules, { index: 'always', focus: 'y' }).session(facts).fire()).near()
    expect(near.rules).toHaveLength(200)
    expect(near.unmetAt(0)).toBe(1 << 4)
    expect(codeOf(() => numbers(199, 1).map((place) => near.unmetAt(place)))).toBe('budget_exceeded')
    expect(codeOf(() => near.unmetAt(0))).toBe('budget_exceeded')
  })
})

describe('many kinds of sums', () => {
  const count = 600
  const rules = numbers(count).map(
    (n): Rule => ({
      name: `times ${n}`,
      when: [{ accumulate: 'sum', of: { mul: [{ path: 'n' }, n] }, from: { fact: 'x' }, is: { gte: 3_000 } }],
      insert: [{ type: 'hit', n }],
    }),
  )

  test.each(['always', 'never'] as const)('are told apart, index %s', (index) => {
    const base = compileRules(rules, { index })
    const outcome = fired(base.session([x({ n: 4 }), x({ n: 6 })]).fire())
    expect([...outcome.rules]).toEqual(numbers(count - 300, 300))
    const more = fired(outcome.with({ insert: [x({ n: 10 })] }))
    expect([...more.rules]).toEqual(numbers(count - 150, 150))
  })
})

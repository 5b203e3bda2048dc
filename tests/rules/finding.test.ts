// By what the index finds a rule, and what it looks at beside: seen by what an evaluation costs, and by what is near.
import { describe, expect, test } from 'vitest'
import { compileRules } from '../../lib/rules/compile.ts'
import type { CompileOptions, Condition, Fact, Fired, Rule, RuleBase, Test } from '../../lib/rules/types.ts'
import { upTo } from '../support/facts.ts'
import { fired } from '../support/rules-outcomes.ts'

const count = 200
const rulesOf = (whenOf: (n: number) => readonly Condition[]): Rule[] =>
  upTo(count).map((n) => ({ name: `r${n}`, when: whenOf(n), insert: [{ type: 'hit', n }] }))
const fire = (rules: readonly Rule[], facts: readonly Fact[], options: CompileOptions = {}): Fired =>
  fired(
    compileRules(rules, { ...options, index: 'always' })
      .session(facts)
      .fire(),
  )

const paid: Condition = { fact: 'payment', where: [{ path: 'method', eq: 'visa' }] }
const visa: Fact = { type: 'payment', method: 'visa' }
const line = (n: number): Condition => ({ fact: 'line', where: [{ path: 'n', eq: n }] })
const dear = (price: number): Condition => ({ fact: 'line', where: [{ path: 'price', gte: price }] })

describe('a rule is found', () => {
  const facts = [visa, { type: 'line', n: 0, price: 1 }]
  const both: [string, (n: number) => Condition[]][] = [
    ['two conditions', (n) => [paid, line(n)]],
    ['a group', (n) => [{ all: [paid, line(n)] }]],
    ['a group in a choice', (n) => [{ any: [{ all: [paid, line(n)] }, { fact: 'none' }] }]],
    [
      'a group with an absence, in a choice',
      (n) => [{ any: [{ all: [{ not: { fact: 'none' } }, line(n)] }, { fact: 'none' }] }],
    ],
    ['a choice in a choice', (n) => [{ any: [{ any: [line(n), { fact: 'none' }] }, { fact: 'none' }] }]],
    ['presence', (n) => [{ exists: paid }, { exists: line(n) }]],
    ['what must not be absent', (n) => [{ not: { not: paid } }, { not: { not: line(n) } }]],
    ['absence beside', (n) => [{ not: { fact: 'none' } }, line(n), paid]],
    [
      'a sum',
      (n) => [
        paid,
        {
          accumulate: 'sum',
          of: { path: 'price' },
          from: { fact: 'line', where: [{ path: 'n', eq: n }] },
          is: { gt: 0 },
        },
      ],
    ],
    [
      'a negative sum',
      (n) => [
        paid,
        {
          accumulate: 'sum',
          of: { sub: [0, { path: 'price' }] },
          from: { fact: 'line', where: [{ path: 'n', eq: n }] },
          is: { lt: 0 },
        },
      ],
    ],
  ]

  test.each(both)('by what few ask for: %s', (_, whenOf) => {
    for (const turned of [false, true]) {
      const rules = rulesOf((n) => (turned ? whenOf(n).toReversed() : whenOf(n)))
      const outcome = fire(rules, facts)
      expect(Array.from(outcome.rules)).toEqual([0])
      expect(outcome.steps).toBeLessThan(count / 2)
    }
  })

  test('by what is looked up, before what each fact must be tried for', () => {
    for (const turned of [false, true]) {
      const rules = rulesOf((n) => (turned ? [line(1), dear(1_000 + n)] : [dear(1_000 + n), line(1)]))
      expect(fire(rules, [{ type: 'line', n: 2, price: 2_000 }]).steps).toBeLessThan(count * 2)
      expect(fire(rules, [{ type: 'line', n: 1, price: 1_100 }]).rules).toHaveLength(101)
    }
  })

  test('by the type in focus, and is near by it', () => {
    const rules = rulesOf((n) => [paid, line(n)])
    const near = (focus: string | undefined, facts: Fact[]): number[] =>
      Array.from(fire(rules, facts, focus === undefined ? {} : { focus }).near().rules)
    const lines = [
      { type: 'line', n: 3 },
      { type: 'line', n: 7 },
    ]
    expect([near('line', lines), near(undefined, lines), near('payment', lines)]).toEqual([[3, 7], [3, 7], []])
    expect([near('line', [visa]), near(undefined, [visa]), near('payment', [visa])]).toEqual([[], [], upTo(count)])
    expect([near('line', [visa, ...lines]), near('payment', [visa, ...lines])]).toEqual([
      [],
      upTo(count).filter((n) => n !== 3 && n !== 7),
    ])
    const either = rulesOf((n) => [{ any: [paid, line(n)] }, { fact: 'none' }])
    expect(Array.from(fire(either, lines, { focus: 'line' }).near().rules)).toEqual([3, 7])
  })

  test('by each part of a choice', () => {
    const rules = rulesOf((n) => [{ any: [line(n), line(n + 1_000)] }])
    const steps = (n: number): number => {
      const outcome = fire(rules, [{ type: 'line', n }])
      expect(Array.from(outcome.rules)).toEqual([n % 1_000])
      return outcome.steps
    }
    expect(steps(5)).toBeLessThan(count / 2)
    expect(steps(1_005)).toBeLessThan(count / 2)
  })
})

describe('facts that meet nothing are told by their values', () => {
  type Case = [string, (n: number) => Test[]]
  const shapes: Case[] = [
    ['an equality', (n) => [{ path: 'n', eq: n }]],
    [
      'what few ask for of two',
      (n) => [
        { path: 'brand', eq: 'a' },
        { path: 'n', eq: n },
      ],
    ],
    [
      'what few ask for of two, turned',
      (n) => [
        { path: 'n', eq: n },
        { path: 'brand', eq: 'a' },
      ],
    ],
    [
      'an equality beside a range',
      (n) => [
        { path: 'price', gte: 0 },
        { path: 'n', eq: n },
      ],
    ],
    ['a list', (n) => [{ path: 'n', in: [n, n + 1_000] }]],
    [
      'a list beside what many ask for',
      (n) => [
        { path: 'brand', eq: 'a' },
        { path: 'n', in: [n, n + 1_000] },
      ],
    ],
    [
      'a list of what many ask for',
      (n) => [
        { path: 'brand', in: ['a', 'b'] },
        { path: 'n', eq: n },
      ],
    ],
    [
      'a choice of equalities',
      (n) => [
        {
          any: [
            { path: 'n', eq: n },
            { path: 'm', eq: n },
          ],
        },
      ],
    ],
    [
      'a choice of an equality and a list',
      (n) => [
        {
          any: [
            { path: 'n', eq: n },
            { path: 'm', in: [n, -n - 1] },
          ],
        },
      ],
    ],
    [
      'a choice of groups',
      (n) => [
        {
          any: [
            {
              all: [
                { path: 'price', gte: 0 },
                { path: 'n', eq: n },
              ],
            },
            { path: 'm', eq: n },
          ],
        },
      ],
    ],
    [
      'a group',
      (n) => [
        {
          all: [
            { path: 'price', gte: 0 },
            { path: 'n', eq: n },
          ],
        },
      ],
    ],
    [
      'null',
      (n) => [
        { path: 'none', eq: null },
        { path: 'n', eq: n },
      ],
    ],
  ]
  const strangers = upTo(5).map((n): Fact => ({ type: 'line', brand: 'a', price: 1, n: -100 - n, m: -500 }))

  test.each(shapes)('%s', (_, whereOf) => {
    const rules = rulesOf((n) => [{ fact: 'line', where: whereOf(n) }])
    const none = fire(rules, strangers)
    expect(none.rules).toHaveLength(0)
    expect(none.steps).toBeLessThan(count / 2)
    const one = fire(rules, [...strangers, { type: 'line', brand: 'a', price: 1, n: 7, none: null }])
    expect(Array.from(one.rules)).toEqual([7])
    expect(one.steps).toBeLessThan(count / 2)
  })
})

describe('order conditions', () => {
  const methods = upTo(45)
  const method = (n: number): Condition => ({ fact: 'payment', where: [{ path: 'method', eq: n }] })

  // More than one integer has bits for; the first are asked for by more rules.
  const rules = methods.flatMap((n) =>
    upTo(50 - n).flatMap((copy): Rule[] => [
      { name: `with ${n} ${copy}`, when: [line(copy % 2), method(n)], insert: [{ type: 'with', n }] },
      ...(copy < 2
        ? [{ name: `without ${n} ${copy}`, when: [line(copy), { not: method(n) }], insert: [{ type: 'without', n }] }]
        : []),
    ]),
  )
  const hitsOf = (base: RuleBase, facts: readonly Fact[]): string[] => {
    const outcome = fired(base.session(facts).fire())
    return [...new Set(Array.from(outcome.rules, (rule) => (base.names[rule] ?? '').replace(/ \d+$/, '')))].sort()
  }
  const wanted = (paidBy: readonly number[]): string[] =>
    methods.map((n) => `${paidBy.includes(n) ? 'with' : 'without'} ${n}`).sort()

  test('one, two or none of many', () => {
    const base = compileRules(rules, { index: 'always' })
    const lines = [
      { type: 'line', n: 0 },
      { type: 'line', n: 1 },
    ]
    for (const n of methods) {
      const first = { type: 'payment', method: n }
      expect(hitsOf(base, [...lines, first]), `${n}`).toEqual(wanted([n]))
      expect(hitsOf(base, [...lines, first, { type: 'payment', method: 44 }]), `${n} and 44`).toEqual(wanted([n, 44]))
    }
    expect(hitsOf(base, lines)).toEqual(wanted([]))
    expect(hitsOf(base, [{ type: 'payment', method: 3 }])).toEqual([])
  })

  // Found by their sum, as the first of two that are as dear.
  const summed = (n: number): Condition[] => {
    const from = { fact: 'line', where: [{ path: 'brand', eq: 'a' }] }
    return [{ accumulate: 'sum', of: { path: 'price' }, from, is: { gte: 1 + (n % 4) } }, paid]
  }
  const puma = { type: 'line', brand: 'a', price: 5 }

  test('that do not hold cost no more than that they are looked at', () => {
    const outcome = fire(rulesOf(summed), [puma])
    expect(outcome.rules).toHaveLength(0)
    expect([outcome.steps >= count, outcome.steps < count * 1.5]).toEqual([true, true])
    expect(fire(rulesOf(summed), [puma, visa]).rules).toHaveLength(count)
  })

  test('that most rules ask for are looked at first', () => {
    const rare = methods.map(
      (n): Rule => ({ name: `rare ${n}`, when: [line(n), method(n)], insert: [{ type: 'rare' }] }),
    )
    for (const list of [
      [...rare, ...rulesOf(summed)],
      [...rulesOf(summed), ...rare],
    ]) {
      const outcome = fire(list, [puma])
      expect(outcome.rules).toHaveLength(0)
      expect([outcome.steps >= count, outcome.steps < count * 1.5]).toEqual([true, true])
    }
  })

  test('that are asked to hold and not to hold', () => {
    const odd = rulesOf((n) => [line(n % 3), paid, { not: paid }])
    for (const facts of [[visa], []]) expect(fire(odd, [{ type: 'line', n: 1 }, ...facts]).rules).toHaveLength(0)
  })

  test('of which several facts speak multiply the rule', () => {
    const outcome = fire(
      rulesOf((n) => [line(n % 3), paid]),
      [{ type: 'line', n: 1 }, visa, { ...visa }],
    )
    expect(outcome.times(1)).toBe(2)
    const twice = fire(
      rulesOf((n) => [line(n % 3), paid, { fact: 'line' }]),
      [{ type: 'line', n: 1 }, { type: 'line', n: 1 }, visa],
    )
    expect([twice.times(1), twice.times(0)]).toEqual([4, 0])
  })
})

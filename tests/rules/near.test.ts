// What rules lack, in numbers: read from sums where it can be, for one rule as for all that are near, and the same whatever
// was evaluated or asked since.
import { describe, expect, test } from 'vitest'
import { limits } from '../../lib/base/limits.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type { Condition, Fact, Fired, Near, Rule, RuleBase, Test } from '../../lib/rules/types.ts'
import { upTo } from '../support/facts.ts'
import { fired } from '../support/rules-outcomes.ts'

const ruleOf = (when: readonly Condition[], name = 'r'): Rule => ({ name, when, insert: [{ type: 'hit' }] })
const plainly = ({ rules, unmet, missing }: Near): unknown => [[...rules], [...unmet], [...missing]]

describe('where to try the facts would take too long', () => {
  const count = 8_000
  // So much to test of each fact that no explanation comes to an end.
  const where: Test[] = [{ path: 'brand', eq: 'a' }, ...upTo(40).map((n) => ({ path: 'brand', ne: `x${n}` }))]
  const from = { fact: 'line', where }
  const sum = (is: object): Condition => ({ accumulate: 'sum', of: { path: 'n' }, from, is })
  const plain = { fact: 'line', where: [{ path: 'brand', eq: 'a' }] }
  const high: Condition = { accumulate: 'sum', of: { path: 'n' }, from: plain, is: { gte: 20_000 } }
  const now = (is: object): Condition => ({ fact: 'now', where: [{ path: 'at', ...is }] })
  const none: Condition = { fact: 'none' }
  const time: Condition = { fact: 'now' }
  const facts: Fact[] = [
    { type: 'now', at: 10 },
    ...upTo(count).map(() => ({ type: 'line', key: 'same', brand: 'a', n: 1 })),
  ]
  /** Each with its mask and what its conditions lack. */
  const shapes: [string, Condition[], number, number[]][] = [
    ['a sum', [sum({ gte: 10_000 })], 1, [2_000]],
    ['a sum that is reached, and one that is not', [sum({ gte: 10 }), sum({ gt: 9_000 })], 2, [0, 1_000]],
    ['two sums', [sum({ gte: 8_500 }), sum({ gt: 9_000 })], 3, [500, 1_000]],
    ['bounds on one sum', [sum({ gte: 8_500, gt: 9_000, lte: 20_000 })], 1, [1_000]],
    ['a sum that is too large', [sum({ lt: 8_000 })], 1, [0]],
    ['a group of sums', [{ all: [sum({ gte: 8_500 }), sum({ gte: 8_800 }), sum({ gte: 1 })] }], 1, [800]],
    [
      'a group of sums and of what lacks nothing',
      [
        {
          all: [
            { any: [high, none] },
            { not: high },
            { not: { all: [high, plain] } },
            { not: { not: high } },
            now({ gte: 11 }),
            { accumulate: 'count', from: plain },
            plain,
            { all: [sum({ gte: 8_500 }), none] },
          ],
        },
        from,
      ],
      1,
      [500, 0],
    ],
    ['a fact that is not there', [from, none], 2, [0, 0]],
    ['a fact that must not be there', [{ not: from }, none], 3, [0, 0]],
    ['a window later in the day', [from, now({ gte: 11 })], 2, [0, 0]],
    ['a window earlier in the day', [from, now({ lt: 10 })], 2, [0, 0]],
    ['a window that is open', [now({ gte: 5, lt: 15 }), from, none], 4, [0, 0, 0]],
    ['presence', [{ exists: from }, { exists: sum({ gte: 10_000 }) }], 2, [0, 2_000]],
    ['a choice', [from, { any: [none, now({ gte: 11 }), { not: from }] }], 2, [0]],
    ['conditions beyond the bits of a mask', [...upTo(31).map(() => time), sum({ gte: 8_001 }), none], 0, [0]],
    ['as many conditions as a mask has bits', [from, ...upTo(29).map(() => time), none, none], 1 << 30, [0]],
  ]
  const rules = shapes.map(([name, when]) => ruleOf(when, name))
  const base = compileRules(rules, { index: 'always', memo: { line: { key: 'key' } } })
  const outcome = fired(base.session(facts).fire())

  test.each(shapes.map((shape, rule) => [...shape, rule] as const))('%s', (_, when, unmet, missing, rule) => {
    expect(outcome.times(rule)).toBe(0)
    expect(outcome.unmet(rule)).toBe(unmet)
    expect(missing.map((__, condition) => outcome.missing(rule, condition))).toEqual(missing)
    expect(outcome.missing(rule, when.length)).toBe(0)
    expect(() => outcome.explain(rule)).toThrow('To say why takes more than 1000000 steps.')
  })

  test('what is near', () => {
    const { rules: near, unmet, missing } = outcome.near()
    // The others are found by what is not there, or by nothing.
    expect([...near]).toEqual([0, 1, 2, 3, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15])
    expect([...unmet]).toEqual(Array.from(near, (rule) => shapes[rule]?.[2]))
    expect([...missing]).toEqual([2_000, 1_000, 500, 1_000, 800, 500, 0, 0, 0, 0, 2_000, 0, 1, 0])
  })
})

describe('two outcomes of one base', () => {
  const sum = (gte: number): Condition => ({
    accumulate: 'sum',
    of: { path: 'n' },
    from: { fact: 'line', where: [{ path: 'brand', eq: 'a' }] },
    is: { gte },
  })
  const rules = [
    ruleOf([sum(10)], 'ten'),
    ruleOf([sum(20), { fact: 'payment' }], 'twenty'),
    ruleOf([{ fact: 'line', where: [{ path: 'brand', eq: 'b' }] }, { fact: 'payment' }], 'b'),
    ruleOf([{ any: [sum(30), { fact: 'payment' }] }], 'any'),
    ruleOf([{ exists: sum(30) }, { fact: 'line', bind: { x: 'n' } }, { fact: 'part', bind: { x: 'n' } }], 'open'),
  ]
  const base = compileRules(rules, { index: 'always' })
  const first = [{ type: 'line', brand: 'a', n: 7 }]
  const second = [{ type: 'line', brand: 'b', n: 3 }, { type: 'payment' }, { type: 'line', brand: 'a', n: 12 }]
  const outcomes = (): Fired[] => [first, second].map((facts) => fired(base.session(facts).fire()))

  test('what one is near is not what the other is', () => {
    const [one, other] = outcomes() as [Fired, Fired]
    for (let round = 0; round < 2; round++) {
      expect(plainly(one.near())).toEqual([
        [0, 1, 3, 4],
        [1, 3, 1, 5],
        [3, 13, 0, 23],
      ])
      expect(plainly(other.near())).toEqual([
        [1, 4],
        [1, 5],
        [8, 18],
      ])
    }
  })

  test('reasons asked for later are those of then, in whatever order they are asked for', () => {
    const [one, other] = outcomes() as [Fired, Fired]
    const [near, far] = [one.near(), other.near()]
    expect([...near.missing]).toEqual([3, 13, 0, 23])
    expect([...far.missing]).toEqual([8, 18])
    expect([[...near.unmet], [...far.unmet]]).toEqual([
      [1, 3, 1, 5],
      [1, 5],
    ])
    expect(near.missing).toBe(near.missing)
    expect(near.unmet).toBe(near.unmet)
  })

  test('asked one by one, in turns', () => {
    const [one, other] = outcomes() as [Fired, Fired]
    const [near, far] = [one.near(), other.near()]
    expect([0, 1, 2, 3].map((place) => [near.unmetAt(place), far.unmetAt(place & 1)])).toEqual([
      [1, 1],
      [3, 5],
      [1, 1],
      [5, 5],
    ])
  })

  test('nor is what single rules lack', () => {
    const [one, other] = outcomes() as [Fired, Fired]
    for (let round = 0; round < 2; round++) {
      for (const [outcome, unmet, lacks] of [
        [one, [1, 3, 3, 1, 5], [3, 13, 0]],
        [other, [0, 1, 0, 0, 5], [0, 8, 0]],
      ] as const) {
        expect(rules.map((_, rule) => outcome.unmet(rule))).toEqual(unmet)
        // Each time after the other was asked.
        lacks.forEach((lack, rule) => {
          fired(base.session(facts(rule)).fire())
          expect(outcome.missing(rule, 0)).toBe(lack)
        })
      }
    }
  })
  const facts = (rule: number): Fact[] => [{ type: 'line', brand: 'a', n: rule }]
})

describe('facts that tell no one time', () => {
  const window: Condition = { fact: 'now', where: [{ path: 'at', gte: 5, lt: 15 }] }
  const sum: Condition = { accumulate: 'sum', of: { path: 'n' }, from: { fact: 'line' }, is: { gte: 10 } }
  const base = compileRules([ruleOf([window, sum])], { index: 'always' })
  const facts = [
    { type: 'now', at: 6 },
    { type: 'now', at: 16 },
    { type: 'line', n: 7 },
  ]

  test('make nothing near, and what rules lack is found by trying them', () => {
    const outcome = fired(base.session(facts).fire())
    expect(plainly(outcome.near())).toEqual([[], [], []])
    expect([outcome.unmet(0), outcome.missing(0, 0), outcome.missing(0, 1)]).toEqual([2, 0, 3])
    expect(outcome.missing(0, 9)).toBe(0)
  })
})

test('a rule of another day is told by trying the facts', () => {
  const window: Condition = { fact: 'now', where: [{ path: 'at', gte: 86_400_000 * 3 }] }
  const sum: Condition = { accumulate: 'sum', of: { path: 'n' }, from: { fact: 'line' }, is: { gte: 10 } }
  for (const index of ['always', 'never'] as const) {
    const outcome = fired(
      compileRules([ruleOf([window, sum]), ruleOf([sum], 'always')], { index })
        .session([
          { type: 'now', at: 6 },
          { type: 'line', n: 7 },
        ])
        .fire(),
    )
    expect([outcome.unmet(0), outcome.missing(0, 1), outcome.unmet(1)]).toEqual([3, 3, 1])
    expect([...outcome.near().rules]).toEqual([1])
  }
})

describe('many rules', () => {
  const line = (n: number): Condition => ({ fact: 'line', where: [{ path: 'n', eq: n }] })
  const nearOf = (base: RuleBase, facts: readonly Fact[]): number[] => [
    ...fired(base.session(facts).fire()).near().rules,
  ]

  test('each is near by its own facts, the first and the last of all', () => {
    const count = 70
    const base = compileRules(
      upTo(count).map((n) => ruleOf([line(n), { fact: 'payment' }], `r${n}`)),
      { index: 'always', focus: 'line' },
    )
    for (const n of upTo(count)) expect(nearOf(base, [{ type: 'line', n }])).toEqual([n])
    const all = upTo(count).map((n) => ({ type: 'line', n }))
    expect(nearOf(base, all)).toEqual(upTo(count))
    expect(nearOf(base, [...all, { type: 'payment' }])).toEqual([])
  })

  test('what they lack is worked out on a budget', () => {
    // What no rule is found by is added up when it is read: by 69 rules, of 4,000 facts.
    const rules = upTo(100).map((n) =>
      ruleOf([line(0), { fact: 'payment' }, { fact: 'line', where: [{ path: 'price', gte: 1_000 + n }] }], `r${n}`),
    )
    const base = compileRules(rules, { index: 'always', focus: 'line' })
    const outcome = (count: number): Fired =>
      fired(base.session(upTo(count).map((n) => ({ type: 'line', n, price: n % 7 }))).fire())
    expect([...outcome(100).near().unmet]).toEqual(rules.map(() => 6))
    const near = outcome(4_000).near()
    expect(near.rules).toHaveLength(100)
    expect(() => near.unmet).toThrow(`To say why takes more than ${limits.ruleSteps} steps.`)
  })
})

describe('what is found by trying facts, and by which no rule is found', () => {
  const line: Condition = {
    accumulate: 'sum',
    of: { path: 'n' },
    from: { fact: 'line', where: [{ path: 'brand', eq: 'a' }] },
    is: { gte: 20 },
  }
  const part = (gt: number): Condition => ({ fact: 'part', where: [{ path: 'n', gt }] })
  const none: Condition = { fact: 'none' }
  const lineFact: Fact = { type: 'line', brand: 'a', n: 7 }

  test('is looked at when it is asked for first, whatever asks', () => {
    const rules = [ruleOf([line, part(5), part(50), none])]
    const outcome = (): Fired =>
      fired(
        compileRules(rules, { index: 'always' })
          .session([lineFact, { type: 'part', n: 9 }])
          .fire(),
      )
    const unmet = 0b1101
    expect(outcome().near().unmetAt(0)).toBe(unmet)
    expect([...outcome().near().unmet]).toEqual([unmet])
    expect(outcome().unmet(0)).toBe(unmet)
  })

  test('takes no more than its budget, asked one by one as all together', () => {
    const count = 800
    const rules = upTo(count).map((n) => ruleOf([line, part(10_000 + n)], `rule ${n}`))
    const facts = [lineFact, ...upTo(2_000).map((n): Fact => ({ type: 'part', n }))]
    const near = fired(compileRules(rules, { index: 'always' }).session(facts).fire()).near()
    const message = `more than ${limits.ruleSteps} steps`
    expect(near.rules).toHaveLength(count)
    expect(new Set(upTo(count / 16).map((place) => near.unmetAt(place)))).toEqual(new Set([0b11]))
    expect(() => upTo(count).map((place) => near.unmetAt(place))).toThrow(message)
    const together = fired(compileRules(rules, { index: 'always' }).session(facts).fire()).near()
    expect(() => together.unmet).toThrow(message)
  })
})

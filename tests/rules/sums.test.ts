// Sums and counts of an evaluation: exact whatever is added up, of the facts at hand alone, and charged for what they take.
import { describe, expect, test } from 'vitest'
import { compileRules } from '../../lib/rules/compile.ts'
import type { Condition, Fact, Fired, Rule, RuleBase, Test } from '../../lib/rules/types.ts'
import { line, upTo } from '../support/facts.ts'
import { fired } from '../support/rules-outcomes.ts'

const sumOf = (path: string, where: readonly Test[], gte: number): Condition => ({
  accumulate: 'sum',
  of: { path },
  from: { fact: 'line', where },
  is: { gte },
})
const baseOf = (...list: (readonly Condition[])[]): RuleBase =>
  compileRules(
    list.map((when, n): Rule => ({ name: `r${n}`, when, insert: [{ type: 'hit' }] })),
    { index: 'always' },
  )
const fire = (base: RuleBase, facts: readonly Fact[]): Fired => fired(base.session(facts).fire())
const rulesOf = (outcome: Fired): number[] => [...outcome.rules]

/**
 * Sums that are not what the rules are found by, over what no value tells, and more of them than are kept up to date all the
 * same: worked out when they are read.
 */
const asked = upTo(40).map((n): Condition[] => [
  { fact: 'line', where: [{ path: 'sku', eq: 's' }] },
  sumOf('price', [{ path: 'weight', gt: n }], 10),
])
const all = upTo(asked.length)

describe('a sum', () => {
  test.each<[string, unknown[], number]>([
    ['of large integers', [2 ** 53 - 1, 1, 1, 1], 2 ** 53 + 2],
    ['of large integers below zero', [2 ** 53 - 1, -(2 ** 53 - 1), 1, 2], 3],
    ['of fractions', upTo(10).map(() => 0.1), 1],
    ['of large and small', [1e16, 1, -1e16], 1],
    ['of numbers and what is none', [1, 'x', null, [3], 2, undefined, true], 3],
    ['of nothing but zeros below zero', [-0, -0], 0],
  ])('is exact, in any order: %s', (_, values, sum) => {
    const next = sum + (Math.abs(sum) > 2 ** 53 ? 2 : 2 ** -40)
    const base = baseOf([sumOf('n', [{ path: 'sku', eq: 's' }], sum)], [sumOf('n', [{ path: 'sku', eq: 's' }], next)])
    const facts = values.map((n) => line({ sku: 's', n }))
    for (const given of [facts, facts.toReversed(), [...facts.slice(2), ...facts.slice(0, 2)]]) {
      expect(rulesOf(fire(base, given))).toEqual([0])
    }
  })

  test('that is too large for a number is none', () => {
    const base = baseOf([sumOf('n', [], 0)], [{ not: sumOf('n', [], 0) }])
    const huge = [1e308, 1e308].map((n) => line({ n }))
    expect(rulesOf(fire(base, huge))).toEqual([1])
    expect(rulesOf(fire(base, huge.slice(1)))).toEqual([0])
  })

  test('of zeros below zero has met facts, and each rule on it fires once', () => {
    const base = baseOf([
      sumOf('n', [{ path: 'sku', eq: 's' }], -1),
      { fact: 'line', where: [{ path: 'sku', eq: 's' }] },
    ])
    const outcome = fire(base, [line({ sku: 's', n: -0 }), line({ sku: 's', n: -0 }), line({ sku: 's', n: -0 })])
    expect([rulesOf(outcome), outcome.times(0)]).toEqual([[0], 3])
    expect(rulesOf(fire(base, [line({ sku: 't', n: 5 })]))).toEqual([])
  })

  test('is of the facts at hand alone, evaluation after evaluation and change after change', () => {
    const base = baseOf(...asked)
    const few = [line({ sku: 's', weight: 0, price: 50 }), line({ weight: 40, price: 4 })]
    const many = [...few, line({ weight: 40, price: 6 })]
    for (const [facts, rules] of [
      [many, all],
      [few, []],
      [many, all],
      [few.slice(1), []],
      [many.toReversed(), all],
    ] as const) {
      expect(rulesOf(fire(base, facts))).toEqual(rules)
    }
    const outcome = fire(base, few)
    const more = fired(outcome.with({ insert: many.slice(2) }))
    const less = fired(more.with({ remove: many.slice(1, 2) }))
    expect([outcome, more, less, fired(outcome.with({}))].map(rulesOf)).toEqual([[], all, [], []])
  })
})

describe('the work budget', () => {
  const stepsFor = (base: RuleBase, facts: readonly Fact[]): number => fire(base, facts).steps

  test('is charged for sums that are worked out when they are read', () => {
    const base = baseOf(...asked)
    const first = line({ sku: 's', weight: 0, price: 50 })
    const steps = (count: number, weight: unknown, price = 1): number =>
      stepsFor(base, [first, ...upTo(count).map(() => line({ weight, price }))])
    // Each fact is looked at, each that the sum is of is added up.
    const late = asked.length - 31
    const [none, more] = [steps(300, 0) - steps(100, 0), steps(300, 40) - steps(100, 40)]
    expect(none).toBeGreaterThanOrEqual(late * 200)
    expect(more - none).toBeGreaterThanOrEqual(late * 200 * 8)
    expect(steps(10, upTo(200)) - steps(10, [])).toBeGreaterThanOrEqual(asked.length * 10 * 1_600)
    expect(steps(50, 40, 1.7e308) - steps(50, 40)).toBeGreaterThanOrEqual(asked.length * 50 * 200)
  })

  test('is charged again for what must be added up without rounding, counts aside', () => {
    const counts = upTo(100).map((n): Condition[] => [
      { accumulate: 'count', from: { fact: 'line', where: [{ path: `a${n}`, eq: 1 }] }, is: { gte: 2 } },
    ])
    const base = baseOf([sumOf('n', [{ path: 'sku', eq: 's' }], 0)], ...counts)
    const attributes = Object.fromEntries(upTo(100).map((n) => [`a${n}`, 1]))
    const steps = (n: unknown): number => stepsFor(base, [line({ ...attributes, sku: 's', n })])
    const whole = steps(1)
    expect(steps('x')).toBe(whole)
    expect(steps(0.5) - whole).toBeGreaterThanOrEqual(8)
    expect(steps(0.5) - whole).toBeLessThan(100)
  })

  test('is charged for numbers so large that they must be written out', () => {
    const base = baseOf([sumOf('n', [{ path: 'sku', eq: 's' }], 0)])
    const steps = (n: number): number =>
      stepsFor(
        base,
        upTo(50).map((i) => line({ sku: 's', n: i % 2 === 0 ? n : n / 2 })),
      )
    expect(steps(1.7e308) - steps(0.5)).toBeGreaterThanOrEqual(50 * 200)
  })
})

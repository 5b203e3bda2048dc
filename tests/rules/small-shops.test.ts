// Small shops with a rule of every kind that the index knows, and carts that change: what the index says, at once, after
// changes and from bytes, is what trying all facts says.
import { describe, expect, test } from 'vitest'
import { loadRuleBase } from '../../lib/rules/base.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type { CompileOptions, Condition, Fact, Fired, Rule, RuleBase, Test } from '../../lib/rules/types.ts'
import { fired } from '../support/rules-outcomes.ts'

/** Whole numbers below `below`, the same for the same seed (Numerical Recipes' linear congruence). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const brands = ['a', 'b', 'c', 'd']
const kinds = ['x', 'y', 'z']

function goodsOf(pick: (below: number) => number): Test[] {
  const brand = { path: 'brand', eq: brands[pick(4)] as string }
  const kind = { path: 'kind', eq: kinds[pick(3)] as string }
  const choices: Test[][] = [
    [brand],
    [kind],
    [brand, kind],
    [brand, kind, { path: 'of.size', eq: pick(3) }],
    [brand, kind, { path: 'of.size', eq: pick(3) }, { path: 'new', eq: true }],
    [{ path: 'tags', eq: `t${pick(3)}` }],
    [
      { path: 'tags', eq: 't0' },
      { path: 'tags', eq: 't1' },
    ],
    [{ path: 'brand', in: ['a', 'c'] }, kind],
    [brand, { path: 'of.size', gte: 1 }],
    [{ path: 'of.size', lt: 2 }],
    [brand, { path: 'quantity', gte: 2 }],
    [{ path: 'quantity', eq: 1 }],
    [{ any: [brand, { path: 'tags', in: ['t1', 't2'] }] }],
    [{ not: brand }, kind],
    [],
  ]
  return choices[pick(choices.length)] as Test[]
}

function conditionOf(pick: (below: number) => number): Condition {
  const from = { fact: 'line', where: goodsOf(pick) }
  const bounds = [
    { gte: pick(60) },
    { gt: pick(60) },
    { between: [pick(20), 20 + pick(60)] as const },
    { lte: pick(60) },
  ]
  const measures = [
    { path: 'price' },
    { path: 'quantity' },
    { mul: [{ path: 'price' }, { path: 'quantity' }] },
    { path: 'of.size' },
    { add: [{ path: 'price' }, 1] },
    { sub: [{ path: 'price' }, 4] },
    { mul: [{ path: 'quantity' }, 2] },
  ]
  const is = bounds[pick(4)] as { gte: number }
  const of = measures[pick(measures.length)] as { path: string }
  const choices: Condition[] = [
    from,
    { accumulate: 'sum', of, from, is },
    { accumulate: 'sum', of, from, is },
    { accumulate: 'count', from, is: { gte: pick(4) } },
    { accumulate: 'count', from, is: { eq: pick(3) } },
    { exists: from },
    { not: from },
    { any: [from, { fact: 'payment', where: [{ path: 'method', eq: 'cash' }] }] },
    { any: [{ exists: from }, { accumulate: 'sum', of: { path: 'price' }, from: { fact: 'line' }, is: { gte: 70 } }] },
  ]
  return choices[pick(choices.length)] as Condition
}

const orderConditions: readonly (readonly Condition[])[] = [
  [],
  [{ fact: 'payment', where: [{ path: 'method', eq: 'card' }] }],
  [{ fact: 'delivery', where: [{ path: 'by', eq: 'post' }] }],
  [
    { fact: 'payment', where: [{ path: 'method', eq: 'card' }] },
    { fact: 'delivery', where: [{ path: 'by', eq: 'post' }] },
  ],
  [{ not: { fact: 'payment', where: [{ path: 'method', eq: 'card' }] } }],
  [{ accumulate: 'sum', of: { path: 'price' }, from: { fact: 'line' }, is: { gte: 40 } }],
  [{ fact: 'now', where: [{ path: 'at', gte: 5, lt: 15 }] }],
  [{ fact: 'now', where: [{ path: 'at', gte: 11 }] }],
]

const rulesFrom = (pick: (below: number) => number): Rule[] => [
  ...Array.from({ length: 70 }, (_, n): Rule => {
    const when = [conditionOf(pick), ...(orderConditions[pick(orderConditions.length)] ?? [])]
    return { name: `r${n}`, when: pick(2) === 0 ? when : when.toReversed(), insert: [{ type: 'hit', n }] }
  }),
  // So many bounds on one sum that they are searched.
  ...Array.from({ length: 75 }, (_, n): Rule => {
    const sum = {
      accumulate: 'sum',
      of: { path: 'price' },
      from: { fact: 'line', where: [{ path: 'brand', eq: 'a' }] },
    }
    const is = n % 3 === 0 ? { between: [n, n + 9] as const } : { gte: (n * 7) % 75 }
    return {
      name: `many ${n}`,
      when: [{ ...sum, is }, ...(orderConditions[n % 4] ?? [])],
      insert: [{ type: 'hit', n }],
    }
  }),
]

const lineFrom = (pick: (below: number) => number): Fact => ({
  type: 'line',
  key: `${pick(1_000_000)}`,
  brand: brands[pick(4)],
  kind: kinds[pick(3)],
  of: { size: pick(4) },
  new: pick(2) === 0,
  ...(pick(3) === 0 ? {} : { tags: Array.from({ length: pick(4) }, () => `t${pick(4)}`) }),
  price: 1 + pick(20),
  quantity: 1 + pick(3),
})

const othersFrom = (pick: (below: number) => number): Fact[] => [
  ...(pick(5) === 0 ? [] : [{ type: 'now', at: pick(20) }]),
  ...Array.from({ length: pick(3) }, () => ({ type: 'payment', method: ['card', 'cash', 'visa'][pick(3)] })),
  ...(pick(2) === 0 ? [{ type: 'delivery', by: ['post', 'hand'][pick(2)] }] : []),
  ...(pick(4) === 0 ? [{ type: 'unknown' }] : []),
]

const factsFrom = (pick: (below: number) => number, lines = pick(7)): Fact[] => [
  ...Array.from({ length: lines }, () => lineFrom(pick)),
  ...othersFrom(pick),
]

const memo: CompileOptions = { memo: { line: { key: 'key', except: ['price', 'quantity'] } }, focus: 'line' }
const said = (outcome: Fired): unknown => [
  Array.from(outcome.rules, (rule) => [rule, outcome.times(rule)]),
  outcome.inserted().map(({ n }) => n),
]

function basesOf(rules: readonly Rule[]): RuleBase[] {
  const bases = [compileRules(rules, { index: 'always' }), compileRules(rules, { ...memo, index: 'always' })]
  return [...bases, ...bases.map((base) => loadRuleBase(base.toBytes(), { index: 'always' }))]
}

describe.each([1, 2, 3, 4])('shop %d', (seed) => {
  const shop = () => {
    const pick = numbersFrom(seed)
    const rules = rulesFrom(pick)
    return { pick, rules, plain: compileRules(rules, { index: 'never' }), bases: basesOf(rules) }
  }

  test('one cart after the other', () => {
    const { pick, plain, bases } = shop()
    let count = 0
    for (let cart = 0; cart < 6; cart++) {
      const facts = factsFrom(pick)
      const wanted = fired(plain.session(facts).fire())
      count += wanted.rules.length
      for (const base of bases) {
        expect(said(fired(base.session(facts).fire())), `cart ${cart}`).toEqual(said(wanted))
        // Once more, by what was remembered.
        expect(said(fired(base.session(facts.toReversed()).fire())), `cart ${cart} again`).toEqual(said(wanted))
      }
    }
    expect(count).toBeGreaterThan(50)
  })

  test('one change after the other, and back', () => {
    const { pick, plain, bases } = shop()
    for (const base of bases.slice(0, 2)) {
      const start = factsFrom(pick, 4)
      const first = fired(base.session(start).fire())
      let outcome = first
      for (let change = 0; change < 10; change++) {
        const remove = outcome.facts.filter((_, i) => pick(6) === 0 && i < 8).slice(0, 2)
        const insert = [...(pick(2) === 0 ? [lineFrom(pick)] : []), ...(pick(3) === 0 ? othersFrom(pick) : [])].slice(
          0,
          2,
        )
        const next = fired(outcome.with({ remove, insert }))
        const wanted = fired(plain.session(next.facts).fire())
        expect(said(next), `change ${change}`).toEqual(said(wanted))
        expect(said(fired(next.with({ remove: insert, insert: remove }))), `back ${change}`).toEqual(said(outcome))
        outcome = next
      }
      const wanted = fired(plain.session(outcome.facts).fire())
      const numbers = (of: Fired): number[] => Array.from({ length: base.size }, (_, rule) => of.unmet(rule))
      expect(numbers(outcome)).toEqual(numbers(wanted))
      expect(said(first)).toEqual(said(fired(plain.session(start).fire())))
    }
  })

  test('what is near, and what it lacks', () => {
    const { pick, plain, bases } = shop()
    for (let cart = 0; cart < 3; cart++) {
      const facts = factsFrom(pick)
      const wanted = fired(plain.session(facts).fire())
      for (const base of bases.slice(1, 2)) {
        const outcome = fired(base.session(facts).fire())
        const lacks = (of: Fired, rule: number): number[] => [0, 1, 2].map((condition) => of.missing(rule, condition))
        for (let rule = 0; rule < base.size; rule += 3) {
          expect([outcome.unmet(rule), lacks(outcome, rule)], `${rule}`).toEqual([
            wanted.unmet(rule),
            lacks(wanted, rule),
          ])
        }
        const near = outcome.near()
        near.rules.forEach((rule, i) => {
          expect([near.unmet[i], outcome.times(rule)]).toEqual([wanted.unmet(rule), 0])
          expect(near.missing[i]).toBe(lacks(wanted, rule).find((lack) => lack > 0) ?? 0)
        })
      }
    }
  })
})

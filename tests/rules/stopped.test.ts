// An evaluation that stops at any step of its work leaves nothing behind that another would see.
import { describe, expect, test } from 'vitest'
import { compileRules } from '../../lib/rules/compile.ts'
import type { Condition, Fact, Fired, Rule } from '../../lib/rules/types.ts'
import { line } from '../support/facts.ts'
import { fired } from '../support/rules-outcomes.ts'

const conditions: readonly (readonly Condition[])[] = [
  [{ fact: 'line', where: [{ path: 'brand', eq: 'puma' }] }],
  [{ fact: 'line', where: [{ path: 'price', gte: 20 }] }],
  [{ accumulate: 'sum', of: { path: 'price' }, from: { fact: 'line' }, is: { gte: 60 } }, { fact: 'payment' }],
  [{ accumulate: 'sum', of: { path: 'price' }, from: { fact: 'line' }, is: { gte: 1_000 } }],
  [{ any: [{ fact: 'line', where: [{ path: 'brand', eq: 'nike' }] }, { fact: 'payment' }] }],
  [{ not: { fact: 'payment', where: [{ path: 'method', eq: 'cash' }] } }],
  [
    { fact: 'line', bind: { b: 'brand' } },
    { fact: 'offer', bind: { b: 'brand' } },
  ],
  [{ fact: 'now', where: [{ path: 'at', gte: 5, lt: 9 }] }, { fact: 'line' }],
  [{ fact: 'line' }, { fact: 'line' }, { fact: 'payment', where: [{ path: 'method', eq: 'visa' }] }],
  [{ accumulate: 'sum', of: { path: 'weight' }, from: { fact: 'line' }, is: { gte: 0.3 } }],
  [{ fact: 'hit', where: [{ path: 'of', eq: 0 }] }],
  // So many that those which fire are few among them.
  ...Array.from({ length: 100 }, (_, n): Condition[] => [
    { fact: 'line', where: [{ path: 'brand', eq: `other ${n}` }] },
  ]),
]
const rules = conditions.map(
  (when, of): Rule => ({ name: `r${of}`, when, insert: [of === 10 ? { type: 'last' } : { type: 'hit', of }] }),
)
const facts: Fact[] = [
  { type: 'now', at: 6 },
  line({ brand: 'puma', price: 10, weight: 0.1 }),
  line({ brand: 'puma', price: 40, weight: 0.2 }),
  line({ brand: 'nike', price: 20 }),
  { type: 'offer', brand: 'puma' },
  { type: 'payment', method: 'visa' },
]
const changes: [string, { remove?: Fact[]; insert?: Fact[] }][] = [
  ['a line more', { insert: [line({ brand: 'nike', price: 7 })] }],
  ['a line less', { remove: facts.slice(2, 3) }],
  ['other payment', { remove: facts.slice(5), insert: [{ type: 'payment', method: 'cash' }] }],
  ['other time', { remove: facts.slice(0, 1), insert: [{ type: 'now', at: 9 }] }],
  ['a fraction more', { insert: [line({ brand: 'puma', price: 1, weight: 0.3 })] }],
]
const what = (outcome: Fired): unknown => [
  Array.from(outcome.rules, (rule) => [rule, outcome.times(rule)]),
  outcome.inserted(),
]
const seen = (outcome: Fired): unknown => [what(outcome), rules.map((_, rule) => outcome.unmet(rule))]

/** Most of what happens, happens in the first steps; inserting takes many. */
const budgetsBelow = (steps: number): number[] =>
  Array.from({ length: steps }, (_, budget) => budget).filter(
    (budget) => budget < 80 || budget % 197 === 0 || budget >= steps - 3,
  )

describe.each(['always', 'never'] as const)('index %s', (index) => {
  const memo = { line: { key: 'key' } }

  test('when firing', () => {
    const wanted = seen(fired(compileRules(rules, { index }).session(facts).fire()))
    const base = compileRules(rules, { index, memo })
    fired(base.session(facts).fire())
    // Without what a memo has remembered by now.
    const { steps } = fired(base.session(facts).fire())
    for (const budget of budgetsBelow(steps)) {
      expect(base.session(facts).fire({ budget }), `${budget}`).toEqual({ ok: false, code: 'budget_exceeded', budget })
      expect(seen(fired(base.session(facts).fire())), `after ${budget}`).toEqual(wanted)
    }
    expect(fired(base.session(facts).fire({ budget: steps })).steps).toBe(steps)
  })

  test.each(changes)('when changing: %s', (name, change) => {
    const base = compileRules(rules, { index, memo })
    const outcome = fired(base.session(facts).fire())
    const before = seen(outcome)
    const first = fired(outcome.with(change))
    const wanted = seen(fired(compileRules(rules, { index }).session(first.facts).fire()))
    expect(seen(first)).toEqual(wanted)
    const { steps } = fired(outcome.with(change))
    const others = changes.filter(([other]) => other !== name).map(([, other]) => other)
    const afterOthers = others.map((other) => what(fired(outcome.with(other))))
    for (const budget of budgetsBelow(steps)) {
      expect(outcome.with(change, { budget }), `${budget}`).toEqual({ ok: false, code: 'budget_exceeded', budget })
      expect(what(fired(outcome.with(change))), `after ${budget}`).toEqual(what(first))
      expect(outcome.with(change, { budget }).ok).toBe(false)
      const other = budget % others.length
      expect(what(fired(outcome.with(others[other] ?? {}))), `another after ${budget}`).toEqual(afterOthers[other])
    }
    expect(fired(outcome.with(change, { budget: steps })).steps).toBe(steps)
    expect(seen(fired(outcome.with(change)))).toEqual(wanted)
    expect(seen(outcome)).toEqual(before)
  })
})

// What a change makes of the rules that hang on what it touches, where there are many of them, or many ways to one: as if all
// had been evaluated afresh, and charged for.
import { describe, expect, test } from 'vitest'
import { compileRules } from '../../lib/rules/compile.ts'
import type { Changes, Condition, Fact, Fired, Rule, RuleBase } from '../../lib/rules/types.ts'
import { upTo } from '../support/facts.ts'
import { fired } from '../support/rules-outcomes.ts'

const baseOf = (whens: readonly (readonly Condition[])[]): RuleBase =>
  compileRules(
    whens.map((when, n): Rule => ({ name: `r${n}`, when, insert: [{ type: 'hit' }] })),
    { index: 'always' },
  )
const visa: Fact = { type: 'payment', method: 'visa' }
const paid: Condition = { fact: 'payment', where: [{ path: 'method', eq: 'visa' }] }
const line = (n: number, more: object = {}): Fact => ({ type: 'line', n, ...more })
const sum = (is: object): Condition => ({ accumulate: 'sum', of: { path: 'n' }, from: { fact: 'line' }, is })
const said = (outcome: Fired): unknown => Array.from(outcome.rules, (rule) => [rule, outcome.times(rule)])

/** After the change, and after another from the same outcome: as evaluated afresh. */
function check(base: RuleBase, facts: readonly Fact[], changes: readonly Changes[]): void {
  const start = fired(base.session(facts).fire())
  const before = said(start)
  for (const change of [...changes, ...changes.toReversed()]) {
    const next = fired(start.with(change))
    expect(said(next), JSON.stringify(change)).toEqual(said(fired(base.session(next.facts).fire())))
  }
  expect(said(start)).toEqual(before)
}

describe.each([1, 31, 32, 33, 64, 65, 200])('%d rules on one sum', (count) => {
  const shapes: [string, (n: number) => Condition[]][] = [
    ['by lower bounds, and payment', (n) => [sum({ gte: n + 1 }), paid]],
    ['by upper bounds, and payment', (n) => [sum({ between: [1, n + 1] }), paid]],
    ['and no payment', (n) => [sum({ gte: n + 1 }), { not: paid }]],
    ['of any of two', (n) => [{ any: [sum({ gte: n + 1 }), { fact: 'line', where: [{ path: 'm', eq: n }] }] }, paid]],
  ]
  test.each(shapes)('%s', (_, whenOf) => {
    const base = baseOf(upTo(count).map(whenOf))
    const lines = [line(Math.ceil(count / 3)), line(Math.ceil(count / 3))]
    const changes: Changes[] = [
      { insert: [visa] },
      { insert: [visa, { ...visa }] },
      { insert: [line(count)] },
      { insert: [line(count), visa] },
      { insert: [line(1, { m: 3 }), visa, { ...visa }] },
      { remove: lines.slice(0, 1), insert: [visa] },
      { remove: lines },
      { remove: lines, insert: [visa, line(count)] },
      { insert: [{ type: 'payment', method: 'cash' }] },
      {},
    ]
    check(base, lines, changes)
    check(
      base,
      [...lines, visa],
      [{ remove: lines }, { insert: [line(count), { ...visa }] }, { insert: [line(-5)] }, {}],
    )
    // Several payments make rules fire several times, also those that a change has nothing to do with.
    const cash = { type: 'payment', method: 'cash' }
    check(
      base,
      [...lines, visa, { ...visa }],
      [{ insert: [cash] }, { insert: [line(1)] }, { remove: lines.slice(0, 1) }, {}],
    )
    check(base, [], changes.slice(0, 5).concat(changes.slice(8)))
  })
})

test('a rule that many slots lead to, beside others', () => {
  const brands = upTo(8)
  const any: Condition = { any: brands.map((brand) => ({ fact: 'line', where: [{ path: 'brand', eq: brand }] })) }
  const base = baseOf([[any], [sum({ gte: 5 }), any], [sum({ gte: 1 })], [sum({ gte: 2 }), paid]])
  const facts = [line(3), visa]
  const changes = [
    { insert: brands.map((brand) => line(0, { brand })) },
    { insert: brands.map((brand) => line(1, { brand })) },
    { remove: facts.slice(0, 1) },
    { remove: facts.slice(1) },
    { insert: [line(7)] },
  ]
  check(base, facts, changes)
  check(base, [], changes.slice(0, 2))
})

test('what a change looks at is charged for: what hangs on bits, what hangs on what it touches, and what fires', () => {
  const count = 200
  const brand = (n: number): Condition => ({
    accumulate: 'sum',
    of: { path: 'n' },
    from: { fact: 'line', where: [{ path: 'brand', eq: n }] },
    is: { gte: 1 },
  })
  const lines = upTo(count).map((n) => line(1, { brand: n }))
  const stepsOf = (whenOf: (n: number) => Condition[], facts: readonly Fact[], change?: Changes): number => {
    const outcome = fired(baseOf(upTo(count).map(whenOf)).session(facts).fire())
    return change === undefined ? outcome.steps : fired(outcome.with(change)).steps
  }
  const alone = stepsOf((n) => [brand(n)], lines)
  const none = stepsOf((n) => [brand(n)], [])
  // Each fact is looked at, counts in a slot that leads to a rule, and the rule fires.
  expect(alone - none).toBeGreaterThanOrEqual(3 * count)
  // What bits decide on is noted beside.
  const undecided = stepsOf((n) => [brand(n), paid], lines)
  expect(undecided).toBeGreaterThanOrEqual(alone)
  expect(stepsOf((n) => [brand(n), paid], [...lines, visa]) - undecided).toBeGreaterThanOrEqual(count)
  // And what needs a closer look once more.
  const closed: Condition = { any: [{ fact: 'none' }, { fact: 'neither' }] }
  expect(stepsOf((n) => [brand(n), closed], lines) - alone).toBeGreaterThanOrEqual(count)
  // A change of what bits are about looks at all that was noted; one of a line at its rule.
  const change = { insert: [line(1, { brand: 3 })] }
  expect(stepsOf((n) => [brand(n), paid], lines, { insert: [visa] })).toBeGreaterThanOrEqual(count)
  expect(stepsOf((n) => [brand(n)], lines, change)).toBeLessThan(20)
  const hanging = stepsOf((n) => [sum({ gte: n })], [line(5)], { insert: [line(1)] })
  expect(hanging).toBeGreaterThanOrEqual(count)
  // Rules that nothing leads to are looked at each time, and so is each part of a choice.
  const absent = stepsOf((n) => [{ not: { fact: 'line', where: [{ path: 'brand', eq: n }] } }], [])
  const either = stepsOf((n) => [{ any: [{ not: brand(n) }, { not: paid }] }], [])
  expect(absent).toBeGreaterThanOrEqual(count)
  expect(either).toBeGreaterThan(absent)
})

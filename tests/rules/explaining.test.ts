// What explanations hold beside the reasons: matches, at most so many, with what is bound in them and nothing else; and
// what working them out is charged for.
import { expect, test } from 'vitest'
import { limits } from '../../lib/base/limits.ts'
import { groupByType } from '../../lib/rules/chaining.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import { explainRule, newInquiry, unmetConditions } from '../../lib/rules/explain.ts'
import { createRuleStore } from '../../lib/rules/rule-store.ts'
import type { Condition, Explanation, Fact, Rule, Test } from '../../lib/rules/types.ts'
import { upTo } from '../support/facts.ts'

const ruleOf = (when: readonly Condition[]): Rule => ({ name: 'r', when, insert: [{ type: 'hit' }] })

function explained(when: readonly Condition[], facts: readonly Fact[], index: 'always' | 'never'): Explanation {
  const outcome = compileRules([ruleOf(when)], { index })
    .session(facts)
    .fire()
  if (!outcome.ok) throw new Error('out of budget')
  return outcome.explain(0)
}

test.each(['always', 'never'] as const)('at most so many matches, index %s', (index) => {
  for (const count of [limits.explainedMatches, limits.explainedMatches + 1]) {
    const facts = upTo(count).map((n) => ({ type: 'line', n }))
    const { times, matches } = explained([{ fact: 'line', bind: { x: 'n' } }], facts, index)
    expect(times).toBe(count)
    expect(matches).toEqual(
      facts.slice(0, limits.explainedMatches).map((fact) => ({ facts: [fact], bound: { x: fact.n } })),
    )
  }
})

test.each(['always', 'never'] as const)('a match names each fact once, and what is bound in it, index %s', (index) => {
  const when: Condition[] = [
    { fact: 'line', bind: { x: 'n' } },
    { any: [{ fact: 'line', bind: { y: 'n' } }, { fact: 'none' }] },
    { not: { fact: 'none', bind: { z: 'n' } } },
    { accumulate: 'count', from: { fact: 'line' }, as: 'lines' },
  ]
  const line = { type: 'line', n: 1 }
  // Strictly: a name that is not bound is not there at all.
  expect(explained(when, [line], index).matches).toStrictEqual([{ facts: [line], bound: { x: 1, lines: 1 } }])
})

test('a free test names the variables that it is about, as far as they are bound', () => {
  const when: Condition[] = [
    { fact: 'line', bind: { x: 'n', other: 'm' } },
    { fact: 'none', bind: { y: 'n' } },
    {
      test: {
        any: [
          { var: 'x', gt: 5 },
          { var: 'y', gt: 5 },
        ],
      },
    },
  ]
  expect(explained(when, [{ type: 'line', n: 1, m: 2 }], 'always').conditions[2]).toStrictEqual({
    pointer: '/when/2',
    met: false,
    wanted: when[2],
    actual: { x: 1 },
    facts: [],
  })
})

test.each<[string, Test, unknown]>([
  ['a predicate of one attribute: its value', { predicate: 'no', args: [{ path: 'n' }] }, 3],
  ['a predicate: all its arguments', { predicate: 'no', args: [{ path: 'n' }, { path: 'of.m' }] }, { n: 3, 'of.m': 4 }],
  ['a predicate without any', { predicate: 'no', args: [] }, {}],
  [
    'a choice: what is worked out as well, under its own name',
    {
      any: [
        { value: { mul: [{ path: 'n' }, 2] }, gte: 100 },
        { path: 'n', gte: 40 },
      ],
    },
    { n: 3, '{"args":[{"op":"path","steps":["n"]},{"op":"const","value":2}],"op":"mul"}': 6 },
  ],
])('of a test that fails, what it is about: %s', (_, where, actual) => {
  const rule = ruleOf([{ fact: 'line', where: [where] }])
  const outcome = compileRules([rule], { registry: { predicates: { no: () => false } } })
    .session([{ type: 'line', n: 3, of: { m: 4 } }])
    .fire()
  if (!outcome.ok) throw new Error('out of budget')
  expect(outcome.explain(0).conditions[0]?.tests).toStrictEqual([
    { pointer: '/when/0/where/0', wanted: where, actual: [actual] },
  ])
})

test('what was inserted is among the facts', () => {
  const rules: Rule[] = [
    { name: 'first', when: [{ fact: 'line' }], insert: [{ type: 'made', n: 7 }] },
    { name: 'then', when: [{ fact: 'made', where: [{ path: 'n', gt: 9 }] }], insert: [{ type: 'hit' }] },
  ]
  const outcome = compileRules(rules)
    .session([{ type: 'line' }])
    .fire()
  if (!outcome.ok) throw new Error('out of budget')
  expect(outcome.explain(1).conditions[0]?.tests?.[0]?.actual).toEqual([7])
})

test('it says that it takes too long, and that to ask again would be no use', () => {
  const joined = ['x', 'y', 'z'].map((name): Condition => ({ fact: 'a', bind: { [name]: 'n' } }))
  const outcome = compileRules([ruleOf([...joined, { fact: 'none', bind: { x: 'n', y: 'n', z: 'n' } }])], {
    index: 'always',
  })
    .session(upTo(200).map((n) => ({ type: 'a', n })))
    .fire()
  if (!outcome.ok) throw new Error('out of budget')
  for (const ask of [() => outcome.explain(0), () => outcome.unmet(0)]) {
    expect(ask).toThrow(
      expect.objectContaining({
        kind: 'limit',
        code: 'budget_exceeded',
        message: `To say why takes more than ${limits.ruleSteps} steps.`,
        detail: { retryable: false },
      }),
    )
  }
})

test('facts that are tried for what is shown are charged for, those of matches where they are wanted', () => {
  const count = 500
  const where = upTo(9).map((n) => ({ path: 'n', ne: -1 - n }))
  const facts = groupByType(upTo(count).map((n) => ({ type: 'line', n })))
  const stepsOf = (when: readonly Condition[], times: number, ask = explainRule): number => {
    const inquiry = newInquiry(facts)
    ask(
      createRuleStore(['r'], () => ruleOf(when), {}),
      0,
      times,
      inquiry,
    )
    return inquiry.steps
  }
  const unmet: Condition[] = [{ fact: 'line', where: [...where, { path: 'n', lt: 0 }] }]
  const found = stepsOf(unmet, 0, (store, rule, _, inquiry) => {
    unmetConditions(store, rule, inquiry)
    return { rule: '', times: 0, matches: [], conditions: [] }
  })
  expect(found).toBeGreaterThan(count * 10)
  // Once more, to show them.
  expect(stepsOf(unmet, 0)).toBeGreaterThanOrEqual(2 * found)
  const met: Condition[] = [{ fact: 'line', where }]
  expect(stepsOf(met, 1)).toBeGreaterThan(stepsOf(met, 0) + limits.explainedMatches * 10)
})

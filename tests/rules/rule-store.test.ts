// Rules are kept as they were written; what running or explaining one needs is made once, when first asked for.
import { expect, test } from 'vitest'
import { groupByType } from '../../lib/rules/chaining.ts'
import { newSearch } from '../../lib/rules/matcher.ts'
import { createRuleStore, type RuleStore, runRule } from '../../lib/rules/rule-store.ts'
import type { Fact, FactTemplate, Rule } from '../../lib/rules/types.ts'

const ruleOf = (...insert: FactTemplate[]): Rule => ({ name: 'r', when: [{ fact: 'line', bind: { n: 'n' } }], insert })
const storeOf = (rule: Rule): RuleStore => createRuleStore(['r'], () => rule, {})
const lines: Fact[] = [
  { type: 'line', n: 1 },
  { type: 'line', n: 2 },
  { type: 'line', n: 3 },
]
const searchIn = (facts: readonly Fact[], budget = 10_000) => newSearch(groupByType(facts), { budget })

test('a rule is read when it is first needed, and once', () => {
  const asked: number[] = []
  const rules = [ruleOf({ type: 'a' }), ruleOf({ type: 'b' })]
  const store = createRuleStore(
    ['r', 's'],
    (rule) => {
      asked.push(rule)
      return rules[rule] as Rule
    },
    {},
  )
  expect([store.size, store.names, asked]).toEqual([2, ['r', 's'], []])
  expect(store.source(1)).toBe(rules[1])
  asked.length = 0
  const parsed = store.parsed(1)
  const runner = store.runner(1)
  expect([store.parsed(1), store.runner(1)]).toEqual([parsed, runner])
  expect(store.parsed(1)).toBe(parsed)
  expect(store.runner(1)).toBe(runner)
  expect(asked).toEqual([1])
  expect(store.parsed(0)).not.toBe(parsed)
  expect(store.runner(0)).not.toBe(runner)
  expect(asked).toEqual([1, 0])
})

test('what a rule inserts is made once where no variable is in it', () => {
  const constant = storeOf(ruleOf({ type: 'a', of: { deep: [1] } }, { type: 'b' })).runner(0)
  expect(constant.constant).toEqual([{ type: 'a', of: { deep: [1] } }, { type: 'b' }])
  expect(storeOf(ruleOf({ type: 'a' }, { type: 'b', n: { var: 'n' } })).runner(0).constant).toBeUndefined()
  expect(storeOf(ruleOf({ type: 'a', of: [{ add: [{ var: 'n' }, 1] }] })).runner(0).constant).toBeUndefined()
})

test('each match inserts each fact', () => {
  const runner = storeOf(ruleOf({ type: 'a', n: { var: 'n' } }, { type: 'b' })).runner(0)
  expect(runRule(runner, searchIn(lines))).toEqual({
    times: 3,
    facts: [{ type: 'a', n: 1 }, { type: 'b' }, { type: 'a', n: 2 }, { type: 'b' }, { type: 'a', n: 3 }, { type: 'b' }],
  })
  expect(runRule(runner, searchIn([]))).toEqual({ times: 0, facts: [] })
})

test('what is inserted is charged for, by how many facts and how much has to be worked out', () => {
  const stepsOf = (...insert: FactTemplate[]): number => {
    const search = searchIn(lines)
    runRule(storeOf(ruleOf(...insert)).runner(0), search)
    return search.steps
  }
  const one = stepsOf({ type: 'a' })
  const two = stepsOf({ type: 'a' }, { type: 'b' })
  const three = stepsOf({ type: 'a' }, { type: 'b' }, { type: 'c' })
  expect(one).toBeGreaterThan(3 * 100)
  expect([two - one, three - two]).toEqual([300, 300])
  const more = stepsOf({ type: 'a', of: Array.from({ length: 50 }, () => ({ add: [{ var: 'n' }, 1] })) })
  expect(more - one).toBeGreaterThanOrEqual(3 * 50)
})

test('past its budget it stops', () => {
  const runner = storeOf(ruleOf({ type: 'a' })).runner(0)
  const whole = searchIn(lines)
  runRule(runner, whole)
  expect(whole.exhausted).toBe(false)
  for (let budget = 0; budget <= whole.steps; budget++) {
    const search = searchIn(lines, budget)
    const { times } = runRule(runner, search)
    expect(search.exhausted, `${budget}`).toBe(budget < whole.steps)
    expect(times, `${budget}`).toBeLessThanOrEqual(1 + budget / 100)
  }
})

test('work on values that nothing else charged for is charged for at last', () => {
  const long = 'a'.repeat(16_000)
  const rule: Rule = {
    name: 'r',
    when: [{ fact: 'line', where: [{ path: 'a', gt: { path: 'b' } }] }],
    insert: [{ type: 'a' }],
  }
  const search = searchIn([{ type: 'line', a: long, b: long }])
  expect(runRule(storeOf(rule).runner(0), search).times).toBe(0)
  expect(search.steps).toBeGreaterThanOrEqual(1_000)
})

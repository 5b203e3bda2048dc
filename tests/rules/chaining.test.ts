// Rules on inserted facts, where scenario files do not reach: what is looked at, what it is charged, in which order rules
// are named.
import { describe, expect, test } from 'vitest'
import { loadRuleBase } from '../../lib/rules/base.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type { Fact, Rule } from '../../lib/rules/types.ts'
import { upTo } from '../support/facts.ts'
import { fired } from '../support/rules-outcomes.ts'

/** Each inserts what the next reads. */
const chain = (length: number): Rule[] =>
  upTo(length).map((n) => ({
    name: `r${n}`,
    when: [{ fact: `t${n}`, bind: { a: 'a' } }],
    insert: [{ type: `t${n + 1}`, a: { var: 'a' } }],
  }))

describe('the work budget', () => {
  test('is charged one step for each value of what is inserted, however long it is', () => {
    const stepsFor = (a: unknown): number =>
      fired(
        compileRules(chain(2))
          .session([{ type: 't0', a }])
          .fire(),
      ).steps
    const [none, text, longText, list, object] = [null, 'x', 'x'.repeat(1_000), [1, 'x', null], { b: { c: 1 } }].map(
      stepsFor,
    ) as [number, number, number, number, number]
    // The second rule is chained.
    expect([text, longText, list - 3, object - 2]).toEqual([none, none, none, none])
  })

  test('ends the evaluation: rules of later strata are not even read', () => {
    const rules = chain(10)
    const asked: number[] = []
    const bytes = compileRules(rules).toBytes({ withRules: false })
    const base = loadRuleBase(bytes, {
      rules: (rule) => {
        asked.push(rule)
        return rules[rule] as Rule
      },
    })
    const session = base.session([{ type: 't0', a: upTo(5_000) }])
    expect(session.fire({ budget: 2_000 }).ok).toBe(false)
    expect(asked).toEqual([0, 1])
    expect(fired(session.fire()).rules).toHaveLength(10)
    expect(asked).toEqual(upTo(10))
  })

  test('ends repetition before all facts that a round has found are looked at', () => {
    let reads = 0
    const text = 'x'.repeat(16_000)
    const given = upTo(200).map((n): Fact => {
      const of = { n }
      Object.defineProperty(of, 'text', { enumerable: true, get: () => [text, reads++][0] })
      return { type: 'item', of }
    })
    const again: Rule = {
      name: 'again',
      when: [{ fact: 'item', bind: { of: 'of' } }],
      insert: [{ type: 'item', again: { var: 'of' } }],
    }
    const session = compileRules([again]).session(given)
    // A thousand steps for each text: what is given takes 200,000, what the first round found as much again.
    expect(session.fire({ budget: 300_000 }).ok).toBe(false)
    // A text is read twice to be written out, and once to be charged for: 1,000 reads would be all.
    expect(reads).toBeGreaterThan(600)
    expect(reads).toBeLessThan(900)
  })
})

describe('rules that feed each other', () => {
  const step: Rule = {
    name: 'step',
    when: [{ fact: 'at', bind: { n: 'n' } }, { test: { var: 'n', lt: 3 } }],
    insert: [{ type: 'at', n: { add: [{ var: 'n' }, 1] } }],
  }
  const back: Rule = { name: 'back', when: [{ fact: 'at' }], insert: [{ type: 'at', n: 0 }] }
  const counted: Rule = {
    name: 'counted',
    when: [{ accumulate: 'count', from: { fact: 'at' }, as: 'count' }],
    insert: [{ type: 'counted', count: { var: 'count' } }],
  }

  test('insert nothing twice, nor what was given, and fire nonetheless', () => {
    const outcome = fired(
      compileRules([counted, step, back])
        .session([
          { type: 'at', n: 0 },
          { type: 'at', n: 2 },
        ])
        .fire(),
    )
    expect(outcome.inserted()).toEqual([
      { type: 'counted', count: 4 },
      { type: 'at', n: 1 },
      { type: 'at', n: 3 },
    ])
    expect([0, 1, 2].map((rule) => outcome.times(rule))).toEqual([1, 3, 4])
  })

  test('may find nothing, and then do not fire', () => {
    const outcome = fired(
      compileRules([step, back, counted])
        .session([{ type: 'other' }])
        .fire(),
    )
    expect([...outcome.rules]).toEqual([2])
    expect(outcome.inserted()).toEqual([{ type: 'counted', count: 0 }])
  })
})

describe.each(['always', 'never'] as const)('what fired, index %s', (index) => {
  test('is named once, in ascending order, whatever was evaluated first', () => {
    const [first, second, third] = chain(3) as [Rule, Rule, Rule]
    const given: Rule = { name: 'given', when: [{ fact: 't1' }], insert: [{ type: 'seen' }] }
    const base = compileRules([third, second, given, first], { index })
    const outcome = fired(
      base
        .session([
          { type: 't0', a: 1 },
          { type: 't1', a: 2 },
        ])
        .fire(),
    )
    expect([...outcome.rules]).toEqual([0, 1, 2, 3])
    expect([0, 1, 2, 3].map((rule) => outcome.times(rule))).toEqual([2, 2, 2, 1])
    expect(outcome.inserted()).toEqual([
      { type: 't3', a: 2 },
      { type: 't3', a: 1 },
      { type: 't2', a: 2 },
      { type: 't2', a: 1 },
      { type: 'seen' },
      { type: 'seen' },
      { type: 't1', a: 1 },
    ])
  })
})

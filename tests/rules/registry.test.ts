// Predicates, expressions and accumulators of one's own, by name.
import { describe, expect, test } from 'vitest'
import { loadRuleBase } from '../../lib/rules/base.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type { CompileOptions, Fact, Fired, Registry, Rule } from '../../lib/rules/types.ts'
import { line } from '../support/facts.ts'
import { codeOf } from '../support/refusals.ts'
import { fired } from '../support/rules-outcomes.ts'

const fire = (rules: readonly Rule[], facts: readonly Fact[], options: CompileOptions = {}): Fired =>
  fired(compileRules(rules, options).session(facts).fire())

const registry = {
  predicates: { even: (value) => Number(value) % 2 === 0, truthy: () => 1 as unknown as boolean },
  expressions: { upper: (value) => (typeof value === 'string' ? value.toUpperCase() : undefined) },
  accumulators: {
    median: (values) => values[Math.floor(values.length / 2)],
    longest: (values) => values.map(String).reduce((a, b) => (b.length > a.length ? b : a), ''),
  },
} satisfies Registry

describe.each(['always', 'never'] as const)('functions of the registry, index %s', (index) => {
  const options = { registry, index }

  test('a predicate holds only when it answers true', () => {
    const rules: Rule[] = ['even', 'truthy'].map((name) => ({
      name,
      when: [{ fact: 'line', where: [{ predicate: name, args: [{ path: 'n' }] }], bind: { n: 'n' } }],
      insert: [{ type: name, n: { var: 'n' } }],
    }))
    const outcome = fire(rules, [line({ n: 1 }), line({ n: 2 })], options)
    expect(outcome.inserted()).toEqual([{ type: 'even', n: 2 }])
  })

  test('an expression stands wherever a value does', () => {
    const rule: Rule = {
      name: 'upper',
      when: [
        {
          fact: 'line',
          where: [{ value: { call: 'upper', args: [{ path: 'a' }] }, eq: 'X' }],
          bind: { u: { call: 'upper', args: [{ path: 'b' }] } },
        },
        { test: { value: { call: 'upper', args: [{ var: 'u' }] }, ne: 'Z' } },
      ],
      insert: [{ type: 'found', u: { var: 'u' }, v: { call: 'upper', args: ['w'] } }],
    }
    const facts = [line({ a: 'x', b: 'y' }), line({ a: 'x', b: 'z' }), line({ a: 'x', b: 1 }), line({ a: 'q', b: 'y' })]
    expect(fire([rule], facts, options).inserted()).toEqual([{ type: 'found', u: 'Y', v: 'W' }])
  })

  test('an accumulator gets its values in one order, and undefined is no match', () => {
    const rule = (name: string): Rule => ({
      name,
      when: [{ accumulate: name, of: { path: 'n' }, from: { fact: 'line' }, as: 'm' }],
      insert: [{ type: name, m: { var: 'm' } }],
    })
    const facts = [3, 1, 2].map((n) => line({ n }))
    for (const given of [facts, facts.toReversed()]) {
      expect(fire([rule('median')], given, options).inserted()).toEqual([{ type: 'median', m: 2 }])
      expect(fire([rule('longest')], given, options).inserted()).toEqual([{ type: 'longest', m: '1' }])
    }
    expect(fire([rule('median')], [], options).inserted()).toEqual([])
  })

  test('a stored rule base is not loaded without the functions that it calls', () => {
    const rule: Rule = {
      name: 'r',
      when: [{ fact: 'line', where: [{ predicate: 'even', args: [{ path: 'n' }] }] }],
      insert: [{ type: 'hit' }],
    }
    const bytes = compileRules([rule], options).toBytes()
    expect(codeOf(() => loadRuleBase(bytes))).toBe('rule_base_unreadable')
    expect(
      fired(
        loadRuleBase(bytes, { registry })
          .session([line({ n: 2 })])
          .fire(),
      ).times(0),
    ).toBe(1)
  })
})

// What a rule base tells of itself, and what it takes to be read back.
import { describe, expect, test } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { loadRuleBase } from '../../lib/rules/base.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type { Condition, Registry, Rule } from '../../lib/rules/types.ts'

const ruleOf = (name: string, when: readonly Condition[] = []): Rule => ({ name, when, insert: [{ type: 'hit' }] })
const window = (gte: number, lt: number): Condition => ({ fact: 'now', where: [{ path: 'at', gte, lt }] })

test('rules by name', () => {
  const base = compileRules(['a', 'b', 'c'].map((name) => ruleOf(name)))
  for (const each of [base, loadRuleBase(base.toBytes())]) {
    expect([each.size, each.names]).toEqual([3, ['a', 'b', 'c']])
    expect(['a', 'c', 'b', 'd', 'toString'].map((name) => each.numberOf(name))).toEqual([0, 2, 1, undefined, undefined])
  }
})

test('a session without facts', () => {
  expect(compileRules([]).session().facts).toEqual([])
})

test('when something opens or closes next', () => {
  for (let count = 0; count < 6; count++) {
    const moments = Array.from({ length: count }, (_, n) => 10 * n)
    const base = compileRules(moments.map((at) => ruleOf(`${at}`, [window(at, at + 5)])))
    const all = moments.flatMap((at) => [at, at + 5])
    for (let at = -1; at < 60; at++) expect(base.nextChange(at), `${at}`).toBe(all.find((moment) => moment > at))
  }
})

describe('read back', () => {
  const registry: Registry = {
    predicates: { even: () => true },
    expressions: { half: () => 1 },
    accumulators: { 'a/b': () => 1 },
  }
  const bytes = compileRules(
    [
      ruleOf('r', [
        { fact: 'line', where: [{ predicate: 'even' }, { value: { call: 'half' }, eq: 1 }] },
        { accumulate: 'a/b', from: { fact: 'line' } },
      ]),
    ],
    { registry },
  ).toBytes()

  test('with the functions that it calls', () => {
    expect(loadRuleBase(bytes, { registry }).size).toBe(1)
  })

  test.each([
    ['predicates/even', { ...registry, predicates: {} }],
    ['predicates/even', { ...registry, predicates: { even: true } }],
    ['expressions/half', { ...registry, expressions: { even: () => 1 } }],
    ['accumulators/a/b', { ...registry, accumulators: { a: () => 1 } }],
    ['accumulators/a/b', { predicates: { even: () => true }, expressions: { half: () => 1 } }],
  ])('not without %s', (call, without) => {
    const message = `it calls ${call}, which is not in the registry`
    expect(() => loadRuleBase(bytes, { registry: without as Registry })).toThrow(message)
    expect(() => loadRuleBase(bytes, { registry: without as Registry })).toThrow(KramError)
  })

  test('nor without any', () => {
    expect(() => loadRuleBase(bytes)).toThrow('which is not in the registry')
  })
})

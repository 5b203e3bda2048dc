// Runs cases in which the index could seem to decide: what it gives must be what trying all facts gives.
import { describe, expect, test } from 'vitest'
import { loadRuleBase } from '../../lib/rules/base.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type { CompileOptions, Condition, Fact, Rule } from '../../lib/rules/types.ts'
import { fired } from './rules-outcomes.ts'

export type OpenCase = {
  name: string
  when: readonly Condition[]
  facts: readonly Fact[]
  times: number
  clock?: string
}

export const joined = { fact: 'line', bind: { x: 'n' } } as const
export const now: Fact = { type: 'now', at: 10, other: 100, of: { at: 3 } }
export const inWindow = [{ path: 'at', gte: 5, lt: 15 }] as const

/** In a rule base by itself, and after others by which its times stand in the base's boundaries. */
const around: readonly Rule[] = [
  { name: 'window', when: [{ fact: 'now', where: inWindow }], insert: [{ type: 'window' }] },
  { name: 'line', when: [{ fact: 'line', where: [{ path: 'n', eq: 1 }] }], insert: [{ type: 'one' }] },
]

/** How often each rule fires: with and without the index, in both orders of facts, saved and loaded, at once and later. */
export function testLeftOpen(cases: readonly OpenCase[]): void {
  describe.each(['always', 'never'] as const)('index %s', (index) => {
    test.each(cases.map((each) => [each.name, each] as const))('%s', (_, { when, facts, times, clock = 'at' }) => {
      const rule: Rule = { name: 'r', when, insert: [{ type: 'hit' }] }
      const options: CompileOptions = { index, clock: { fact: 'now', path: clock } }
      for (const rules of [[rule], [...around, rule]]) {
        const base = compileRules(rules, options)
        for (const each of [base, loadRuleBase(base.toBytes(), { index })]) {
          for (const given of [facts, [...facts].reverse()]) {
            const outcome = fired(each.session(given).fire())
            expect(outcome.times(rules.length - 1)).toBe(times)
            expect(outcome.inserted().filter(({ type }) => type === 'hit')).toHaveLength(times)
          }
          const later = fired(fired(each.session().fire()).with({ insert: facts }))
          expect(later.times(rules.length - 1)).toBe(times)
        }
      }
    })
  })
}

// Rules read by themselves, and parts of rules, for the tests of what is refused and of what is made of them.
import { expect } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { parseRule } from '../../lib/rules/parse.ts'
import type { Rule } from '../../lib/rules/types.ts'

export const registry = {
  predicates: { odd: () => true },
  expressions: { half: () => 1 },
  accumulators: { median: () => 1 },
}

/** [pointer below the rule, reason], or what the rule is read as. */
export function readRule(rule: object) {
  const whole = { name: 'r', when: [], insert: [{ type: 'hit' }], ...rule } as unknown as Rule
  try {
    return parseRule(whole, '/0', registry)
  } catch (error) {
    if (!(error instanceof KramError)) throw error
    const { kind, code, detail, message } = error
    const [issue, ...more] = detail.issues ?? []
    if (issue === undefined) throw error
    expect([kind, code, more]).toEqual(['invalid', 'invalid_rule', []])
    expect(message).toMatch(new RegExp(`^Rule (at /0|".*"), ${issue.pointer}: `))
    expect(message.endsWith(`: ${issue.message}`)).toBe(true)
    return [issue.pointer.replace(/^\/0/, ''), issue.message]
  }
}
export const where = (...tests: unknown[]) => ({ when: [{ fact: 'x', where: tests }] })
export const when = (...conditions: unknown[]) => ({ when: conditions })
export const eq = (value: unknown) => where({ path: 'a', eq: value })
export const nested = (depth: number, inner: unknown, wrap: (of: unknown) => unknown): unknown =>
  depth === 0 ? inner : nested(depth - 1, wrap(inner), wrap)
export const text = (length: number): string => 'x'.repeat(length)

// What firing does not do: make facts nobody asked for, or look at facts that the index has decided about.
import { describe, expect, test } from 'vitest'
import { compileRules } from '../../lib/rules/compile.ts'
import type { Fact, Fired, Outcome, Registry, Rule } from '../../lib/rules/types.ts'
import { fired } from '../support/rules-outcomes.ts'

const closed: Rule = {
  name: 'closed',
  when: [{ fact: 'line', where: [{ path: 'n', eq: 1 }], bind: { m: 'm' } }],
  insert: [{ type: 'hit', m: { call: 'counted', args: [{ var: 'm' }] } }],
}
const joined: Rule = {
  name: 'joined',
  when: [
    { fact: 'line', bind: { m: 'm' } },
    { fact: 'offer', bind: { m: 'm' } },
  ],
  insert: [{ type: 'joined' }],
}
const chained: Rule = { name: 'chained', when: [{ fact: 'hit' }], insert: [{ type: 'chained' }] }
const facts: Fact[] = [
  { type: 'line', n: 1, m: 2 },
  { type: 'line', n: 1, m: 3 },
  { type: 'offer', m: 3 },
]

describe('facts to insert', () => {
  let calls = 0
  const registry: Registry = { expressions: { counted: (m) => [m, calls++][0] } }
  const fire = (...rules: Rule[]): Fired => {
    calls = 0
    return fired(compileRules(rules, { registry, index: 'always' }).session(facts).fire())
  }

  test('are made when they are asked for, and once', () => {
    for (const rules of [[closed], [closed, joined], [joined, closed]]) {
      const outcome = fire(...rules)
      expect([...outcome.rules]).toEqual(rules.map((_, n) => n))
      expect(calls).toBe(0)
      const inserted = outcome.inserted()
      expect(inserted.filter(({ type }) => type === 'hit').map(({ m }) => m)).toEqual([2, 3])
      expect(outcome.inserted()).toBe(inserted)
      expect(calls).toBe(2)
    }
  })

  test('are made at once where other rules read them', () => {
    const outcome = fire(closed, joined, chained)
    expect([...outcome.rules]).toEqual([0, 1, 2])
    expect(calls).toBe(2)
  })
})

test('facts are read less often where the index decides alone', () => {
  const readsOf = (...rules: Rule[]): number => {
    let reads = 0
    const lines = Array.from({ length: 20 }, (_, n): Fact => {
      const line = { type: 'line', n, m: n }
      Object.defineProperty(line, 'type', { enumerable: true, get: () => ['line', reads++][0] })
      return line
    })
    const base = compileRules(rules, { index: 'always', registry: { expressions: { counted: (m) => m } } })
    const session = base.session([...lines, { type: 'offer', m: -1 }])
    reads = 0
    expect(fired(session.fire()).rules).toHaveLength(1)
    return reads
  }
  expect(readsOf(closed)).toBeLessThan(readsOf(closed, joined))
  expect(readsOf(closed)).toBeLessThan(readsOf(closed, { ...chained, when: [{ fact: 'hit' }, { fact: 'none' }] }))
})

describe('the work budget', () => {
  test('ends what the index looks at, though trying the rules would take less', () => {
    const rule: Rule = {
      name: 'r',
      when: [{ fact: 'none' }, { fact: 'line', where: [{ path: 'n', eq: 1 }] }],
      insert: [{ type: 'hit' }],
    }
    const lines = Array.from({ length: 100 }, (_, n): Fact => ({ type: 'line', n }))
    const fire = (index: 'always' | 'never'): Outcome =>
      compileRules([rule], { index }).session(lines).fire({ budget: 50 })
    expect(fire('never').ok).toBe(true)
    expect(fire('always')).toEqual({ ok: false, code: 'budget_exceeded', budget: 50 })
  })

  test('is not touched by facts to insert that are always the same, however many', () => {
    const rule: Rule = { name: 'r', when: [{ fact: 'line', where: [{ path: 'n', eq: 1 }] }], insert: [{ type: 'hit' }] }
    const session = compileRules([rule], { index: 'always' }).session(
      Array.from({ length: 100 }, (): Fact => ({ type: 'line', n: 1 })),
    )
    const { steps } = fired(session.fire())
    const inserted = fired(session.fire({ budget: steps })).inserted()
    expect(inserted).toHaveLength(100)
    expect(new Set(inserted).size).toBe(1)
  })
})

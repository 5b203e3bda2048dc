// Rules with anything anywhere: refused with rule, path and reason, or compiled and evaluated; never another error.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type { Query, Rule } from '../../lib/rules/types.ts'
import { facts, oddFacts, registry, rules } from '../support/rules-arbitraries.ts'

const settings = { seed: 9, numRuns: Number(process.env.KRAM_PROPERTY_RUNS ?? 300) }

type Change = { place: number; kind: 'replace' | 'remove' | 'rename' | 'add'; value: unknown; name: string }
type Container = Record<string, unknown> | unknown[]

const words = [
  'fact',
  'where',
  'path',
  'eq',
  'in',
  'bind',
  'as',
  'var',
  'value',
  'of',
  'from',
  'by',
  'is',
  'all',
  'any',
  'not',
  'exists',
  'test',
  'accumulate',
  'sum',
  'add',
  'call',
  'literal',
  'predicate',
  'args',
  'half',
  '__proto__',
  'constructor',
  'x',
  '',
]
const change: fc.Arbitrary<Change> = fc.record({
  place: fc.nat(),
  kind: fc.constantFrom('replace', 'remove', 'rename', 'add'),
  value: fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown[]>(...words, undefined, Number.NaN, [], {}, -0, Number.POSITIVE_INFINITY),
  ),
  name: fc.constantFrom(...words),
})

function placesIn(value: unknown): { container: Container; key: string }[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => [{ container: value as Container, key }, ...placesIn(part)])
}

// As JSON.parse makes it: an attribute of its own, also when it is called __proto__.
const set = (container: Container, name: string, value: unknown): void => {
  const isNamed = Array.isArray(container) && !/^\d+$/.test(name)
  const key = isNamed ? String(container.length) : name
  Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true })
}

function changed(list: readonly Rule[], changes: readonly Change[]): Rule[] {
  const copy = structuredClone(list) as Rule[]
  for (const { place, kind, value, name } of changes) {
    const places = placesIn(copy)
    const at = places[place % Math.max(places.length, 1)]
    if (at === undefined) continue
    const { container } = at
    if (kind === 'replace') set(container, at.key, value)
    else if (kind === 'add') set(container, name, value)
    else {
      const old = Object.getOwnPropertyDescriptor(container, at.key)?.value
      Reflect.deleteProperty(container, at.key)
      if (kind === 'rename') set(container, name, old)
    }
  }
  return copy.filter((rule) => rule !== undefined)
}

test('rules with anything anywhere', () => {
  let compiled = 0
  let refused = 0
  fc.assert(
    fc.property(
      rules,
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.oneof(facts, oddFacts),
      (list, changes, given) => {
        const odd = changed(list, changes)
        for (const index of ['always', 'never'] as const) {
          try {
            const outcome = compileRules(odd, { registry, index }).session(given).fire()
            compiled++
            if (!outcome.ok) continue
            outcome.inserted()
            outcome.near()
            odd.forEach((_, rule) => {
              outcome.explain(rule)
              outcome.unmet(rule)
            })
          } catch (error) {
            if (!(error instanceof KramError)) throw error
            refused++
            expect(['invalid_rule', 'rule_cycle', 'budget_exceeded']).toContain(error.code)
            if (error.code !== 'budget_exceeded') {
              const [issue] = error.detail.issues ?? []
              expect(issue?.pointer).toMatch(/^\/\d+/)
              expect(error.message).toContain(issue?.message)
            }
          }
        }
      },
    ),
    settings,
  )
  expect([compiled > 0, refused > 0]).toEqual([true, true])
})

test('queries with anything anywhere', () => {
  fc.assert(
    fc.property(rules, fc.array(change, { maxLength: 3 }), facts, (list, changes, given) => {
      const base = compileRules([], { registry })
      for (const rule of changed(list, changes)) {
        try {
          const query = base.prepare({ when: (rule as Rule | null)?.when } as Query)
          const outcome = base.session(given).fire()
          if (outcome.ok) outcome.query(query)
        } catch (error) {
          if (!(error instanceof KramError)) throw error
          expect(['invalid_query', 'budget_exceeded']).toContain(error.code)
        }
      }
    }),
    settings,
  )
})

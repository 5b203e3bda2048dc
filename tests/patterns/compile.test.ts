// lib/patterns against its slow twin, and a router against its patterns one by one.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../lib/base/json.ts'
import { type Condition, compilePattern, compileRouter, type RoutedAlternative } from '../../lib/patterns/compile.ts'
import { createAlternativeIndex } from '../../lib/patterns/index-alternatives.ts'
import { events, patterns } from '../support/pattern-arbitraries.ts'
import { slowMatches } from '../support/slow-patterns.ts'

const short = patterns.filter((pattern) => JSON.stringify(pattern).length <= 2048)

describe('a compiled pattern', () => {
  test('matches what the slow twin matches', () => {
    let matched = 0
    fc.assert(
      fc.property(short, events, (pattern, event) => {
        const expected = slowMatches(pattern, event)
        if (expected) matched++
        expect(compilePattern(pattern).matches(event)).toBe(expected)
      }),
      { numRuns: 4_000, seed: 20_240_701 },
    )
    expect(matched, 'matches among the samples, or they prove little').toBeGreaterThan(200)
  })

  test('agrees with the twin where arrays of objects decide', () => {
    const leaf = fc.constantFrom(1, 2)
    const element = fc.dictionary(fc.constantFrom('x', 'y', 'z'), leaf, { noNullPrototype: true })
    const nested = fc.record({ m: fc.array(element, { maxLength: 3 }), n: fc.array(element, { maxLength: 3 }) })
    const event = fc.record({ a: fc.array(nested, { maxLength: 3 }), b: fc.array(element, { maxLength: 3 }) })
    const values = fc.array(
      fc.oneof(
        leaf,
        fc.boolean().map((exists) => ({ exists })),
      ),
      { minLength: 1, maxLength: 2 },
    )
    const fields = fc.dictionary(fc.constantFrom('x', 'y', 'z'), values, { minKeys: 1, noNullPrototype: true })
    const pattern = fc
      .record({ m: fields, n: fields, b: fields }, { requiredKeys: [] })
      .filter((chosen) => Object.keys(chosen).length > 0)
      .map(({ m, n, b }) => ({ ...(m && { 'a.m': m }), ...(n && { 'a.n': n }), ...(b && { b }) }))
    let matched = 0
    fc.assert(
      fc.property(pattern, event, (wanted, actual) => {
        const expected = slowMatches(wanted as JsonObject, actual as JsonObject)
        if (expected) matched++
        expect(compilePattern(wanted).matches(actual)).toBe(expected)
      }),
      { numRuns: 4_000, seed: 7 },
    )
    expect(matched).toBeGreaterThan(200)
  })
})

describe('a router', () => {
  test('routes to the patterns that match one by one, in their order', () => {
    fc.assert(
      fc.property(fc.array(short, { maxLength: 12 }), fc.array(events, { maxLength: 5 }), (all, some) => {
        const entries = all.map((pattern, index) => ({ name: `rule-${index}`, pattern }))
        const router = compileRouter(entries)
        for (const event of some) {
          const expected = entries
            .filter(({ pattern }) => compilePattern(pattern).matches(event))
            .map(({ name }) => name)
          expect(router.route(event)).toEqual(expected)
        }
      }),
      { numRuns: 1_000, seed: 11 },
    )
  })

  test('answers a name once when two of its patterns match', () => {
    const router = compileRouter([
      { name: 'twice', pattern: { a: [1] } },
      { name: 'other', pattern: { a: [{ numeric: ['>', 0] }] } },
      { name: 'twice', pattern: { b: [2] } },
    ])
    expect(router.route({ a: 1, b: 2 })).toEqual(['twice', 'other'])
    expect(router.route({ b: 2 })).toEqual(['twice'])
    expect(router.route({})).toEqual([])
  })

  test('looks alternatives up by the field that tells them apart', () => {
    const exactly = (id: number, field: number, value: string): Condition => ({
      id,
      field,
      tests: [{ matches: (leaf) => leaf === value, hint: { equals: value } }],
      absent: false,
    })
    const source = exactly(0, 0, 'kram.shop')
    const alternatives = Array.from({ length: 1_000 }, (_, entry) => ({
      entry,
      conditions: [source, exactly(entry + 1, 1, `type_${entry}`)],
    }))
    const index = createAlternativeIndex(alternatives)
    const candidates = (...values: string[]): RoutedAlternative[] => {
      const found: RoutedAlternative[] = []
      index.visitCandidates(
        values.map((value) => [{ value, where: undefined }]),
        (alternative) => found.push(alternative),
      )
      return found
    }
    expect(candidates('kram.shop', 'type_77')).toEqual([alternatives[77]])
    expect(candidates('kram.shop')).toEqual([])
  })
})

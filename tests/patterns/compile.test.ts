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

describe('what somebody may try', () => {
  const many = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))
  const names = many(12, (n) => `f${String(n).padStart(2, '0')}`)

  test('many arrays that have nothing to do with each other do not multiply', () => {
    const pattern = Object.fromEntries([...names.map((name) => [name, { x: [1] }]), ['z', { x: [1], y: [2] }]])
    const ones = many(1_000, () => ({ x: 1 }))
    const event = Object.fromEntries(names.map((name) => [name, ones]))
    expect(compilePattern(pattern).matches({ ...event, z: [{ x: 1 }, { y: 2 }] })).toBe(false)
    expect(compilePattern(pattern).matches({ ...event, z: [{ x: 1 }, { x: 1, y: 2 }] })).toBe(true)
  })

  test('many fields of one long array do not multiply', () => {
    const fields = Object.fromEntries(names.map((name) => [name, [1]]))
    const element = Object.fromEntries(names.map((name) => [name, 1]))
    const event = { x: [...many(2_000, () => ({ ...element, z: 1 })), { z: 2 }] }
    expect(compilePattern({ x: { ...fields, z: [2] } }).matches(event)).toBe(false)
    expect(compilePattern({ x: { ...fields, z: [1] } }).matches(event)).toBe(true)
  })

  test('wildcards never go back', () => {
    const matches = (wildcard: string, value: string) => compilePattern({ a: [{ wildcard }] }).matches({ a: value })
    expect(matches('*abc*abd*abe*x', 'abcabd'.repeat(100_000))).toBe(false)
    expect(matches('*abc*abd*abe*x', `${'abcabd'.repeat(100_000)}abex`)).toBe(true)
  })

  test('characters that fold to several do not multiply', () => {
    const pattern = { a: [{ 'equals-ignore-case': 'ß'.repeat(500) }] }
    expect(compilePattern(pattern).matches({ a: 'SS'.repeat(500) })).toBe(true)
    expect(compilePattern(pattern).matches({ a: `${'SS'.repeat(499)}S` })).toBe(false)
  })

  test('events that are none, or too deep where the pattern looks, are refused as invalid_event', () => {
    const { matches } = compilePattern({ a: { b: [1] } })
    const refused = expect.objectContaining({ kind: 'invalid', code: 'invalid_event' })
    for (const event of [null, 5, 'x', [], undefined]) expect(() => matches(event)).toThrow(refused)
    const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`)
    expect(() => matches({ a: deep(5_000) })).toThrow(refused)
    expect(matches({ a: deep(900), 'a.b': 1 })).toBe(true)
    expect(matches({ other: deep(5_000), a: { b: 1 } })).toBe(true)
  })

  test('an undefined field, which JSON does not have, is not there', () => {
    expect(compilePattern({ a: [{ exists: false }] }).matches({ a: undefined })).toBe(true)
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

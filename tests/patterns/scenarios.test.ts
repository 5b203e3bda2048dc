// Facts of EventBridge's pattern language as data: tests/scenarios/patterns/*.json, through the matcher, its slow twin
// and a router.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import type { JsonObject } from '../../lib/base/json.ts'
import { compilePattern, compileRouter } from '../../lib/patterns/compile.ts'
import { slowMatches } from '../support/slow-patterns.ts'

type Case = { pattern: JsonObject; match: JsonObject[]; miss: JsonObject[] } | { pattern: unknown; invalid: string }

const folder = new URL('../scenarios/patterns/', import.meta.url)

const refusalOf = (pattern: unknown): string | undefined => {
  try {
    compilePattern(pattern)
    return undefined
  } catch (error) {
    if (!(error instanceof KramError)) throw error
    expect(error.code).toBe('invalid_pattern')
    return error.detail.issues?.[0]?.message
  }
}

describe.each(readdirSync(folder).map((file) => [file.replace('.json', '')]))('%s', (name) => {
  const { cases } = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as { cases: Case[] }

  test.each(cases.map((each) => [JSON.stringify(each.pattern).slice(0, 120), each] as const))('%s', (_, each) => {
    if ('invalid' in each) {
      expect(refusalOf(each.pattern)).toBe(each.invalid)
      return
    }
    const { pattern, match, miss } = each
    const compiled = compilePattern(pattern)
    const router = compileRouter([
      { name: 'other', pattern: { 'no-such-field': [1] } },
      { name: 'it', pattern },
    ])
    for (const [events, expected] of [
      [match, true],
      [miss, false],
    ] as const) {
      for (const event of events) {
        expect(compiled.matches(event), JSON.stringify(event)).toBe(expected)
        expect(slowMatches(pattern, event), `twin: ${JSON.stringify(event)}`).toBe(expected)
        expect(router.route(event), `router: ${JSON.stringify(event)}`).toEqual(expected ? ['it'] : [])
      }
    }
  })
})

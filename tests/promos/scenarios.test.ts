import { readdirSync, readFileSync } from 'node:fs'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { evaluate } from '../../lib/promos/evaluate.ts'

const folder = new URL('../scenarios/promos/', import.meta.url)

// `sentence` says which promise of the semantics it shows. `expected` is compared field by field: what it does not
// name may be anything.
const scenarioSchema = v.strictObject({
  sentence: v.string(),
  cases: v.pipe(
    v.array(
      v.strictObject({
        case: v.exactOptional(v.string()),
        given: v.record(v.string(), v.unknown()),
        expected: v.record(v.string(), v.unknown()),
      }),
    ),
    v.minLength(1),
  ),
})

describe('promotions', () => {
  for (const file of readdirSync(folder)) {
    const { cases } = v.parse(scenarioSchema, JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
    test.each(cases.map((entry, i) => [entry.case ?? `case ${i + 1}`, entry] as const))(
      `${file.replace('.json', '')}: %s`,
      (_, { given, expected }) => {
        expect(evaluate(given, { timeZone: 'Europe/Kyiv' })).toMatchObject(expected)
      },
    )
  }
})

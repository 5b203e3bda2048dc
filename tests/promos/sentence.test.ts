// A promo in one sentence: what is written here for each language, nothing left out, every kind with words of its own.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../../lib/base/json.ts'
import { type Language, languages } from '../../lib/base/languages.ts'
import { actions } from '../../lib/promos/actions.ts'
import { checkPromo } from '../../lib/promos/check.ts'
import { conditions } from '../../lib/promos/conditions.ts'
import { type PromoConfig, promoSchema } from '../../lib/promos/config.ts'
import { sentence } from '../../lib/promos/sentence.ts'
import { promo as anyPromo } from '../support/arbitrary-promos.ts'

type Told = { name: string; config: JsonObject } & Record<Language, string>

const told: Told[] = JSON.parse(readFileSync(new URL('sentences.json', import.meta.url), 'utf8'))
const options = { currency: 'PLN', timeZone: 'Europe/Kyiv' }
const tell = (config: JsonObject, language: Language): string =>
  sentence(config as PromoConfig, { ...options, language })

describe.each(told.map((one) => [one.name, one] as const))('%s', (_name, one) => {
  test.each(languages)('%s', (language) => {
    expect(checkPromo(one.config, options)).toEqual([])
    expect(tell(one.config, language)).toBe(one[language])
  })
})

/** Every value inside, with the way to it. */
function* values(value: JsonValue, path: string[] = []): Generator<[path: string[], value: JsonValue]> {
  yield [path, value]
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) yield* values(inner, [...path, key])
}

const everywhere = told.flatMap(({ config }) => [...values(config)])
const objects = everywhere.flatMap(([, value]) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? [value] : [],
)

test.each([...Object.values(actions), ...Object.values(conditions)].map(({ code, args }) => [code, args] as const))(
  '%s is told with every argument that it has',
  (code, args) => {
    const written = objects.filter(({ type }) => type === code)
    expect(written.length).toBeGreaterThan(0)
    const names = new Set(written.flatMap((one) => Object.keys(one)))
    // Pick, targets and the like mean the same everywhere, and are told somewhere.
    const shared = ['pick', 'targets', 'max_units', 'max_minor', 'repeats', 'of', 'on', 'as']
    const rewards = ['percent', 'sum', 'price']
    const own = Object.keys(args).filter((name) => !shared.includes(name) && !rewards.includes(name))
    expect(own.filter((name) => !names.has(name))).toEqual([])
  },
)

test('every field of a promo is in some config here, and every operator of a filter', () => {
  const fields = new Set(told.flatMap(({ config }) => Object.keys(config)))
  expect(Object.keys(promoSchema.entries).filter((name) => !fields.has(name))).toEqual([])
  const keys = new Set(objects.flatMap((one) => Object.keys(one)))
  const operators = 'eq ne in not_in lt lte gt gte between exists prefix has_all any all not'.split(' ')
  const shared = 'pick targets max_units max_minor repeats of on as percent sum price per_line per_order'.split(' ')
  expect([...operators, ...shared].filter((name) => !keys.has(name))).toEqual([])
})

/** What a sentence does not tell, as it is not of what the promo does. */
const untold = new Set(['id', 'title', 'state', 'hint', 'notes'])

const changed = (value: JsonValue): JsonValue | undefined => {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  return undefined
}

function withValue(config: JsonObject, path: readonly string[], value: JsonValue): JsonObject {
  const copy = structuredClone(config)
  let place = copy
  for (const step of path.slice(0, -1)) place = place[step] as JsonObject
  place[path.at(-1) ?? ''] = value
  return copy
}

test('no number, yes or no is left out: another one makes another sentence, in each language', () => {
  const silent: string[] = []
  let tried = 0
  for (const { name, config } of told) {
    for (const [path, value] of values(config)) {
      const other = changed(value)
      if (other === undefined || untold.has(path[0] ?? '')) continue
      const mutant = withValue(config, path, other)
      if (checkPromo(mutant, options).length > 0) continue
      tried++
      for (const language of languages) {
        if (tell(mutant, language) === tell(config, language)) silent.push(`${name} /${path.join('/')} ${language}`)
      }
    }
  }
  expect(silent).toEqual([])
  expect(tried).toBeGreaterThan(80)
})

test('no text is left out either', () => {
  const silent: string[] = []
  for (const { name, config } of told) {
    for (const [path, value] of values(config)) {
      if (typeof value !== 'string' || untold.has(path[0] ?? '')) continue
      const mutant = withValue(config, path, `${value}x`)
      if (checkPromo(mutant, options).length > 0) continue
      // More codes than five are counted, not named.
      if (path[0] === 'codes' && name === 'many codes') continue
      if (tell(mutant, 'en') === tell(config, 'en')) silent.push(`${name} /${path.join('/')}`)
    }
  }
  expect(silent).toEqual([])
})

test('whatever the promo: one sentence in each language, of words alone', () => {
  fc.assert(
    fc.property(anyPromo, fc.constantFrom(...languages), (config, language) => {
      const text = tell(JSON.parse(JSON.stringify(config)), language)
      expect(text).toMatch(/^\S.*\.$/u)
      expect(text).not.toMatch(/undefined|null|NaN|\[object|\{|\}|\(\)| {2}| ,|\.\.$/)
      // Brackets and quotation marks are closed.
      expect([...text].filter((sign) => sign === '(')).toHaveLength([...text].filter((sign) => sign === ')').length)
    }),
    { numRuns: 500, seed: 20_221_231 },
  )
})

test('money is the promo’s own currency where it has one', () => {
  const config = { actions: [{ type: 'fixed_off', value: 5 }], currency: 'EUR' }
  expect(tell(config, 'pl')).toBe('Rabat 5\u00a0€ na wszystkie produkty razem; tylko zamówienia w walucie EUR.')
})

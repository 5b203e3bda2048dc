// What several routes say, take and answer: roles, pages, days, instants. A query holds texts; `jsonSchema` says in the
// OpenAPI document what they mean.
import * as v from 'valibot'
import { KramError } from '../../base/errors.ts'
import { type JsonObject, parseJson } from '../../base/json.ts'
import { limits } from '../../base/limits.ts'
import { isInstant } from '../../base/time.ts'
import { compilePattern } from '../../patterns/compile.ts'

/** Who keeps promotions. */
export const editors = ['marketer', 'admin'] as const

export const anyObject = v.record(v.string(), v.unknown())

const wholeNumber = (most: number) => ({ type: 'integer', minimum: 1, maximum: most })

/** A whole number from 1 to `most`, as a query's text. */
export const wholeNumberText = (most: number) =>
  v.pipe(
    v.string('must be a whole number'),
    v.regex(/^[1-9]\d{0,5}$/, `must be a whole number from 1 to ${most}`),
    v.transform(Number),
    v.maxValue(most, `must be at most ${most}`),
    v.metadata({ jsonSchema: wholeNumber(most) }),
  )

const defaultPage = 50

const limitText = () =>
  v.pipe(
    wholeNumberText(limits.pageItems),
    v.metadata({ jsonSchema: { ...wholeNumber(limits.pageItems), default: defaultPage } }),
  )

/** `limit` and `after` of a listing's query. */
export const pageQuery = () => ({
  limit: v.optional(limitText(), String(defaultPage)),
  after: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(limits.pageTokenChars))),
})

/** A page: `next` is there when more may follow, and is handed back as `after`. */
export const pageOf = <Item extends v.GenericSchema<unknown, unknown>>(item: Item) =>
  v.strictObject({ items: v.array(item), next: v.exactOptional(v.string()) })

/** As a query's text: an ISO 8601 UTC instant; milliseconds may be left out. */
export const instantText = () =>
  v.pipe(
    v.string(),
    v.transform((text) => text.replace(/(:\d{2})Z$/, '$1.000Z')),
    v.check(isInstant, 'must be a UTC instant such as 2022-04-24T19:41:07.123Z'),
    v.metadata({ jsonSchema: { type: 'string', format: 'date-time', pattern: 'Z$' } }),
  )

/** A UTC day: `2022-04-24`. */
export const dayText = () =>
  v.pipe(
    v.string(),
    v.regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day such as 2022-04-24'),
    v.check((day) => isInstant(`${day}T00:00:00.000Z`), 'must be a day that exists'),
    v.metadata({ jsonSchema: { type: 'string', format: 'date' } }),
  )

/** An event pattern as JSON text in a query. */
export const patternText = () =>
  v.pipe(
    v.string(),
    v.maxLength(limits.patternChars),
    v.rawTransform(({ dataset, addIssue, NEVER }): JsonObject => {
      try {
        const pattern = parseJson(dataset.value)
        compilePattern(pattern)
        return pattern as JsonObject
      } catch (error) {
        addIssue({ message: error instanceof KramError ? error.message : 'must be an event pattern as JSON' })
        return NEVER
      }
    }),
  )

// Patterns and events from a small world, so that they often meet: few names, few values, arrays in arrays, dotted
// names, $or at any level.
import fc from 'fast-check'
import type { JsonObject, JsonValue } from '../../lib/base/json.ts'

const names = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('a', 'b', 'c') },
  { weight: 1, arbitrary: fc.constantFrom('a.b', 'b.c') },
)

const texts = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom('', 'a', 'ab', 'ba', 'abab', 'A', 'aB', '*', '\\', 'a\nb', 'Ł', 'łan', 'ß', 'SS', 'ss'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '10.0.0.1',
      '10.0.0.77',
      '010.0.0.1',
      '10.0.1.1',
      '::1',
      '0:0::0:1',
      '2001:db8::7',
      '::ffff:a00:1',
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom('a', 'b', 'A', '*', '.', 'ż', 'Ż'), maxLength: 6 }) },
)
const numbers = fc.oneof(
  fc.constantFrom(0, -0, 1, 5, 5.5, -1, 300, 1e9, 5e9, 1e300, 0.1, 123456789012),
  fc.integer({ min: -3, max: 3 }),
)
const leaves: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 5, arbitrary: texts },
  { weight: 3, arbitrary: numbers },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false) },
)

/** Events: objects of leaves, arrays, objects, four levels deep. */
export const events: fc.Arbitrary<JsonObject> = fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    { weight: 4, arbitrary: leaves },
    { weight: 3, arbitrary: tie('object') },
    { weight: 4, arbitrary: fc.array(tie('value'), { maxLength: 4 }) },
  ),
  object: fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: true }),
})).object

const wildcards = fc
  .array(fc.constantFrom('a', 'b', 'A', '*', '\\*', '\\\\', 'ż'), { maxLength: 6 })
  .map((parts) => parts.join('').replace(/\*{2,}/g, '*'))

const nonEmpty = texts.filter((text) => text !== '')
const oneOrMore = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> =>
  fc.oneof(of, fc.array(of, { minLength: 1, maxLength: 3 }))

const ranges = fc.oneof(
  fc.tuple(fc.constantFrom('=', '<', '<=', '>', '>='), numbers),
  fc
    .tuple(fc.constantFrom('>', '>='), numbers, fc.constantFrom('<', '<='), numbers)
    .filter(([, bottom, , top]) => bottom < top),
)

const cidrs = fc.oneof(
  fc.tuple(fc.constantFrom('10.0.0.0', '10.0.0.77', '0.0.0.0'), fc.integer({ min: 0, max: 31 })),
  fc.tuple(fc.constantFrom('::', '2001:db8::', '::1', 'a00:1::'), fc.integer({ min: 0, max: 127 })),
)

/** Values of a pattern's list, all valid. */
export const patternValues: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 6, arbitrary: leaves },
  { weight: 3, arbitrary: fc.boolean().map((exists) => ({ exists })) },
  {
    weight: 8,
    arbitrary: fc.oneof(
      texts.map((exactly) => ({ exactly })),
      texts.map((prefix) => ({ prefix })),
      texts.map((suffix) => ({ suffix })),
      texts.map((text) => ({ 'equals-ignore-case': text })),
      texts.map((text) => ({ prefix: { 'equals-ignore-case': text } })),
      texts.map((text) => ({ suffix: { 'equals-ignore-case': text } })),
      wildcards.map((wildcard) => ({ wildcard })),
      fc.oneof(oneOrMore(texts), oneOrMore(numbers)).map((denied) => ({ 'anything-but': denied })),
      oneOrMore(nonEmpty).map((prefix) => ({ 'anything-but': { prefix } })),
      oneOrMore(nonEmpty).map((suffix) => ({ 'anything-but': { suffix } })),
      oneOrMore(texts).map((text) => ({ 'anything-but': { 'equals-ignore-case': text } })),
      oneOrMore(wildcards).map((wildcard) => ({ 'anything-but': { wildcard } })),
      ranges.map((numeric) => ({ numeric })),
      cidrs.map(([address, bits]) => ({ cidr: `${address}/${bits}` })),
    ),
  },
)

const lists = fc.array(patternValues, { minLength: 1, maxLength: 3 })

/** Valid patterns (save that a few are longer than allowed). */
export const patterns: fc.Arbitrary<JsonObject> = fc.letrec<{
  field: JsonValue
  object: JsonObject
  branches: JsonObject
}>((tie) => ({
  field: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 5, arbitrary: lists },
    { weight: 1, arbitrary: tie('object') },
  ),
  branches: fc
    .tuple(
      fc.array(tie('object'), { minLength: 2, maxLength: 3 }),
      fc.dictionary(names, tie('field'), { maxKeys: 2, noNullPrototype: true }),
    )
    .map(([branches, beside]) => ({ ...beside, $or: branches })),
  object: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    { weight: 6, arbitrary: fc.dictionary(names, tie('field'), { minKeys: 1, maxKeys: 2, noNullPrototype: true }) },
    { weight: 1, arbitrary: tie('branches') },
  ),
})).object

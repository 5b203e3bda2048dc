import * as v from 'valibot'
import { expect, test } from 'vitest'
import { issuesOf } from '../../lib/base/schema.ts'

const schema = v.strictObject({
  name: v.pipe(v.string(), v.minLength(2), v.maxLength(4)),
  count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10)),
  version: v.literal('1.0'),
  tags: v.pipe(v.array(v.string()), v.maxLength(1)),
  code: v.pipe(v.string(), v.regex(/^[a-z]+$/)),
})
const valid = { name: 'abc', count: 1, version: '1.0', tags: [], code: 'a' }

test('a valid input has no issues', () => expect(issuesOf(schema, valid)).toEqual([]))

test.each([
  [{ name: 'a' }, '/name', 'must have at least 2 characters'],
  [{ name: 'abcde' }, '/name', 'must have at most 4 characters'],
  [{ name: 5 }, '/name', 'must be a text, not a number'],
  [{ name: null }, '/name', 'must be a text, not null'],
  [{ count: 0 }, '/count', 'must be at least 1'],
  [{ count: 11 }, '/count', 'must be at most 10'],
  [{ count: 1.5 }, '/count', 'must be a whole number'],
  [{ version: '2.0' }, '/version', 'must be "1.0"'],
  [{ tags: ['a', 'b'] }, '/tags', 'must have at most 1 entry'],
  [{ tags: {} }, '/tags', 'must be a list, not an object'],
  [{ code: 'A' }, '/code', 'must match /^[a-z]+$/'],
  [{ 'a/b~': 1 }, '/a~1b~0', 'is not a field here'],
])('%j is refused at its pointer, in a sentence', (change, pointer, message) => {
  expect(issuesOf(schema, { ...valid, ...change })).toEqual([{ pointer, message }])
})

test('a missing field is named', () => {
  const { count: _, ...rest } = valid
  expect(issuesOf(schema, rest)).toEqual([{ pointer: '/count', message: 'is missing' }])
})

test('a list is no object, however few fields the object must have', () => {
  const nested = v.strictObject({
    inner: v.exactOptional(v.record(v.string(), v.string())),
    any: v.exactOptional(v.unknown()),
  })
  const refused = (pointer: string) => [{ pointer, message: 'must be an object, not a list' }]
  expect(issuesOf(nested, [])).toEqual(refused(''))
  expect(issuesOf(nested, { inner: ['a'] })).toEqual(refused('/inner'))
  expect(issuesOf(v.array(nested), [{}, { inner: [] }])).toEqual(refused('/1/inner'))
  expect(issuesOf(nested, { inner: { a: 'b' }, any: [{}] })).toEqual([])
})

test('no message quotes what was sent', () => {
  const canary = 'Kanarkowska'
  const everywhere = Object.fromEntries(Object.keys(valid).map((key) => [key, canary]))
  for (const input of [everywhere, canary, [canary]])
    expect(JSON.stringify(issuesOf(schema, input))).not.toContain(canary)
})

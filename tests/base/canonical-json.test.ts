// Canonical JSON is what the reference implementation of RFC 8785 makes of it.
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../lib/base/canonical-json.ts'

test('any JSON value has the text of the reference implementation', () => {
  const value = fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' })
  const wide = fc.dictionary(fc.string({ unit: 'binary', maxLength: 4 }), fc.oneof(fc.double(), fc.integer()), {
    maxKeys: 300,
    size: 'max',
  })
  fc.assert(
    fc.property(fc.oneof(value, wide), (one) => {
      const json = JSON.parse(JSON.stringify(one))
      expect(canonicalJson(json)).toBe(canonicalize(json))
    }),
    { seed: 20221122, numRuns: 1_000 },
  )
})

test('the example of the RFC', () => {
  const value = {
    numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0],
    string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  }
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
  const names = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 }
  expect(canonicalJson(names)).toBe(canonicalize(names))
  expect(Object.values(JSON.parse(canonicalJson(names) ?? ''))).toEqual([4, 2, 6, 7, 1, 5, 3])
})

test('what no JSON has is refused, and half of a letter is escaped', () => {
  const circle: { self?: unknown } = {}
  circle.self = circle
  for (const value of [{ n: Number.NaN }, [Number.POSITIVE_INFINITY], { f: () => 1 }, circle, { b: 1n }]) {
    expect(() => canonicalJson(value)).toThrow()
  }
  expect(canonicalJson({ b: undefined, a: '\ud800' })).toBe('{"a":"\\ud800"}')
  expect(canonicalJson(undefined)).toBeUndefined()
})

import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AssertionError } from '../../lib/base/assert.ts'
import { canonicalJson } from '../../lib/base/canonical-json.ts'

// Names and texts with what JSON escapes, on both sides of surrogates, and names that are numbers.
const text = fc.oneof(
  fc.string({ unit: 'binary' }).filter((one) => one.isWellFormed()),
  fc.constantFrom(
    '',
    '"',
    '\\',
    '\u0000',
    '\u001f',
    '\u007f',
    '\u2028',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '😀',
    '1',
    '10',
    '9',
  ),
)
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.constantFrom(null, true, false, -0, 1e21, 5e-324),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(text, tie('value'), { maxKeys: 40 }),
  ),
})).value

describe('canonicalJson', () => {
  it('writes what the reference implementation of RFC 8785 writes', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value))
      }),
      { seed: 20220424, numRuns: 3_000 },
    )
  })

  it("writes the RFC's own example", () => {
    const value = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
        '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    )
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  it('leaves out what is undefined in an object', () => {
    expect(canonicalJson({ b: 1, a: undefined })).toBe('{"b":1}')
  })

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], ['\ud800'], [[undefined]], [{ '\udfff': 1 }]])(
    'takes %j for a bug of ours',
    (value) => {
      expect(() => canonicalJson(value)).toThrow(AssertionError)
    },
  )
})

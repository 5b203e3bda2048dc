import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { type JsonValue, parseJson, promosShape, rulesShape, sameNumber } from '../../lib/base/json.ts'

function refusalOf(text: string): KramError {
  try {
    parseJson(text, { maxBytes: 10_000_000 })
  } catch (error) {
    if (error instanceof KramError) return error
    throw error
  }
  throw new Error(`${text.slice(0, 40)} was read`)
}

function faultOf(text: string): [code: string, pointer: string | undefined] {
  const { code, detail } = refusalOf(text)
  return [code, detail.issues?.[0]?.pointer]
}

const nested = (levels: number, inner: string): string => `${'['.repeat(levels)}${inner}${']'.repeat(levels)}`

describe('parseJson', () => {
  test.each([
    ['1e400', ''],
    ['{"a": 1, "b": [{"c/d": 99999999999999999999}]}', '/b/0/c~1d'],
    ['{"a": 1e400, "b": 1e400}', '/a'],
    ['[0.1, 12345678901234567.5]', '/1'],
  ])('names the place of a number that cannot be kept: %s', (text, pointer) => {
    expect(faultOf(text)).toEqual(['json_number_inexact', pointer])
  })

  test.each(['9007199254740993', '-0.12345678901234567', '1e400', '-12E-400', '0.10000000000000000', '5e-1'])(
    'looks at a number wherever it stands: %s',
    (number) => {
      const isKept = sameNumber(number, Number(number))
      for (const [before, after] of [
        ['', ''],
        ['\n\t ', ' '],
        ['[', ']'],
        ['["a1e", ', ']'],
        ['[0,', ', 2]'],
        ['[[\r', ']]'],
        ['{"0e1":', '}'],
        ['{"a": [1, {"b":\n', '}]}'],
      ]) {
        const text = before + number + after
        if (isKept) expect(parseJson(text)).toEqual(JSON.parse(text))
        else expect(faultOf(text)[0], text).toBe('json_number_inexact')
      }
    },
  )

  test.each(['3e2', '1000.0', '-0', '1e20', '0.1', '9007199254740992', '1.7976931348623157e308'])(
    'reads a number that is what is written: %s',
    (text) => {
      expect(parseJson(text)).toBe(Number(text))
    },
  )

  test.each([
    ['few levels', nested(17, '1'), '/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0'],
    ['many', nested(300_000, '1'), '/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0'],
    ['many, about a number that is looked at', nested(300_000, '1e400'), ''],
  ])('refuses what is nested too deep: %s', (_, text, pointer) => {
    expect(faultOf(text)).toEqual(['json_too_deep', pointer])
  })

  test.each(['__proto__', 'constructor', 'prototype'])('refuses the name %s', (name) => {
    expect(faultOf(`{"a": {"${name}": 1}}`)).toEqual(['json_forbidden_key', `/a/${name}`])
  })

  test.each([
    ['of rules', rulesShape],
    ['of promotions', promosShape],
  ])('a line %s may be 64 levels deep', (_, shape) => {
    expect(JSON.stringify(parseJson(nested(64, '1'), { shape }))).toBe(nested(64, '1'))
    expect(() => parseJson(nested(65, '1'), { shape })).toThrow('is nested deeper than 64 levels')
  })

  test.each([
    ['{"a": 1, "a": 1}', '/a'],
    ['{"a": [0, {"b": {}, "c/d": 1, "b" : []}], "e": 1}', '/a/1/b'],
    ['[[1, 2], {"x": 1}, {"x": {"y": "z", "z": "y"}, "\\u0078": 2}]', '/2/x'],
    ['{"a\\\\": 1, "b\\"": {"c": ["\\\\\\"", "}:"], "c": 2}}', '/b"/c'],
    ['{"": 1,\n\t"" \r\n: 2}', '/'],
  ])('refuses a name that is there twice: %s', (text, pointer) => {
    expect(faultOf(text)).toEqual(['json_repeated_name', pointer])
  })

  test.each([
    '{"name": "Kanarkowska", "n": NaN, "address": "plac 13"}',
    '{"name": "Kanarkowska" oops}',
    '["Kanarkowska", NaN]',
    'Kanarkowska',
    '[1, 2, 3, 4, "Kanarkowska", tru',
  ])('tells no part of what it refuses: %s', (text) => {
    const { message } = refusalOf(text)
    expect(message).toMatch(/is not JSON/)
    expect(message).not.toMatch(/narkow|addr|name|plac|tru/)
  })

  test('refuses no text for names that are not there twice, whatever its texts look like', () => {
    const reserved = new Set(['__proto__', 'constructor', 'prototype'])
    // Of names that need a backslash JSON.parse itself has been seen to take one for another (V8 of Node 24).
    const name = fc.string().filter((text) => !reserved.has(text) && JSON.stringify(text) === `"${text}"`)
    const text = fc.oneof(fc.string(), fc.constantFrom('"', '\\', '\\"', '":', '\\":', '"a":1,"a":1', '{"a":'))
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.integer(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }))
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const json = JSON.stringify(value, null, indent)
        expect(parseJson(json)).toEqual(value)
        // The same names in two places are none that is there twice; in one place they are.
        expect(() => parseJson(`[${json},${json}]`)).not.toThrow('twice')
        expect(faultOf(`{"\\"a":${json},"\\"a":${json}}`)).toEqual(['json_repeated_name', '/"a'])
      }),
      { seed: 20261122, numRuns: 500 },
    )
  })

  test('names of rules and facts are any but one', () => {
    const text = '{"constructor":1,"prototype":{"constructor":2}}'
    expect(JSON.stringify(parseJson(text, { shape: rulesShape }))).toBe(text)
    expect(() => parseJson('{"__proto__":1}', { shape: rulesShape })).toThrow('this name is not allowed')
    expect(() => parseJson(text, { shape: promosShape })).toThrow('this name is not allowed')
  })
})

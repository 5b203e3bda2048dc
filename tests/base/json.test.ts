import { describe, expect, test } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { parseJson, promosShape, rulesShape, sameNumber } from '../../lib/base/json.ts'

function faultOf(text: string): [code: string, pointer: string | undefined] {
  try {
    parseJson(text, { maxBytes: 10_000_000 })
  } catch (error) {
    if (error instanceof KramError) return [error.code, error.detail.issues?.[0]?.pointer]
    throw error
  }
  throw new Error(`${text.slice(0, 40)} was read`)
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

  test('names of rules and facts are any but one', () => {
    const text = '{"constructor":1,"prototype":{"constructor":2}}'
    expect(JSON.stringify(parseJson(text, { shape: rulesShape }))).toBe(text)
    expect(() => parseJson('{"__proto__":1}', { shape: rulesShape })).toThrow('this name is not allowed')
    expect(() => parseJson(text, { shape: promosShape })).toThrow('this name is not allowed')
  })
})

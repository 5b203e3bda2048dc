// Values of facts: equality, order and text agree with each other, and large ones are charged for.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  canonicalText,
  compareScalars,
  equalValues,
  frozenCopy,
  inOrder,
  isInheritedName,
  isNumber,
  orderSteps,
  orderValues,
  ownValue,
  readPath,
  takeWork,
} from '../../lib/rules/values.ts'

const settings = { seed: 8, numRuns: 500 }
/** One of each kind, in order; none equal to another. */
const ascending: readonly unknown[] = [
  null,
  false,
  true,
  Number.NEGATIVE_INFINITY,
  -1.5,
  0,
  1e-320,
  2,
  10,
  Number.POSITIVE_INFINITY,
  Number.NaN,
  '',
  '"',
  '10',
  '2',
  'A',
  '[1]',
  'a',
  'ab',
  'b',
  '\u00e9',
  '\uffff',
  [],
  [1],
  ['1'],
  [1, 2],
  [[1]],
  {},
  { a: 1 },
  { a: [1] },
  { a: '1' },
  { b: 1 },
].toSorted((a, b) =>
  typeof a === 'object' && a && typeof b === 'object' && b ? (canonicalText(a) < canonicalText(b) ? -1 : 1) : 0,
)

const anything = fc.oneof(
  fc.constantFrom(...ascending),
  fc.jsonValue(),
  fc.constantFrom(-0, '__proto__', { __proto__: null, a: 1 }, { b: undefined, a: 1 }),
)

describe('reading', () => {
  test('own attributes of plain objects, and nothing else', () => {
    const own = JSON.parse('{"a": {"b": 1}, "__proto__": 2, "toString": 3}')
    expect(['a', '__proto__', 'toString', 'constructor', 'b'].map((name) => ownValue(own, name))).toEqual([
      { b: 1 },
      2,
      3,
      undefined,
      undefined,
    ])
    for (const value of [null, undefined, 'text', 5, [1], ['a']]) expect(ownValue(value, 'length')).toBeUndefined()
    expect(readPath(own, ['a', 'b'])).toBe(1)
    expect(readPath(own, ['a', 'b', 'c'])).toBeUndefined()
    expect(readPath(own, [])).toBe(own)
    expect(['constructor', 'valueOf', '__proto__', 'brand'].map(isInheritedName)).toEqual([true, true, true, false])
    expect([1, 0.5, -0, Number.NaN, Number.POSITIVE_INFINITY, '1', null].map(isNumber)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ])
  })
})

describe('equality, order and text', () => {
  test('each is equal to itself alone, and stands where it stands', () => {
    for (const [i, a] of ascending.entries()) {
      for (const [j, b] of ascending.entries()) {
        const place = `${canonicalText(a)} and ${canonicalText(b)}`
        expect(equalValues(a, structuredClone(b)), place).toBe(i === j)
        expect(Math.sign(orderValues(a, b)), place).toBe(Math.sign(i - j))
        expect(canonicalText(a) === canonicalText(b), place).toBe(i === j)
      }
    }
    expect([equalValues(undefined, undefined), equalValues([], { length: 0 }), equalValues({ length: 0 }, [])]).toEqual(
      [false, false, false],
    )
    expect([equalValues(0, -0), orderValues(0, -0), canonicalText(-0)]).toEqual([true, 0, '0'])
  })

  test('agree on any values', () => {
    fc.assert(
      fc.property(anything, anything, (a, b) => {
        const isSame = equalValues(a, b)
        expect(equalValues(b, a)).toBe(isSame)
        expect(canonicalText(a) === canonicalText(b)).toBe(isSame)
        expect(orderValues(a, b) === 0).toBe(isSame)
        expect(Math.sign(orderValues(b, a)) + Math.sign(orderValues(a, b))).toBe(0)
      }),
      settings,
    )
  })

  test('the text is JSON, with names in order', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalText(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      settings,
    )
    expect(canonicalText({ b: 1, a: [true, null, 'x"'], c: undefined })).toBe('{"a":[true,null,"x\\""],"b":1}')
    expect([Number.NaN, undefined, 5n].map(canonicalText)).toEqual(['NaN', 'undefined', '5'])
  })

  test('only numbers, and only texts, compare', () => {
    expect(compareScalars(1, 2)).toBe(-1)
    expect(compareScalars(2, 1)).toBe(1)
    expect(compareScalars(2, 2)).toBe(0)
    expect(compareScalars('a', 'b')).toBe(-1)
    expect(compareScalars('b', 'a')).toBe(1)
    expect(compareScalars('b', 'b')).toBe(0)
    for (const [a, b] of [
      [1, '1'],
      ['1', 1],
      [null, null],
      [true, false],
      [Number.NaN, 1],
      [[1], [1]],
    ]) {
      expect(compareScalars(a, b)).toBeUndefined()
    }
  })

  test('inOrder sorts, whatever order they come in, and tells equal ones by their keys', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 12 }), fc.nat(), (values, turn) => {
        const turned = [...values.slice(turn % (values.length + 1)), ...values.slice(0, turn % (values.length + 1))]
        const sorted = inOrder(values)
        expect(inOrder(turned).map(({ value }) => canonicalText(value))).toEqual(
          sorted.map(({ value }) => canonicalText(value)),
        )
        sorted.slice(1).forEach(({ value }, i) => {
          expect(orderValues(sorted[i]?.value, value)).toBeLessThanOrEqual(0)
        })
      }),
      settings,
    )
  })
})

describe('charges', () => {
  const chargedFor = (action: () => unknown): number => {
    takeWork()
    action()
    return takeWork()
  }
  const list = Array.from({ length: 1_000 }, (_, i) => i)
  const object = Object.fromEntries(list.map((n) => [`n${n}`, n]))
  const long = 'x'.repeat(16_000)

  test.each<[string, () => unknown]>([
    ['comparing lists', () => equalValues(list, [...list])],
    ['comparing objects', () => equalValues(object, { ...object })],
    ['comparing texts', () => equalValues(long, `${long.slice(1)}x`)],
    ['comparing which text is first', () => compareScalars(long, `${long.slice(1)}y`)],
    ['writing lists', () => canonicalText(list)],
    ['writing objects', () => canonicalText(object)],
    ['writing texts', () => canonicalText(long)],
    ['sorting', () => inOrder(list)],
  ])('%s', (_, action) => {
    expect(chargedFor(action)).toBeGreaterThanOrEqual(1_000)
    expect(takeWork()).toBe(0)
  })

  test('nothing for scalars that are short', () => {
    expect(
      chargedFor(() => [equalValues(1, 2), equalValues('a', 'b'), compareScalars('a', 'b'), compareScalars(1, 2)]),
    ).toBe(0)
    expect(chargedFor(() => [equalValues('a', long), compareScalars(long, 'b')])).toBe(0)
    expect([orderSteps(0), orderSteps(1_000) > 8_000, orderSteps(1_000) < 100_000]).toEqual([0, true, true])
  })
})

describe('frozenCopy', () => {
  test('is equal, deeply frozen, and not the same', () => {
    const value = { a: [1, { b: 'c' }], d: null }
    const copy = frozenCopy(value) as typeof value
    expect(copy).toEqual(value)
    expect(copy).not.toBe(value)
    expect([copy, copy.a, copy.a[1]].every(Object.isFrozen)).toBe(true)
    expect([value, value.a, value.a[1]].some(Object.isFrozen)).toBe(false)
    expect([frozenCopy('a'), frozenCopy(null)]).toEqual(['a', null])
  })
})

// Sums of binary64 numbers, rounded once: by known hard cases, and against sums in whole numbers.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exactSum } from '../../lib/rules/sum.ts'
import { takeWork } from '../../lib/rules/values.ts'
import { referenceSum } from '../support/reference-sum.ts'

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)
const max = Number.MAX_VALUE
/** Half of the last place of the largest number: with it, the sum is the first that is too large. */
const halfUlpOfMax = 2 ** 970

describe('exactSum', () => {
  // The first nine from CPython's test_math.py (testFsum).
  test.each<[string, number[], number]>([
    ['what cancels out', [1e100, 1, -1e100, 1e-100, 1e50, -1, -1e50], 1e-100],
    ['down by what is left over', [2 ** 53, -0.5, -(2 ** -54)], 2 ** 53 - 1],
    ['a tie broken upwards', [2 ** 53, 1, 2 ** -100], 2 ** 53 + 2],
    ['a tie broken upwards, to odd', [2 ** 53 + 10, 1, 2 ** -100], 2 ** 53 + 12],
    ['a tie below the power of two', [2 ** 53 - 4, 0.5, 2 ** -54], 2 ** 53 - 3],
    ['many that are rounded', upTo(1_000).map((n) => 1 / n), 7.485470860550345],
    ['a tie with a trace', [1e16, 1, 1e-16], 10_000_000_000_000_002],
    ['nothing left', [1e16 - 2, 1 - 2 ** -53, -(1e16 - 2), -(1 - 2 ** -53)], 0],
    [
      'the whole range',
      [...upTo(1_023).map((n) => 2 ** (2 * n - 1_076) - 2 ** (2 * n - 1_026) + 2 ** (2 * n - 1_024)), -(2 ** 1_022)],
      (1 + 0x5555555555555 / 2 ** 52) * 2 ** 970,
    ],
    ['a tie, to even', [2 ** 53, 1], 2 ** 53],
    ['a tie broken downwards', [-(2 ** 53), -1, -(2 ** -100)], -(2 ** 53) - 2],
    ['a tie, to even below zero', [-(2 ** 53), -1], -(2 ** 53)],
    ['a tie with a trace against it', [2 ** 53, 1, -(2 ** -100)], 2 ** 53],
    ['a tie with a trace against it, below zero', [-(2 ** 53), -1, 2 ** -100], -(2 ** 53)],
    ['no numbers', [], 0],
    ['one', [0.1], 0.1],
    ['the least', [5e-324, 5e-324], 1e-323],
    ['zeros of both signs', [-0, -0], 0],
    ['too large on the way', [max, max, -max, -max, 3], 3],
    ['too large on the way, below zero', [-max, -max, max, max, -3], -3],
    ['the largest', [max, max, -max], max],
    ['the largest and what is too small to count', [max, max, -max, 2 ** 969], max],
    ['rounded to too large', [max, halfUlpOfMax], Number.POSITIVE_INFINITY],
    ['just not rounded to too large', [max, halfUlpOfMax, -(2 ** 900)], max],
    ['rounded to too large, below zero', [-max, -halfUlpOfMax], Number.NEGATIVE_INFINITY],
    ['too large', [max, max], Number.POSITIVE_INFINITY],
    ['least numbers beside the largest', [max, max, 5e-324, 5e-324, -max, -max], 1e-323],
    ['what is below a tie of large numbers', [max, max, 2 ** 53, 1, 5e-324, -max, -max], 2 ** 53 + 2],
    ['a tie of large numbers, to even', [max, max, 2 ** 53, 1, -max, -max], 2 ** 53],
  ])('%s', (_, numbers, sum) => {
    expect(exactSum(numbers)).toBe(sum)
    expect(exactSum(numbers.toReversed())).toBe(sum)
  })

  // Few exponents, so that numbers tie and cancel out.
  const near = fc
    .tuple(fc.integer({ min: -(2 ** 12), max: 2 ** 12 }), fc.constantFrom(0, 1, 10, 41, 52, 53, 54, 63, 106))
    .map(([whole, exponent]) => whole * 2 ** exponent)
  const huge = fc
    .tuple(fc.constantFrom(1, -1), fc.constantFrom(1, 1.5, 2 - 2 ** -52), fc.constantFrom(1_023, 1_022, 971, 970))
    .map(([sign, fraction, exponent]) => sign * fraction * 2 ** exponent)

  test.each([
    ['of numbers that tie', fc.array(near, { maxLength: 8 })],
    ['of any numbers', fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-290 }), { maxLength: 8 })],
    ['of huge numbers', fc.array(huge, { maxLength: 8 })],
    [
      'of huge numbers that may cancel out',
      fc
        .array(huge, { maxLength: 3 })
        .chain((some) =>
          fc.array(near, { maxLength: 4 }).map((rest) => [...some, ...rest, ...some.map((each) => -each)]),
        ),
    ],
  ])('%s, in any order, is what whole numbers say', (_, numbers) => {
    fc.assert(
      fc.property(numbers, (some) => {
        const sum = referenceSum(some)
        expect(exactSum(some)).toBe(sum)
        expect(exactSum([...some].sort((a, b) => Math.abs(a) - Math.abs(b)))).toBe(sum)
      }),
      { seed: 6, numRuns: 500 },
    )
  })

  test('is charged for where it takes long', () => {
    takeWork()
    exactSum(upTo(50))
    expect(takeWork()).toBe(0)
    exactSum([max, max, -max, ...upTo(47)])
    expect(takeWork()).toBeGreaterThanOrEqual(5_000)
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mulDiv, percentOf, sliceRuns, sumOf, zipRuns } from '../../lib/promos/arithmetic.ts'
import { spread } from '../../lib/promos/spread.ts'
import { slowSpread } from '../support/slow-actions.ts'

const options = { numRuns: 2_000, seed: 20_220_824 }
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

const weight = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 1e13 }))
const part = fc
  .record({ count: fc.integer({ min: 1, max: 4 }), weight, share: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ count, weight, share }) => ({ count, weight, cap: Math.floor(weight * share) }))
const parts = fc.array(part, { minLength: 1, maxLength: 6 })
const amount = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 1e14 }))

const units = (runs: readonly { count: number; amount_minor: number }[]): number[] =>
  runs.flatMap(({ count, amount_minor }) => new Array(count).fill(amount_minor))

describe('one amount over parts', () => {
  test('is what the obvious way gives, unit by unit', () => {
    fc.assert(
      fc.property(parts, amount, (parts, amount) => {
        const each = parts.flatMap(({ count, weight, cap }) => new Array(count).fill({ weight, cap }))
        const slow = slowSpread(
          amount,
          each.map(({ weight }) => weight),
          each.map(({ cap }) => cap),
        )
        expect(spread(amount, parts).flatMap(units)).toEqual(slow)
      }),
      options,
    )
  })

  test('adds up to the amount, or to all caps; no unit gets more than its cap', () => {
    fc.assert(
      fc.property(parts, amount, (parts, amount) => {
        const shares = spread(amount, parts)
        const capacity = sum(parts.map(({ count, weight, cap }) => (weight > 0 ? count * cap : 0)))
        expect(sum(shares.map(sumOf))).toBe(Math.min(amount, capacity))
        for (const [i, runs] of shares.entries()) {
          expect(sum(runs.map(({ count }) => count))).toBe(parts[i]!.count)
          for (const { amount_minor } of runs) {
            expect(amount_minor).toBeGreaterThanOrEqual(0)
            expect(amount_minor).toBeLessThanOrEqual(parts[i]!.cap)
          }
        }
      }),
      options,
    )
  })

  test('is fair to a unit and gives who weighs more no less, where no cap is in the way', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true }), (weights, fraction) => {
        const total = sum(weights)
        const amount = Math.floor(total * fraction)
        const shares = spread(
          amount,
          weights.map((weight) => ({ count: 1, weight, cap: weight })),
        ).map(sumOf)
        for (const [i, weight] of weights.entries()) {
          const exact = (amount * weight) / total
          expect(Math.abs(shares[i]! - exact)).toBeLessThan(1)
          for (const [j, other] of weights.entries())
            if (weight > other) expect(shares[i]!).toBeGreaterThanOrEqual(shares[j]!)
        }
      }),
      options,
    )
  })

  test('of one more to spread nobody pays more than one for it, and some get more', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true }), (weights, fraction) => {
        const amount = Math.floor((sum(weights) - 1) * fraction)
        const even = weights.map((weight) => ({ count: 1, weight, cap: weight }))
        const [less, more] = [amount, amount + 1].map((amount) => spread(amount, even).map(sumOf))
        // A share may lose one when remainders change places: the price of parts that add up (Balinski and Young 1982).
        for (const [i, share] of more!.entries()) expect(share).toBeGreaterThanOrEqual(less![i]! - 1)
        expect(sum(more!)).toBe(sum(less!) + 1)
      }),
      options,
    )
  })

  test('what is left over goes to the earlier of equals', () => {
    const equal = { count: 1, weight: 10, cap: 10 }
    expect(spread(4, [equal, equal, equal]).map(sumOf)).toEqual([2, 1, 1])
  })
})

describe('arithmetic', () => {
  test('products beyond the safe integers lose nothing', () => {
    const large = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
    fc.assert(
      fc.property(large, large, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (a, b, c) => {
        fc.pre((BigInt(a) * BigInt(b)) / BigInt(c) <= BigInt(Number.MAX_SAFE_INTEGER))
        const { quotient, rest } = mulDiv(a, b, c)
        expect(BigInt(quotient) * BigInt(c) + BigInt(rest)).toBe(BigInt(a) * BigInt(b))
        expect(rest).toBeLessThan(c)
      }),
      options,
    )
  })

  test.each([
    [100, 1250, 13],
    [1, 5000, 1],
    [1, 4999, 0],
    [3, 5000, 2],
    [0, 10_000, 0],
    [10_000_000_000_000, 10_000, 10_000_000_000_000],
  ])('%i and %i hundredths of a percent are %i', (minor, hundredths, expected) => {
    expect(percentOf(minor, hundredths)).toBe(expected)
  })

  test('runs are cut and joined as the lists of units that they stand for', () => {
    const run = fc.record({ count: fc.integer({ min: 1, max: 4 }), amount_minor: fc.integer({ min: 0, max: 3 }) })
    const runs = fc.array(run, { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(runs, runs, fc.nat(20), fc.nat(20), (a, b, from, count) => {
        expect(units(sliceRuns(a, from, count))).toEqual(units(a).slice(from, from + count))
        const length = Math.min(units(a).length, units(b).length)
        const [x, y] = [sliceRuns(a, 0, length), sliceRuns(b, 0, length)]
        expect(units(zipRuns(x, y, (own, other) => own * 10 + other))).toEqual(
          units(x).map((own, i) => own * 10 + units(y)[i]!),
        )
      }),
      options,
    )
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toInstant } from '../../lib/base/time.ts'
import { lowestPriceBefore, lowestPriceBetween, type Price } from '../../lib/shop/product.ts'

const at = (time: string, price_minor: number): Price => ({ time, price_minor })
const history = [
  at('2022-03-01T00:00:00.000Z', 90),
  at('2022-03-20T12:00:00.000Z', 50),
  at('2022-03-20T12:00:00.001Z', 80),
  at('2022-04-24T00:00:00.000Z', 40),
]

describe('the lowest price of the 30 days before a day', () => {
  test('counts a price that was in force for a millisecond', () => {
    expect(lowestPriceBefore(history, '2022-04-19')).toEqual(history[1])
  })
  test('leaves out one that ended when the 30 days began, takes the one then in force', () => {
    expect(
      lowestPriceBefore([at('2022-03-01T00:00:00.000Z', 10), at('2022-03-25T00:00:00.000Z', 90)], '2022-04-24'),
    ).toEqual(at('2022-03-25T00:00:00.000Z', 90))
  })
  test('leaves out the price of the day itself', () => {
    expect(lowestPriceBefore(history, '2022-04-24')?.price_minor).toBe(80)
    expect(lowestPriceBefore(history, '2022-04-25')?.price_minor).toBe(40)
  })
  test('is undefined when the product was not on sale yet', () => {
    expect(lowestPriceBefore(history, '2022-03-01')).toBeUndefined()
    expect(lowestPriceBefore([], '2022-03-01')).toBeUndefined()
  })
  test('leaves out a price replaced within its own millisecond', () => {
    const prices = [at('2022-04-01T00:00:00.000Z', 1), at('2022-04-01T00:00:00.000Z', 70)]
    expect(lowestPriceBefore(prices, '2022-04-24')?.price_minor).toBe(70)
  })
})

test('the lowest price equals asking at every millisecond of the range', () => {
  const prices = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 9 })), { maxLength: 8 })
  const range = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 15 }))
  fc.assert(
    fc.property(prices, range, (drawn, [from, length]) => {
      const sorted = [...drawn].sort(([a], [b]) => a - b).map(([ms, minor]) => at(toInstant(ms), minor))
      const seen: number[] = []
      for (let ms = from; ms < from + length; ms++) {
        const price = sorted.findLast(({ time }) => time <= toInstant(ms))
        if (price) seen.push(price.price_minor)
      }
      const lowest = lowestPriceBetween(sorted, toInstant(from), toInstant(from + length))
      expect(lowest?.price_minor).toBe(seen.length === 0 ? undefined : Math.min(...seen))
    }),
    { seed: 1, numRuns: 1_000 },
  )
})

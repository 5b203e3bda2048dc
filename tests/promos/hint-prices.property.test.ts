// Hints of sums where a promotion asks for the price of goods: no goods that it takes come to the sum with less, and who adds
// such goods for that much gets what the hint says.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluate } from '../../lib/promos/evaluate.ts'

const numRuns = Number(process.env.RUNS ?? 300)
const seed = Number(process.env.SEED ?? 20_220_824)
const settings = { timeZone: 'Europe/Kyiv' }
const now = '2022-08-24T10:00:00Z'

const bounds = fc
  .tuple(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 0, max: 2_000 }))
  .map(([low, more]) => ({ low, high: low + more }))

/** The same bounds, written in several ways. */
const filterOf = ({ low, high }: { low: number; high: number }, way: number): object =>
  [
    { gte: low / 100, lte: high / 100 },
    { gt: (low - 1) / 100, lt: (high + 1) / 100 },
    { between: [low / 100, high / 100] },
  ][way] ?? { gte: low / 100 }

/** The least that some units of such goods come to, which is not less than `missing`; and how many they are. */
function leastSum(missing: number, { low, high }: { low: number; high: number }): { sum: number; units: number } {
  let best = { sum: Number.POSITIVE_INFINITY, units: 0 }
  for (let units = 1; units <= Math.ceil(missing / low); units++) {
    const sum = Math.max(missing, units * low)
    if (sum <= units * high && sum < best.sum) best = { sum, units }
  }
  return best
}

test('the least that such goods come to is told, and gives what is told', () => {
  fc.assert(
    fc.property(
      bounds,
      fc.nat({ max: 3 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 1, max: 90 }),
      (asked, way, quantity, more, percent) => {
        const price_minor = asked.low
        const all = way === 3 ? { ...asked, high: Number.POSITIVE_INFINITY } : asked
        const attributes = { brand: 'Puma' }
        const config = {
          id: 'p',
          product_filters: { brand: 'Puma', price: filterOf(asked, way) },
          order_filters: [{ type: 'total_value', value: (price_minor * quantity + more) / 100 }],
          actions: [{ type: 'percent_off', value: percent, on: 'order' }],
        }
        const paid = (lines: object[]) => {
          const order = { currency: 'UAH', lines: [{ id: 'a', price_minor, quantity, attributes }, ...lines] }
          return evaluate({ promos: [config], order, now }, settings)
        }
        const [hint] = paid([]).hints
        const { sum, units } = leastSum(more, all)
        const each = Math.floor(sum / units)
        const dearer = sum - each * units
        const lines = [
          { id: 'b', price_minor: each + 1, quantity: dearer, attributes },
          { id: 'c', price_minor: each, quantity: units - dearer, attributes },
        ].filter((line) => line.quantity > 0)
        const { discount_minor } = paid(lines)
        // Too little to be a cent is no gain.
        if (discount_minor === 0) return expect(hint).toBeUndefined()
        const prices = { price_from_minor: asked.low, ...(way === 3 ? {} : { price_to_minor: asked.high }) }
        expect(hint?.missing).toEqual([{ kind: 'sum', missing_minor: sum, goods: 'Puma', ...prices }])
        expect(hint?.gain_minor).toBe(discount_minor)
      },
    ),
    { numRuns, seed },
  )
})

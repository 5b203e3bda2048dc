// What comes back of an order: parts add up, and nobody gets more than was paid.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Order, placedOrder, returnOf, withReturn } from '../../lib/shop/order.ts'
import { type PlacedLine, worthOf } from '../../lib/shop/refund.ts'

const seed = 20221122

/** Splits `total` into parts by weights; the last takes what is left. */
const split = (total: number, weights: readonly number[]): number[] => {
  const sum = weights.reduce((a, b) => a + b, 0) || 1
  const parts = weights.slice(0, -1).map((weight) => Math.floor((total * weight) / sum))
  return [...parts, total - parts.reduce((a, b) => a + b, 0)]
}

const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })

const lines = fc
  .record({
    price: fc.integer({ min: 0, max: 5_000 }),
    units: fc.array(
      fc.record({ count: fc.integer({ min: 1, max: 4 }), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
    discounts: weights,
    credits: weights,
    cashback: fc.integer({ min: 0, max: 3_000 }),
  })
  .map(({ price, units, discounts, credits, cashback }): PlacedLine => {
    const runs = units.map(({ count, share }) => ({ count, amount_minor: Math.round(price * share) }))
    const quantity = runs.reduce((sum, { count }) => sum + count, 0)
    const total = runs.reduce((sum, { count, amount_minor }) => sum + count * amount_minor, 0)
    const discount = price * quantity - total
    return {
      ...{ id: 'l', product_id: 'p', type: 't', name: 'n', price_minor: price, quantity },
      ...{ discount_minor: discount, total_minor: total, cashback_minor: cashback, bonus_minor: 0, units: runs },
      discounts: Object.fromEntries(split(discount, discounts).map((minor, i) => [i, minor])),
      cashback: Object.fromEntries(split(cashback, credits).map((minor, i) => [i + 10, minor])),
    }
  })

test('units that come back in any portions are together worth what was paid, discounted and credited', () => {
  const property = fc.property(lines, fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 16 }), (line, portions) => {
    const sums = { refund: 0, cashback: 0, gave: new Map<string, number>() }
    let back = 0
    for (const portion of [...portions, line.quantity]) {
      const units = Math.min(portion, line.quantity - back)
      const worth = worthOf(line, back, units)
      back += units
      sums.refund += worth.refund_minor
      sums.cashback += worth.cashback_minor
      for (const [promo, minor] of Object.entries(worth.gave)) sums.gave.set(promo, (sums.gave.get(promo) ?? 0) + minor)
      for (const minor of [worth.refund_minor, worth.cashback_minor, ...Object.values(worth.gave)]) {
        expect(minor).toBeGreaterThanOrEqual(0)
      }
      expect(sums.refund).toBeLessThanOrEqual(line.total_minor)
    }
    expect(back).toBe(line.quantity)
    expect(sums).toEqual({
      refund: line.total_minor,
      cashback: line.cashback_minor,
      gave: new Map(Object.entries({ ...line.discounts, ...line.cashback })),
    })
  })
  fc.assert(property, { seed, numRuns: 500 })
})

test('units that come back one by one are worth what they are worth at once', () => {
  const property = fc.property(lines, (line) => {
    const one = Array.from({ length: line.quantity }, (_, i) => worthOf(line, i, 1).refund_minor)
    expect(one).toEqual(one.toSorted((a, b) => a - b))
    expect(worthOf(line, 0, line.quantity).refund_minor).toBe(one.reduce((a, b) => a + b, 0))
  })
  fc.assert(property, { seed, numRuns: 200 })
})

const line = (over: Partial<PlacedLine>): PlacedLine => ({
  ...{ id: 'l1', product_id: 'p1', type: 't', name: 'n', price_minor: 1_000, quantity: 3, discount_minor: 1_000 },
  ...{ total_minor: 2_000, cashback_minor: 0, bonus_minor: 0, discounts: { 0: 1_000 } },
  units: [
    { count: 2, amount_minor: 1_000 },
    { count: 1, amount_minor: 0 },
  ],
  ...over,
})

const order = (over: Partial<Parameters<typeof placedOrder>[0]> = {}): Order =>
  placedOrder(
    {
      ...{ order_id: 'o', customer_id: 'c', currency: 'PLN', lines: [line({})] },
      ...{ items_minor: 3_000, discount_minor: 1_000, delivery_minor: 500, cashback_minor: 0, bonus_minor: 0 },
      ...{ total_minor: 2_500, promos_version: 1, request_hash: '0'.repeat(64) },
      promos: [
        {
          ...{ id: 'three-for-two', version: 1, discount_minor: 1_000, delivery_discount_minor: 0 },
          ...{ cashback_minor: 0, bonus_minor: 0, redeemed: { shard: 0 } },
        },
      ],
      ...over,
    },
    '2022-04-24T12:00:00.000Z',
  )

test('three for the price of two: the free one comes back first, and what stays has cost its price', () => {
  const first = returnOf(order(), [{ line_id: 'l1', quantity: 1 }])
  expect(first).toMatchObject({
    ok: true,
    data: { refund_minor: 0, releases: [{ promo: 0, uses: 0, budget_minor: 1_000 }] },
  })
  if (!first.ok) return
  const second = returnOf(withReturn(order(), first.data), [{ line_id: 'l1', quantity: 2 }])
  expect(second).toMatchObject({
    ok: true,
    data: { refund_minor: 2_000, releases: [{ promo: 0, uses: 1, budget_minor: 0 }] },
  })
})

test('a return of what is not there, or not there any more, names the line', () => {
  expect(returnOf(order(), [{ line_id: 'l1', quantity: 4 }])).toEqual({
    ok: false,
    refused: [{ index: 0, reason: 'too_many', left: 3 }],
  })
  expect(returnOf(order(), [{ line_id: 'other', quantity: 1 }])).toMatchObject({
    refused: [{ reason: 'unknown_line' }],
  })
})

test('returns folded in another order leave the same order', () => {
  const lines = [line({}), line({ id: 'l2' })]
  const placed = order({ lines })
  const one = {
    lines: [{ line_id: 'l1', quantity: 1, refund_minor: 0, cashback_minor: 0, bonus_minor: 0 }],
    refund_minor: 0,
    cashback_minor: 0,
    bonus_minor: 0,
  }
  const two = {
    lines: [{ line_id: 'l2', quantity: 3, refund_minor: 9, cashback_minor: 2, bonus_minor: 1 }],
    refund_minor: 9,
    cashback_minor: 2,
    bonus_minor: 1,
  }
  expect(JSON.stringify(withReturn(withReturn(placed, one), two))).toBe(
    JSON.stringify(withReturn(withReturn(placed, two), one)),
  )
})

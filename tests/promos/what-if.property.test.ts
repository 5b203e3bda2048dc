// What a changed cart would come to, reckoned from what changed alone, is what it comes to when decided afresh.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assert } from '../../lib/base/assert.ts'
import { gainOf } from '../../lib/promos/apply.ts'
import { decide } from '../../lib/promos/decide.ts'
import { changedSituation } from '../../lib/promos/judging.ts'
import { fullWork } from '../../lib/promos/ledger.ts'
import type { Order, Usage } from '../../lib/promos/order.ts'
import { worthOf } from '../../lib/promos/outcome.ts'
import { compilePromos } from '../../lib/promos/promo-set.ts'
import { whatIfOf } from '../../lib/promos/what-if.ts'
import { delivery, dense, order as orders, rarely, sometimes } from '../support/arbitrary-orders.ts'
import { evaluation } from '../support/arbitrary-promos.ts'

const numRuns = Number(process.env.RUNS ?? 500)

type Change = (order: Order) => Order

const more = (line: number, units: number): Change => {
  return ({ lines, ...order }) => {
    const changed = lines.map((entry, i) =>
      i === line % lines.length ? { ...entry, quantity: entry.quantity + units } : entry,
    )
    return { ...order, lines: changed }
  }
}

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(fc.nat(4), fc.integer({ min: 1, max: 9 })).map(([line, units]) => more(line, units)),
  orders.map(({ lines }): Change => {
    const added = lines.slice(0, 1).map((line) => ({ ...line, id: 'added' }))
    return (order) => ({ ...order, lines: [...order.lines, ...added] })
  }),
  delivery.map(
    (chosen): Change =>
      (order) => ({ ...order, delivery: chosen }),
  ),
  fc.constantFrom<Change>(
    (order) => ({ ...order, payment: { method: 'card' } }),
    (order) => ({ ...order, codes: [...(order.codes ?? []), 'VIP'] }),
    (order) => ({ ...order, channel: 'app' }),
    (order) => ({ ...order, customer: { ...order.customer, loyalty_card: 'gold' } }),
    (order) => order,
  ),
)

const conditions = fc.oneof(
  fc.constant([{ type: 'selected_payment', value: 'card' }]),
  fc
    .record({ type: fc.constantFrom('total_value', 'order_total'), value: fc.integer({ min: 1, max: 60 }) })
    .map((one) => [one]),
)
const actions = fc.oneof(
  fc.constant([{ type: 'cashback', value: 50 }]),
  fc.subarray(
    [
      { type: 'percent_off', value: 30 },
      { type: 'fixed_off', value: 7 },
      { type: 'percent_off', value: 60, on: 'delivery' },
      { type: 'buy_x_get_y', buy: 2, get: 1 },
      { type: 'gift', value: 'sock' },
      { type: 'voucher', value: 'butter' },
    ],
    { minLength: 1, maxLength: 2 },
  ),
)
const brands = fc.constantFrom('x', 'y', 'z').map((brand) => ({ brand }))

/** Few promos share goods here, and none asks for what others left, after which all is reckoned anew. */
const apart = fc.record({
  promos: fc
    .array(
      fc.record({
        priority: fc.integer({ min: 0, max: 2 }),
        product_filters: fc.option(brands, { nil: undefined, freq: 2 }),
        order_filters: sometimes(conditions),
        group: sometimes(fc.constantFrom('g', 'h')),
        exclusive: rarely(fc.constant(true)),
        stop: rarely(fc.constant(true)),
        limits: rarely(fc.constant({ budget: 3 })),
        ofCodes: rarely(fc.constant({ codes: ['VIP', 'old'], limits: { each_code: { uses: 1 } } })),
        targets: rarely(brands),
        actions,
      }),
      { minLength: 1, maxLength: 8 },
    )
    .map((promos) => promos.map(({ ofCodes, ...config }, i) => dense({ ...config, ...ofCodes, id: `p${i}` }))),
  order: fc
    .array(fc.tuple(fc.integer({ min: 100, max: 2_000 }), fc.integer({ min: 1, max: 3 }), brands), {
      minLength: 1,
      maxLength: 4,
    })
    .map((lines): Order => {
      const goods = lines.map(([price_minor, quantity, attributes], i) => {
        return { id: `l${i}`, price_minor, quantity, attributes }
      })
      return { currency: 'UAH', lines: goods, delivery: { method: 'novaposhta', price_minor: 7_000 }, codes: ['old'] }
    }),
  now: fc.constant('2022-08-24T10:00:00Z'),
  usage: fc.constant({ p0: { codes: { OLD: { uses: 1 } } }, p1: { codes: { OLD: { uses: 1 } } } }),
})

type Evaluation = {
  promos: unknown[]
  order: Order
  now: string
  usage?: Usage | undefined
  tester?: boolean | undefined
}

test.each<[string, fc.Arbitrary<Evaluation>]>([
  ['whatever the promos', evaluation],
  ['of promos that have little to do with each other', apart],
])('as when it is decided afresh, %s', (_, evaluations) => {
  let cases = 0
  const property = fc.property(evaluations, fc.array(change, { minLength: 1, maxLength: 3 }), (input, changes) => {
    const { promos, order, now, usage = {}, tester = false } = input
    const set = compilePromos(promos, { settings: { timeZone: 'Europe/Kyiv' } })
    expect(set.leftOut).toEqual([])
    const request = { set, nowMs: Date.parse(now), usage, tester }
    const before = decide(order, request)
    const changed = changes.reduce((one, change) => change(one), order)
    const after = decide(changed, request)
    if (!before || !after) return
    const worth = ({ application }: typeof after): number =>
      application.outcomes.reduce((sum, { gain }) => sum + worthOf(gain), 0)
    const whatIf = whatIfOf(before)
    for (const { rank } of set.identities) {
      const found = whatIf(set.promo(rank), changedSituation(before.situation, changed), fullWork())
      expect(found?.betterMinor).toBe(worth(after) - worth(before))
      expect(found?.gain).toEqual(gainOf(after.application, rank))
      cases++
    }
  })
  fc.assert(property, { numRuns, seed: 20_220_824 })
  expect(cases).toBeGreaterThan(numRuns)
})

const x = { product_filters: { brand: 'x' } }
const y = { product_filters: { brand: 'y' } }
const line = (brand: string) => ({ id: brand, price_minor: 1_000, quantity: 1, attributes: { brand } })
const cart: Order = { currency: 'UAH', lines: [line('x'), line('y')], delivery: { price_minor: 10_000 } }
const least = (value: number) => ({ order_filters: [{ type: 'total_value', value }] })

// Each time one more unit of x changes what a promo of y gives.
test.each<[string, object[]]>([
  [
    'shares the delivery with one that comes',
    [
      { ...x, ...least(20), priority: 1, actions: [{ type: 'percent_off', value: 50, on: 'delivery' }] },
      { ...y, actions: [{ type: 'percent_off', value: 10, on: 'delivery' }] },
    ],
  ],
  [
    'goes, because the order has become too large',
    [
      {
        ...y,
        order_filters: [{ type: 'order_total', value: { gte: 0, lte: 25 } }],
        actions: [{ type: 'percent_off', value: 10 }],
      },
    ],
  ],
  [
    'looks at what is left of the whole order',
    [
      {
        ...y,
        order_filters: [{ type: 'order_total', value: 25, of: 'remaining' }],
        actions: [{ type: 'percent_off', value: 10 }],
      },
    ],
  ],
  [
    'gives way to an exclusive one',
    [
      { ...x, ...least(20), exclusive: true, actions: [{ type: 'percent_off', value: 5 }] },
      { ...y, actions: [{ type: 'percent_off', value: 10 }] },
    ],
  ],
  [
    'acts on goods of its own choice',
    [{ ...y, targets: { brand: 'x' }, actions: [{ type: 'percent_off', value: 10 }] }],
  ],
  [
    'shares goods with one that shares goods with what changed',
    [
      { ...x, ...least(20), priority: 1, actions: [{ type: 'percent_off', value: 10, targets: { brand: 'y' } }] },
      { ...y, actions: [{ type: 'percent_off', value: 10 }] },
    ],
  ],
])('of a promo that %s', (_, promos) => {
  const set = compilePromos(promos, { settings: { timeZone: 'Europe/Kyiv' } })
  const request = { set, nowMs: 0, usage: {}, tester: false }
  const before = decide(cart, request)
  const changed = more(0, 1)(cart)
  const after = decide(changed, request)
  assert(before && after, 'both are decided')
  const last = set.identities.findLast(({ rank }) => set.promo(rank).filter !== undefined)?.rank ?? 0
  expect(gainOf(after.application, last)).not.toEqual(gainOf(before.application, last))
  const now = changedSituation(before.situation, changed)
  expect(whatIfOf(before)(set.promo(last), now, fullWork())?.gain).toEqual(gainOf(after.application, last))
})

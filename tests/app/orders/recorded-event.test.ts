// The event of an order is made of parts that were parsed before, and is not parsed again: it must be what parsing it would
// give; and what promotions say that an event may not is no reason to place no order.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseEvent } from '../../../events/event.ts'
import type { Engine } from '../../../lib/app/checkout/apply-promos.ts'
import { sweepOutbox } from '../../../lib/app/outbox.ts'
import type { JsonObject } from '../../../lib/base/json.ts'
import type { Allocation } from '../../../lib/promos/allocation.ts'
import { product } from '../../support/events.ts'
import { createOrderShop, engineOf, noPromos, orderOf, place } from '../../support/order-shop.ts'
import { itemsOf } from '../../support/test-shop.ts'

const actions: JsonObject[] = [
  { type: 'percent_off', value: 10 },
  { type: 'percent_off', value: 33.33, on: 'each_unit' },
  { type: 'fixed_off', value: 7.77 },
  { type: 'cashback', value: 5 },
  { type: 'bonus', value: 3 },
  { type: 'gift', value: 'p3', quantity: 2 },
  { type: 'voucher', value: ' butter ', product_type: 'bread' },
  { type: 'voucher', value: 'thanks' },
  { type: 'free_delivery' },
]

const promo = fc.record({
  actions: fc.subarray(actions, { minLength: 1, maxLength: 3 }),
  more: fc.subarray(
    [
      ['title', 'Зима 10 %'],
      ['codes', ['Ten ', 'other']],
      ['limits', { uses: 100_000, customer_uses: 50, budget: 5_000 }],
    ],
    { minLength: 0 },
  ),
})

const cart = fc.record({
  lines: fc.dictionary(fc.constantFrom('p1', 'p2', 'p3'), fc.integer({ min: 1, max: 40 }), {
    minKeys: 1,
    noNullPrototype: true,
  }),
  more: fc.subarray([
    ['codes', ['ten', 'unknown']],
    ['delivery', { method: 'pickup', city: 'Львів', country: 'UA' }],
    ['payment', { method: 'card' }],
    ['channel', 'app'],
  ]),
})

test('it is to the byte what parsing makes of it', async () => {
  const shop = await createOrderShop(product('e2', { id: 'p2', price: 3.33 }), product('e3', { id: 'p3', price: 0 }))
  let n = 0
  await fc.assert(
    fc.asyncProperty(fc.array(promo, { maxLength: 4 }), cart, async (promos, { lines, more }) => {
      const configs = promos.map(({ actions, more }, i) => [`promo-${i}`, { actions, ...Object.fromEntries(more) }])
      const orderId = `order-${n++}`
      const asked = { ...Object.fromEntries(more), lines, orderId }
      const order = orderOf(await place(shop, engineOf(Object.fromEntries(configs)), asked))
      expect(order.promos_failed).toBeUndefined()
      const event = (await itemsOf(shop.table, `outbox#${orderId}`))[0]?.event
      expect(JSON.stringify(parseEvent(event))).toBe(JSON.stringify(event))
    }),
    { seed: 20221122, numRuns: 150 },
  )
})

const ten = { type: 'percent_off', value: 10 }

/** What a bug in the engine, or in the checks of configs, might make of an allocation whose sums are right. */
const bugs: Record<string, (allocation: Allocation) => void> = {
  'half a grosz of a discount': ({ lines }) => {
    lines[0]!.discounts[0]!.amount_minor += 0.5
  },
  'cashback that is no number': ({ lines }) => {
    lines[0]!.credits[0]!.amount_minor = Number.POSITIVE_INFINITY
  },
  'units of half a grosz': ({ lines }) => {
    lines[0]!.units = [899.5, 900.5].map((amount_minor) => ({ count: 1, amount_minor }))
  },
  'a run of no units': ({ lines }) => {
    lines[0]!.units.push({ count: 0, amount_minor: 1 })
  },
  'a promotion that gave less than nothing': ({ applied }) => {
    applied[0]!.bonus_minor = -1
  },
  'a title of two lines': ({ applied }) => {
    applied[0]!.title = 'Ten\noff'
  },
  'half of a letter in a title': ({ applied }) => {
    applied[0]!.title = 'Ten \ud800 off'
  },
  'a gift of two lines': ({ applied }) => {
    applied[0]!.gifts.push({ sku: 'p\n3', quantity: 1 })
  },
  'a voucher with a control character': ({ applied }) => {
    applied[0]!.vouchers.push({ kind: 'a\u0000b' })
  },
}

test.each(Object.entries(bugs))('%s: the order is placed at list prices, and says so', async (_what, spoil) => {
  const shop = await createOrderShop()
  const sound = engineOf({ both: { actions: [ten, { type: 'cashback', value: 5 }] } })
  const engine: Engine = {
    ...sound,
    allocate: (...args) => {
      const allocation = sound.allocate(...args)
      spoil(allocation)
      return allocation
    },
  }
  const order = orderOf(await place(shop, engine, { lines: { p1: 2 } }))
  expect(order).toMatchObject({ promos_failed: 'unrecordable', promos: [], total_minor: 2_000 })
  shop.clock.nowMs += 61_000
  expect((await sweepOutbox(shop)).rejected).toEqual([])
})

test('an order that nobody could read is set aside, and never sent', async () => {
  const shop = await createOrderShop()
  shop.clock.nowMs += 61_000
  await sweepOutbox(shop)
  await place(shop, noPromos, { lines: { p1: 1 }, channel: 'a\nb' })
  await place(shop, noPromos, { lines: { p1: 1 }, orderId: 'o2' })
  shop.clock.nowMs += 61_000
  const { sent, rejected } = await sweepOutbox(shop)
  expect(sent).toEqual(['o2'])
  expect(rejected).toMatchObject([{ id: 'o1', code: 'invalid_event', retryable: false }])
  expect(shop.bus.events.filter(({ type }) => type === 'order_placed').map(({ id }) => id)).toEqual(['o2'])
})

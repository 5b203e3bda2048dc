// Random goods, filters on them and orders: small worlds, so that promos meet goods, each other, floors and odd cents.
import fc from 'fast-check'
import * as v from 'valibot'
import type { Order } from '../../lib/promos/order.ts'
import { orderSchema } from '../../lib/promos/order-schema.ts'

export const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })

export const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })

export const sometimes = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 3, arbitrary })

/** Leaves out what is undefined, as JSON does. */
export const dense = <T extends object>(value: T): T => JSON.parse(JSON.stringify(value))

export const brand = fc.constantFrom('Puma', 'Adidas', 'Nike')
const kind = fc.constantFrom('Shorts', 'Shirt')
export const price = fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 40_000 }), fc.constant(9_999))

const attributes = fc
  .record({
    brand: optional(brand),
    kind: optional(kind),
    size: optional(fc.integer({ min: 36, max: 46 })),
    new: optional(fc.boolean()),
    tags: optional(fc.subarray(['summer', 'sale', 'kids'])),
  })
  .map(dense)

const line = fc
  .record({ price_minor: price, quantity: fc.integer({ min: 1, max: 5 }), floor_minor: optional(price), attributes })
  .map(dense)

export const delivery = fc.record({
  method: fc.constantFrom('novaposhta', 'courier'),
  price_minor: fc.constantFrom(0, 4_999, 7_000),
})

export const order = fc
  .record({
    currency: fc.constant('UAH'),
    lines: fc
      .array(line, { minLength: 0, maxLength: 5, size: 'max' })
      .map((lines) => lines.map((entry, i) => ({ id: `l${i}`, sku: `s${i}`, ...entry }))),
    delivery: optional(delivery),
    payment: optional(fc.record({ method: fc.constantFrom('card', 'cash') })),
    codes: optional(fc.subarray(['SALE', ' sale ', 'vip', 'VIP'])),
    channel: optional(fc.constantFrom('app', 'web')),
    customer: optional(
      fc
        .record({
          id: fc.constant('c1'),
          groups: optional(fc.subarray(['staff', 'b2b'])),
          loyalty_card: optional(fc.constantFrom('gold', 'silver', true, false, null)),
          orders_placed: optional(fc.integer({ min: 0, max: 5 })),
          last_order_at: optional(fc.constantFrom('2022-08-01T10:00:00Z', '2022-08-24T09:00:00+03:00')),
          city: optional(fc.constantFrom('Kyiv', 'Lviv')),
          age: optional(fc.option(fc.integer({ min: 10, max: 40 }))),
          tags: optional(fc.subarray(['summer', 'kids'])),
        })
        .map(dense),
    ),
  })
  .map((value): Order => v.parse(orderSchema, dense(value)))

export const units = fc.integer({ min: 0, max: 400 }).map((cents) => cents / 100)
const priceTest = fc.oneof(
  fc.record({ gte: units }),
  fc.record({ lt: units }),
  fc.tuple(units, units).map(([a, b]) => ({ between: [Math.min(a, b), Math.max(a, b)] })),
  units,
)

const attributeFilter = fc.oneof(
  brand.map((value) => ({ brand: value })),
  fc.subarray(['Puma', 'Adidas', 'Nike'], { minLength: 1 }).map((value) => ({ brand: value })),
  kind.map((value) => ({ kind: value })),
  brand.map((value) => ({ brand: { ne: value } })),
  fc.record({ size: fc.record({ gte: fc.integer({ min: 36, max: 46 }) }) }),
  fc.record({ new: fc.boolean() }),
  fc.record({ brand: fc.record({ exists: fc.boolean() }) }),
  fc.record({ tags: fc.record({ exists: fc.boolean() }) }),
  fc.record({ kind: fc.constant({ prefix: 'Sh' }) }),
  fc.subarray(['summer', 'sale'], { minLength: 1 }).map((value) => ({ tags: { has_all: value } })),
  fc.record({ tags: fc.constantFrom('summer', 'sale') }),
  priceTest.map((value) => ({ price: value })),
  fc.record({ sku: fc.constantFrom('s0', 's1') }),
)

export const { filter } = fc.letrec<{ filter: Record<string, unknown> }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    attributeFilter,
    fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    fc.array(tie('filter'), { minLength: 1, maxLength: 2 }).map((all) => ({ all })),
    tie('filter').map((not) => ({ not })),
  ),
}))

// The fields that the three events of an order share.
import * as v from 'valibot'
import { limits } from '../lib/base/limits.ts'
import { id, line, minor, quantity, voucherFields } from './fields.ts'

/** Minor units of many units together: a line's, or a whole order's. */
export const amount = () =>
  v.pipe(
    v.number('must be a number'),
    v.integer('must be an integer in minor units'),
    v.minValue(0, 'must not be negative'),
    v.maxValue(Number.MAX_SAFE_INTEGER, 'must be an amount that is kept exactly'),
  )

const count = (most: number) =>
  v.pipe(
    v.number('must be a number'),
    v.integer('must be an integer'),
    v.minValue(0, 'must not be negative'),
    v.maxValue(most, `must be at most ${most}`),
  )

const listOf = <Schema extends v.GenericSchema<unknown, unknown>>(schema: Schema, most: number) =>
  v.pipe(v.array(schema, 'must be a list'), v.maxLength(most, `must have at most ${most} entries`))

/** What promotions gave to a line: place in the order's `promos`, counted from 0, to amount. Short, as lines are many. */
const shares = v.pipe(
  v.record(v.pipe(v.string(), v.regex(/^\d{1,5}$/, 'must be a place in promos')), amount(), 'must be an object'),
  v.maxEntries(limits.promos, `must be at most ${limits.promos}`),
)

const orderLine = v.strictObject(
  {
    id: id(),
    product_id: id(),
    type: line(limits.productTypeChars),
    name: line(limits.nameChars),
    /** List price of one unit. */
    price_minor: minor(),
    quantity: quantity(),
    discount_minor: amount(),
    /** What is paid for the line. */
    total_minor: amount(),
    cashback_minor: amount(),
    bonus_minor: amount(),
    /** What is paid for each unit, from the first on, as runs of equal amounts. */
    units: listOf(v.strictObject({ count: quantity(), amount_minor: minor() }, 'must be an object'), limits.quantity),
    /** Of `discount_minor`. */
    discounts: v.exactOptional(shares),
    /** Of `cashback_minor`. */
    cashback: v.exactOptional(shares),
    /** Of `bonus_minor`. */
    bonus: v.exactOptional(shares),
  },
  'must be an object',
)

/** What became of one promotion. */
export const orderPromo = v.strictObject(
  {
    id: id(),
    version: count(Number.MAX_SAFE_INTEGER),
    title: v.exactOptional(line(limits.nameChars)),
    discount_minor: amount(),
    delivery_discount_minor: amount(),
    cashback_minor: amount(),
    bonus_minor: amount(),
    gifts: v.exactOptional(
      listOf(
        v.strictObject({ sku: line(limits.nameChars), quantity: quantity() }, 'must be an object'),
        limits.promoActions,
      ),
    ),
    vouchers: v.exactOptional(listOf(v.strictObject(voucherFields(), 'must be an object'), limits.promoActions)),
    /** Only of a promotion with limits: under which code and in which shards of its counters it was redeemed. */
    redeemed: v.exactOptional(
      v.strictObject(
        { code: v.exactOptional(line(limits.idChars)), shard: count(255), code_shard: v.exactOptional(count(255)) },
        'must be an object',
      ),
    ),
  },
  'must be an object',
)

/** A whole order, as it was placed. */
export const placedFields = () => ({
  order_id: id(),
  customer_id: id(),
  currency: v.pipe(v.string('must be text'), v.regex(/^[A-Z]{3}$/, 'must be a currency code such as PLN')),
  lines: v.pipe(listOf(orderLine, limits.cartLines), v.minLength(1, 'must have a line')),
  delivery: v.exactOptional(
    v.strictObject(
      {
        method: v.exactOptional(line(limits.idChars)),
        city: v.exactOptional(line(limits.nameChars)),
        country: v.exactOptional(line(limits.nameChars)),
      },
      'must be an object',
    ),
  ),
  payment: v.exactOptional(v.strictObject({ method: v.exactOptional(line(limits.idChars)) }, 'must be an object')),
  codes: v.exactOptional(listOf(line(limits.idChars), limits.orderCodes)),
  channel: v.exactOptional(line(limits.idChars)),
  /** Goods at list prices. */
  items_minor: amount(),
  /** Taken off the goods. */
  discount_minor: amount(),
  /** Paid for delivery. */
  delivery_minor: amount(),
  cashback_minor: amount(),
  bonus_minor: amount(),
  /** Paid: items - discount + delivery. */
  total_minor: amount(),
  promos: listOf(orderPromo, limits.promos),
  /** Number of the set of promotions; 0: none had been published. */
  promos_version: count(Number.MAX_SAFE_INTEGER),
  /** Why promotions could not be applied: the order was placed at list prices. */
  promos_failed: v.exactOptional(line(limits.eventTypeChars)),
  /** SHA-256 of the request under whose Idempotency-Key it was placed, in hex. */
  request_hash: v.pipe(v.string('must be text'), v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex')),
})

/** What is given back. */
export const refundFields = () => ({
  /** Money paid. */
  refund_minor: amount(),
  /** Credited then, taken back now. */
  cashback_minor: amount(),
  bonus_minor: amount(),
})

/** What goes back to the limits of one promotion; `promo` is its place in the order's `promos`. */
export const releases = () =>
  listOf(
    v.strictObject({ promo: count(limits.promos), uses: count(1), budget_minor: amount() }, 'must be an object'),
    limits.limitedPromosPerOrder,
  )

export const returnedLines = () =>
  v.pipe(
    listOf(
      v.strictObject({ line_id: id(), quantity: quantity(), ...refundFields() }, 'must be an object'),
      limits.cartLines,
    ),
    v.minLength(1, 'must have a line'),
  )

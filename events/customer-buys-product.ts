// A customer bought some units of one product; its price is the product's at the event's time.
import * as v from 'valibot'
import { limits } from '../lib/base/limits.ts'
import { defineEvent } from './define.ts'
import { id, minor, quantity } from './fields.ts'

/** The whole line's discount, so larger than a price may be. */
const lineMinor = () =>
  v.pipe(
    v.number('must be a number'),
    v.integer('must be an integer in minor units'),
    v.minValue(0, 'must not be negative'),
    v.maxValue(limits.priceMinor * limits.quantity, 'must be at most the dearest line'),
  )

export const customerBuysProduct = defineEvent({
  type: 'customer_buys_product',
  source: 'kram.shop',
  version: 1,
  description: 'A customer bought a quantity of one product.',
  schema: v.strictObject(
    {
      customer_id: id(),
      product_id: id(),
      quantity: quantity(),
      order_id: v.exactOptional(id()),
      line_id: v.exactOptional(id()),
      price_minor: v.exactOptional(minor()),
      discount_minor: v.exactOptional(lineMinor()),
    },
    'must be an object',
  ),
  reserved: { source: 'kram.orders', fields: ['order_id', 'line_id', 'price_minor', 'discount_minor'] },
  subject: (data) => data.customer_id,
  example: { customer_id: 'customer_k_004', product_id: 'chleb_k_1', quantity: 6 },
})

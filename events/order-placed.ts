// A customer placed an order: the whole of it, as it was agreed. One customer_buys_product per line follows from it.
import * as v from 'valibot'
import { defineEvent } from './define.ts'
import { placedFields } from './order-fields.ts'

export const orderPlaced = defineEvent({
  type: 'order_placed',
  source: 'kram.orders',
  version: 1,
  description: 'A customer placed an order; a `customer_buys_product` for each of its lines follows.',
  schema: v.strictObject(placedFields(), 'must be an object'),
  subject: (data) => data.order_id,
  example: {
    order_id: 'order-1',
    customer_id: 'customer_k_004',
    currency: 'PLN',
    lines: [
      {
        id: '1',
        product_id: 'chleb_k_1',
        type: 'chleb',
        name: 'Chleb staropolski',
        price_minor: 36,
        quantity: 6,
        discount_minor: 22,
        total_minor: 194,
        cashback_minor: 0,
        bonus_minor: 0,
        units: [
          { count: 4, amount_minor: 32 },
          { count: 2, amount_minor: 33 },
        ],
        discounts: { 0: 22 },
      },
    ],
    payment: { method: 'card' },
    items_minor: 216,
    discount_minor: 22,
    delivery_minor: 0,
    cashback_minor: 0,
    bonus_minor: 0,
    total_minor: 194,
    promos: [
      {
        id: 'bread-10',
        version: 2,
        title: '10 % off bread',
        discount_minor: 22,
        delivery_discount_minor: 0,
        cashback_minor: 0,
        bonus_minor: 0,
        redeemed: { shard: 0 },
      },
    ],
    promos_version: 17,
    request_hash: '7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730',
  },
})

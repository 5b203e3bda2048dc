// An order was cancelled: all that was paid goes back, and what it took of limits.
import * as v from 'valibot'
import { defineEvent } from './define.ts'
import { id } from './fields.ts'
import { refundFields, releases } from './order-fields.ts'

export const orderCancelled = defineEvent({
  type: 'order_cancelled',
  source: 'kram.orders',
  version: 1,
  description: 'An order was cancelled: everything paid is given back, and what it took of limits.',
  schema: v.strictObject(
    { order_id: id(), customer_id: id(), ...refundFields(), releases: releases() },
    'must be an object',
  ),
  subject: (data) => data.order_id,
  example: {
    order_id: 'order-1',
    customer_id: 'customer_k_004',
    refund_minor: 194,
    cashback_minor: 0,
    bonus_minor: 0,
    releases: [{ promo: 0, uses: 1, budget_minor: 22 }],
  },
})

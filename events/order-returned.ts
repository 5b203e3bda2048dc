// Some units of an order came back: what was paid for them goes back, by the recorded share of each unit.
import * as v from 'valibot'
import { defineEvent } from './define.ts'
import { id } from './fields.ts'
import { refundFields, releases, returnedLines } from './order-fields.ts'

export const orderReturned = defineEvent({
  type: 'order_returned',
  source: 'kram.orders',
  version: 1,
  description: 'Some units of an order came back: what was paid for them is given back.',
  schema: v.strictObject(
    {
      order_id: id(),
      customer_id: id(),
      return_id: id(),
      lines: returnedLines(),
      ...refundFields(),
      releases: releases(),
      /** SHA-256 of the request under whose Idempotency-Key it was returned, in hex. */
      request_hash: v.pipe(v.string('must be text'), v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex')),
    },
    'must be an object',
  ),
  subject: (data) => data.order_id,
  example: {
    order_id: 'order-1',
    customer_id: 'customer_k_004',
    return_id: 'return-1',
    lines: [{ line_id: '1', quantity: 2, refund_minor: 64, cashback_minor: 0, bonus_minor: 0 }],
    refund_minor: 64,
    cashback_minor: 0,
    bonus_minor: 0,
    releases: [{ promo: 0, uses: 0, budget_minor: 8 }],
    request_hash: '7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730',
  },
})

// A customer was given a voucher. Its data follows from its id alone, so that granting it twice says the same twice.
import * as v from 'valibot'
import { defineEvent } from './define.ts'
import { id, token, voucherFields } from './fields.ts'

export const voucherGranted = defineEvent({
  type: 'voucher_granted',
  source: 'kram.vouchers',
  version: 1,
  description: 'A customer was given a voucher.',
  schema: v.strictObject(
    {
      /** `<kind>#<customer>`, and what else keeps two apart: `butter#customer_k_004#2022-04`; `order#<order>#<n>`. */
      id: token(),
      customer_id: id(),
      ...voucherFields(),
      /** Whose promotions gave it: cancelled, or returned whole, it takes the voucher back. */
      order_id: v.exactOptional(id()),
    },
    'must be an object',
  ),
  subject: (data) => data.customer_id,
  example: {
    id: 'butter#customer_k_004#2022-04',
    customer_id: 'customer_k_004',
    kind: 'butter',
    product_type: 'masło',
  },
})

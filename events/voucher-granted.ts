// A customer was given a voucher. Its data follows from its id alone, so that granting it twice says the same twice.
import * as v from 'valibot'
import { limits } from '../lib/base/limits.ts'
import { defineEvent } from './define.ts'
import { id, line, token } from './fields.ts'

export const voucherGranted = defineEvent({
  type: 'voucher_granted',
  source: 'kram.vouchers',
  version: 1,
  description: 'A customer was given a voucher.',
  schema: v.strictObject(
    {
      /** `<kind>#<customer>`, and what else keeps two apart: `butter#customer_k_004#2022-04`. */
      id: token(),
      customer_id: id(),
      kind: id(),
      /** The type of goods that it is good for. */
      product_type: v.exactOptional(line(limits.productTypeChars)),
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

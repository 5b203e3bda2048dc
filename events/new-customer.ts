// A customer registered, or an import brought one in. For a known id: the customer's new details.
import * as v from 'valibot'
import { defineEvent } from './define.ts'
import { customerFields } from './fields.ts'

export const newCustomer = defineEvent({
  type: 'new_customer',
  source: 'kram.shop',
  version: 1,
  description: 'A customer registered; for an id that is known, the details changed.',
  schema: v.strictObject(customerFields(), 'must be an object'),
  subject: (data) => data.id,
  example: {
    id: 'customer_k_004',
    first_name: 'Cyprian',
    last_name: 'Ostapczuk',
    address: 'plac Średnia 13\n12-612 Dąbrowa Górnicza',
  },
})

// A customer's document changed: the customer's new picture, handed on to whoever needs it.
import * as v from 'valibot'
import { limits } from '../lib/base/limits.ts'
import { defineEvent } from './define.ts'
import { customerFields, id, line, minor, quantity } from './fields.ts'

export const customerUpdated = defineEvent({
  type: 'customer_updated',
  source: 'kram.customers',
  version: 1,
  description: "A customer's document changed: who the customer is now, and what was bought just now if that is it.",
  schema: v.strictObject(
    {
      ...customerFields(),
      change: v.picklist(['profile', 'purchase', 'voucher'], 'must be profile, purchase or voucher'),
      purchase: v.exactOptional(
        v.strictObject(
          {
            id: id(),
            type: line(limits.productTypeChars),
            name: line(limits.nameChars),
            price_minor: minor(),
            quantity: quantity(),
            timestamp_ms: v.pipe(v.number('must be a number'), v.integer('must be an integer')),
          },
          'must be an object',
        ),
      ),
    },
    'must be an object',
  ),
  subject: (data) => data.id,
  example: {
    id: 'customer_k_004',
    first_name: 'Cyprian',
    last_name: 'Ostapczuk',
    address: 'plac Średnia 13\n12-612 Dąbrowa Górnicza',
    change: 'purchase',
    purchase: {
      id: 'chleb_k_1',
      type: 'chleb',
      name: 'Chleb staropolski',
      price_minor: 36,
      quantity: 6,
      timestamp_ms: 1650823114225,
    },
  },
})

// A product can be bought now, or its price, name, type or attributes changed.
import * as v from 'valibot'
import { limits } from '../lib/base/limits.ts'
import { defineEvent } from './define.ts'
import { attributes, id, line, price } from './fields.ts'

export const newProduct = defineEvent({
  type: 'new_product',
  source: 'kram.shop',
  version: 1,
  description: 'A product is on sale at a price; for an id that is known, its new price and description.',
  schema: v.strictObject(
    {
      id: id(),
      name: line(limits.nameChars),
      type: line(limits.productTypeChars),
      price: price(),
      attributes: v.exactOptional(attributes()),
    },
    'must be an object',
  ),
  subject: (data) => data.id,
  example: { id: 'chleb_k_1', name: 'Chleb staropolski', type: 'chleb', price: 0.36 },
})

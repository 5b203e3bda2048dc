// Something on top that is not charged. The shop adds it; the order's own lines and sums stay as they are.
import * as v from 'valibot'
import { defineAction } from '../action.ts'
import { name, units } from '../args.ts'

export const gift = defineAction({
  code: 'gift',
  description: 'The customer gets units of another product for nothing.',
  args: {
    value: v.pipe(name(), v.description('SKU of the gift')),
    quantity: v.exactOptional(v.pipe(units(100), v.description('Units; 1 when left out'))),
  },
  make: ({ value, quantity = 1 }) => ({ stage: 1, propose: () => ({ kind: 'gift', sku: value.trim(), quantity }) }),
})

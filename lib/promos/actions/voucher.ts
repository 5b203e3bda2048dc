// A voucher for another time; event `voucher_granted` carries it.
import * as v from 'valibot'
import { defineAction } from '../action.ts'
import { name } from '../args.ts'

export const voucher = defineAction({
  code: 'voucher',
  description: 'The customer gets a voucher for another time.',
  args: {
    value: v.pipe(name(), v.description('Kind of voucher')),
    product_type: v.exactOptional(v.pipe(name(), v.description('The type of goods that it is good for'))),
  },
  make({ value, product_type }) {
    const granted = { kind: value.trim(), ...(product_type === undefined ? {} : { product_type }) }
    return { stage: 4, propose: () => ({ kind: 'voucher', voucher: granted }) }
  },
})

// Where the order goes to; without a delivery address, where the customer lives.
import * as v from 'valibot'
import { names } from '../args.ts'
import { defineCondition } from '../condition.ts'
import { chosen } from '../condition-kinds.ts'
import { placeOf } from '../order.ts'

export const country = defineCondition({
  code: 'country',
  description: 'The order goes to this country, or one of these.',
  args: { value: v.pipe(names(), v.description('One country, or several, written as the shop writes them')) },
  make: ({ value }) => chosen(value, 'country', (facts) => placeOf(facts.order, 'country')),
})

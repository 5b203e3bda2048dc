// The talk's own: how the order is to be delivered.
import * as v from 'valibot'
import { names } from '../args.ts'
import { defineCondition } from '../condition.ts'
import { chosen } from '../condition-kinds.ts'

export const selectedDelivery = defineCondition({
  code: 'selected_delivery',
  description: 'The customer chose this delivery, or one of these.',
  args: { value: v.pipe(names(), v.description('One delivery method, or several')) },
  make: ({ value }) => chosen(value, 'selected_delivery', (facts) => facts.order.delivery?.method, 'delivery'),
})

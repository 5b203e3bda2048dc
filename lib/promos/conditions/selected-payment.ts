// The talk's own: how the order is paid.
import * as v from 'valibot'
import { names } from '../args.ts'
import { defineCondition } from '../condition.ts'
import { chosen } from '../condition-kinds.ts'

export const selectedPayment = defineCondition({
  code: 'selected_payment',
  description: 'The customer chose this payment, or one of these.',
  args: { value: v.pipe(names(), v.description('One way to pay, or several')) },
  make: ({ value }) => chosen(value, 'selected_payment', (facts) => facts.order.payment?.method, 'payment'),
})

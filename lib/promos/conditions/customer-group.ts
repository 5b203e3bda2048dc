// The customer belongs to a group that the shop keeps: staff, students, b2b.
import * as v from 'valibot'
import { names } from '../args.ts'
import { defineCondition } from '../condition.ts'
import { oneOfMany } from '../condition-kinds.ts'

export const customerGroup = defineCondition({
  code: 'customer_group',
  description: 'The customer is in this group, or in one of these.',
  args: { value: v.pipe(names(), v.description('One group, or several')) },
  make: ({ value }) => oneOfMany(value, 'customer_group', (facts) => facts.order.customer?.groups ?? []),
})

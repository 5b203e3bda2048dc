// For customers who stayed away: whole days (24 hours each) since their last order.
import * as v from 'valibot'
import { least, rangeOf, whole } from '../args.ts'
import { defineCondition } from '../condition.ts'
import { judgeRange, rangeTests } from '../condition-kinds.ts'
import { daysSinceLastOrder } from '../order.ts'

export const daysSinceLastOrderCondition = defineCondition({
  code: 'days_since_last_order',
  description: "The customer's last order is at least this many days ago; who never ordered does not meet it.",
  args: { value: v.pipe(least(whole), v.description('Whole days, at least; or bounds such as {"lte": 7}')) },
  make({ value }) {
    const range = rangeOf(value)
    return {
      range,
      judge: ({ order, nowMs }) => judgeRange(daysSinceLastOrder(order, nowMs), range),
      rule: () => [{ fact: 'customer', where: [{ path: 'days_since_last_order', ...rangeTests(range) }] }],
    }
  },
})

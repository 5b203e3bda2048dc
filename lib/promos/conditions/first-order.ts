// For new customers. Who is not known may have ordered before, so a guest's order is not a first one.
import { defineCondition } from '../condition.ts'
import { judgeRange, rangeTests } from '../condition-kinds.ts'

const first = { least: 1, most: 1 }

export const firstOrder = defineCondition({
  code: 'first_order',
  description: 'The customer is known and has placed no order before.',
  args: {},
  make: () => ({
    judge({ order }) {
      const placed = order.customer?.orders_placed
      return { ...judgeRange(placed === undefined ? undefined : placed + 1, first), wanted: 1, missing: null }
    },
    rule: () => [{ fact: 'customer', where: [{ path: 'nth_order', ...rangeTests(first) }] }],
  }),
})

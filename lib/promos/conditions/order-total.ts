// What the whole order costs without delivery, whatever goods the promo is about.
import * as v from 'valibot'
import { least, rangeOf, threshold } from '../args.ts'
import { defineCondition } from '../condition.ts'
import { itemsMinor, of, orderRange } from '../condition-kinds.ts'
import { minorOf } from '../written.ts'

export const orderTotal = defineCondition({
  code: 'order_total',
  description: 'All goods of the order cost at least this much together.',
  args: {
    value: v.pipe(
      least(threshold, minorOf),
      v.description('Whole currency units, at least; or bounds {"gte", "gt", "lte", "lt"}'),
    ),
    of: of(),
  },
  make: ({ value, of = 'list' }) => ({
    ...orderRange(rangeOf(value, minorOf), 'items_minor', (facts) => itemsMinor(facts)),
    late: of === 'remaining',
  }),
})

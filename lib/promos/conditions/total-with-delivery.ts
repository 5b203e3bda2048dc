// What is to be paid altogether: goods and delivery.
import * as v from 'valibot'
import { least, rangeOf, threshold } from '../args.ts'
import { defineCondition } from '../condition.ts'
import { itemsMinor, of, orderRange } from '../condition-kinds.ts'
import { minorOf } from '../written.ts'

export const totalWithDelivery = defineCondition({
  code: 'total_with_delivery',
  description: 'Goods and delivery cost at least this much together.',
  args: {
    value: v.pipe(
      least(threshold, minorOf),
      v.description('Whole currency units, at least; or bounds {"gte", "gt", "lte", "lt"}'),
    ),
    of: of(),
  },
  make: ({ value, of = 'list' }) => ({
    ...orderRange(rangeOf(value, minorOf), 'with_delivery_minor', (facts) => itemsMinor(facts) + facts.deliveryMinor),
    late: of === 'remaining',
  }),
})

// The order holds certain other goods: the jacket that the trousers are cheaper with.
import * as v from 'valibot'
import { units } from '../args.ts'
import { defineCondition } from '../condition.ts'
import { judgeRange, rangeTests } from '../condition-kinds.ts'
import { compileFilter, filterTests, matchesFilter } from '../filter.ts'
import { filterSchema } from '../filter-schema.ts'

export const contains = defineCondition({
  code: 'contains',
  description: 'The order holds at least so many units of goods that pass a filter of its own.',
  args: {
    filter: v.pipe(filterSchema, v.description('Which goods, written as product_filters are')),
    quantity: v.exactOptional(v.pipe(units(), v.description('Units, at least; 1 when left out'))),
  },
  make({ filter, quantity = 1 }) {
    const node = compileFilter(filter)
    const range = { least: quantity, most: Number.POSITIVE_INFINITY }
    return {
      mend: { kind: 'units', goods: node },
      judge({ order }) {
        let total = 0
        for (const line of order.lines) if (matchesFilter(node, line)) total += line.quantity
        return judgeRange(total, range)
      },
      rule: () => [
        {
          accumulate: 'sum',
          of: { path: 'quantity' },
          from: { fact: 'product', where: filterTests(node) },
          is: rangeTests(range),
        },
      ],
    }
  },
})

// The talk's own: what the matching goods cost together, price times quantity.
import * as v from 'valibot'
import { least, rangeOf, threshold } from '../args.ts'
import { defineCondition } from '../condition.ts'
import { judgeRange, of, rangeTests } from '../condition-kinds.ts'
import { minorOf } from '../written.ts'

export const totalValue = defineCondition({
  code: 'total_value',
  description: 'The matching goods cost at least this much together.',
  args: {
    value: v.pipe(
      least(threshold, minorOf),
      v.description('Whole currency units, at least; or bounds {"gte", "gt", "lte", "lt"}'),
    ),
    of: of(),
  },
  make({ value, of = 'list' }) {
    const range = rangeOf(value, minorOf)
    return {
      late: of === 'remaining',
      range,
      mend: { kind: 'sum', goods: 'own' },
      judge(facts) {
        let total = 0
        for (const line of facts.goods) total += facts.lineMinor(line)
        return judgeRange(total, range)
      },
      rule: (goods) => [
        {
          accumulate: 'sum',
          of: { path: 'value_minor' },
          from: { fact: 'product', where: goods },
          is: rangeTests(range),
        },
      ],
    }
  },
})

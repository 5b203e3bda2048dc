// How many units of the matching goods there are.
import * as v from 'valibot'
import { least, rangeOf, whole } from '../args.ts'
import { defineCondition } from '../condition.ts'
import { judgeRange, rangeTests } from '../condition-kinds.ts'

export const totalQuantity = defineCondition({
  code: 'total_quantity',
  description: 'There are at least this many units of the matching goods.',
  args: { value: v.pipe(least(whole), v.description('Units, at least; or bounds such as {"gte": 3, "lte": 10}')) },
  make({ value }) {
    const range = rangeOf(value)
    return {
      range,
      mend: { kind: 'units', goods: 'own' },
      judge({ order, goods }) {
        let total = 0
        for (const line of goods) total += order.lines[line]!.quantity
        return judgeRange(total, range)
      },
      rule: (goods) => [
        { accumulate: 'sum', of: { path: 'quantity' }, from: { fact: 'product', where: goods }, is: rangeTests(range) },
      ],
    }
  },
})

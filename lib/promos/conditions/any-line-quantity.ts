// Somebody takes many of one thing: one matching line has at least so many units.
import * as v from 'valibot'
import { least, rangeOf, whole } from '../args.ts'
import { defineCondition } from '../condition.ts'
import { rangeTests, wantedOf } from '../condition-kinds.ts'

export const anyLineQuantity = defineCondition({
  code: 'any_line_quantity',
  description: 'One line of the matching goods has at least this many units.',
  args: { value: v.pipe(least(whole), v.description('Units, at least; or bounds such as {"gte": 3, "lte": 10}')) },
  make({ value }) {
    const range = rangeOf(value)
    return {
      mend: { kind: 'units', goods: 'one_line' },
      judge({ order, goods }) {
        const quantities = goods.map((line) => order.lines[line]!.quantity)
        const met = quantities.some((quantity) => quantity >= range.least && quantity <= range.most)
        const actual = Math.max(0, ...quantities)
        const lacking = actual < range.least ? range.least - actual : null
        return { met, wanted: wantedOf(range), actual, missing: met ? 0 : lacking }
      },
      rule: (goods) => [{ exists: { fact: 'product', where: [...goods, { path: 'quantity', ...rangeTests(range) }] } }],
    }
  },
})

// The customer's third order, or every tenth.
import * as v from 'valibot'
import { units } from '../args.ts'
import { defineCondition } from '../condition.ts'

const most = 1_000_000

export const nthOrder = defineCondition({
  code: 'nth_order',
  description: "This is the customer's nth order, or one of these; with `every`, each order whose number it divides.",
  args: {
    value: v.pipe(
      v.union(
        [
          units(most),
          v.pipe(
            v.array(units(most)),
            v.minLength(1, 'must name at least one: an empty list is never met'),
            v.maxLength(100, 'must have at most 100 entries'),
          ),
        ],
        'must be a number or a list',
      ),
      v.description('1 is the first order; with `every`: 10 is the tenth, the twentieth and so on'),
    ),
    every: v.exactOptional(v.pipe(v.boolean('must be true or false'), v.description('true: every nth order'))),
  },
  make({ value, every = false }) {
    const wanted = Array.isArray(value) ? value : [value]
    const matches = (nth: number): boolean => wanted.some((n) => (every ? nth % n === 0 : nth === n))
    return {
      judge({ order }) {
        const placed = order.customer?.orders_placed
        const actual = placed === undefined ? null : placed + 1
        return { met: actual !== null && matches(actual), wanted: value, actual, missing: null }
      },
      rule() {
        if (!every) return [{ fact: 'customer', where: [{ path: 'nth_order', in: wanted }] }]
        return [
          { fact: 'customer', where: [{ predicate: 'divides', args: [{ path: 'nth_order' }, { literal: wanted }] }] },
        ]
      },
    }
  },
})

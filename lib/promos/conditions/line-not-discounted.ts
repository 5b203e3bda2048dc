// Not on top of other discounts: lines from which an earlier promo took something drop out of the promo.
import { defineCondition } from '../condition.ts'

export const lineNotDiscounted = defineCondition({
  code: 'line_not_discounted',
  description: 'The promo leaves out lines that an earlier promo made cheaper; it is met when a line is left.',
  args: {},
  make: () => ({
    late: true,
    judge(facts) {
      const left = facts.goods.filter((line) => !facts.isDiscounted(line)).length
      return { met: left > 0, wanted: 1, actual: left, missing: null }
    },
    rule: () => [],
  }),
})

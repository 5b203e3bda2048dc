// Only for those who test promotions in production; a promo in state `test` asks it of itself.
import { defineCondition } from '../condition.ts'

export const tester = defineCondition({
  code: 'tester',
  description: "The order is a tester's.",
  args: {},
  make: () => ({
    judge: (facts) => ({ met: facts.tester, wanted: true, actual: facts.tester, missing: null }),
    rule: () => [{ fact: 'tester' }],
  }),
})

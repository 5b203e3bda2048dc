// A code the customer typed in. A promo that only codes open has them in its own `codes`; this is for any/all/not.
import * as v from 'valibot'
import { names } from '../args.ts'
import { defineCondition } from '../condition.ts'
import { oneOfMany } from '../condition-kinds.ts'
import { canonicalCode } from '../order.ts'
import { listOf } from '../written.ts'

export const promoCode = defineCondition({
  code: 'promo_code',
  description: 'The customer entered this code, or one of these.',
  args: { value: v.pipe(names(), v.description('One code, or several; upper and lower case are the same')) },
  make: ({ value }) => ({
    ...oneOfMany(listOf(value).map(canonicalCode), 'code', (facts) => [...facts.codes]),
    mend: { kind: 'code' },
  }),
})

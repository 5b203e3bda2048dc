// The talk's own: a part of what is paid comes back as money. Credited, not deducted.
import { defineAction } from '../action.ts'
import { checkCredit, credit, creditArgs, rewardOfCredit } from '../action-kinds.ts'

export const cashback = defineAction({
  code: 'cashback',
  description: 'Money back: a percentage of what is paid for the goods, or a sum (`"as": "sum"`).',
  args: creditArgs(),
  check: checkCredit,
  make: (args) => credit('cashback', rewardOfCredit(args), args.on ?? (args.as === 'sum' ? 'order' : 'lines'), args),
})

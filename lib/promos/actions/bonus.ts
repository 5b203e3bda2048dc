// The talk's own: points for a part of what is paid. Credited, not deducted.
import { defineAction } from '../action.ts'
import { checkCredit, credit, creditArgs, rewardOfCredit } from '../action-kinds.ts'

export const bonus = defineAction({
  code: 'bonus',
  description: 'Bonus points: a percentage of what is paid for the goods, or a sum (`"as": "sum"`).',
  args: creditArgs(),
  check: checkCredit,
  make: (args) => credit('bonus', rewardOfCredit(args), args.on ?? (args.as === 'sum' ? 'order' : 'lines'), args),
})

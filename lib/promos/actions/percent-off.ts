// So many percent less.
import * as v from 'valibot'
import { defineAction } from '../action.ts'
import { checkOn, discount, maxMinor, on, ons, percentReward, targets, unitArgs } from '../action-kinds.ts'
import { percent } from '../args.ts'

export const percentOff = defineAction({
  code: 'percent_off',
  description: 'So many percent off goods, the order or delivery.',
  args: {
    value: v.pipe(percent(), v.description('Percent')),
    on: on(ons, 'lines'),
    targets: targets(),
    ...unitArgs(),
    max_minor: maxMinor(),
  },
  check: checkOn,
  make: ({ value, on = 'lines', ...args }) => discount(percentReward(value), on, args),
})

// A price of its own, where it is lower than what remains: of each unit, a line, the goods together, or delivery.
import * as v from 'valibot'
import { defineAction } from '../action.ts'
import { checkOn, discount, maxMinor, on, ons, targets, unitArgs } from '../action-kinds.ts'
import { threshold } from '../args.ts'
import { minorOf } from '../written.ts'

export const fixedPrice = defineAction({
  code: 'fixed_price',
  description: 'Each unit (or line, or all the goods together, or delivery) costs this much; never more than before.',
  args: {
    value: v.pipe(threshold(), v.description('Whole currency units')),
    on: on(ons, 'each_unit'),
    targets: targets(),
    ...unitArgs(),
    max_minor: maxMinor(),
  },
  check: checkOn,
  make: ({ value, on = 'each_unit', ...args }) => discount({ kind: 'price', minor: minorOf(value) }, on, args),
})

// A sum less: once off the order, off each line, off each unit, or off delivery.
import * as v from 'valibot'
import { defineAction } from '../action.ts'
import { checkOn, discount, maxMinor, on, ons, targets, unitArgs } from '../action-kinds.ts'
import { amount } from '../args.ts'
import { minorOf } from '../written.ts'

export const fixedOff = defineAction({
  code: 'fixed_off',
  description: 'A sum off the order, off each line or unit, or off delivery.',
  args: {
    value: v.pipe(amount(), v.description('Whole currency units')),
    on: on(ons, 'order'),
    targets: targets(),
    ...unitArgs(),
    max_minor: maxMinor(),
  },
  check: checkOn,
  make: ({ value, on = 'order', ...args }) => discount({ kind: 'sum', minor: minorOf(value) }, on, args),
})

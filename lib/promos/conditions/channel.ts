// Where the order is placed: in the app, on the web, at a till.
import * as v from 'valibot'
import { names } from '../args.ts'
import { defineCondition } from '../condition.ts'
import { chosen } from '../condition-kinds.ts'

export const channel = defineCondition({
  code: 'channel',
  description: 'The order comes through this channel, or one of these.',
  args: { value: v.pipe(names(), v.description('One channel, or several')) },
  make: ({ value }) => chosen(value, 'channel', (facts) => facts.order.channel, 'channel'),
})

// A promotion has a new version: whoever holds promotions in memory or in a snapshot reads again.
import * as v from 'valibot'
import { defineEvent } from './define.ts'
import { id } from './fields.ts'

const number = () =>
  v.pipe(v.number('must be a number'), v.integer('must be an integer'), v.minValue(1, 'must be at least 1'))

export const promoChanged = defineEvent({
  type: 'promo_changed',
  source: 'kram.promos',
  version: 1,
  description: 'A promotion was saved: a new version of it is the current one.',
  schema: v.strictObject(
    {
      id: id(),
      /** Of this promotion, counted from 1. */
      version: number(),
      state: v.picklist(['draft', 'test', 'live'], 'must be draft, test or live'),
      /** Of all promotions together: each save raises it by one. */
      set: number(),
    },
    'must be an object',
  ),
  subject: (data) => data.id,
  example: { id: 'puma-shorts', version: 3, state: 'live', set: 17 },
})

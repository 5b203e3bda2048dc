// Routes that ask what things cost under the promotions in force, and one that tries promotions on given facts.
import * as v from 'valibot'
import { id } from '../../../events/fields.ts'
import { cartSchema } from '../../app/checkout/cart.ts'
import { languages } from '../../base/languages.ts'
import { defineRoute } from '../route.ts'
import { allocationEntries, productHintsEntries } from './allocation.ts'

export const postCheckout = defineRoute({
  name: 'post-checkout',
  method: 'POST',
  path: '/checkout',
  summary: 'What a cart comes to right now, and why',
  description:
    'Prices, attributes and the price of the delivery are the shop’s, never the cart’s; promotions in state `test` ' +
    'count for testers alone. `refused` has the ten nearest promotions that did not apply, `hints` at most three. It ' +
    'reserves nothing. When promotions cannot be applied the answer has list prices and ' +
    '`promos_failed`; when newer ones could not be asked for, `promos_stale`.',
  roles: ['shop', 'tester', 'admin'],
  needs: ['table', 'objects', 'clock', 'settings'],
  body: cartSchema,
  answer: {
    status: 200,
    description: 'The allocation (docs/promos.md).',
    schema: v.strictObject({
      ...allocationEntries,
      currency: v.string(),
      promos_stale: v.exactOptional(v.literal(true)),
      customer_unknown: v.exactOptional(v.literal(true)),
      customer_unreadable: v.exactOptional(v.literal(true)),
      /** Left empty, because making them failed; the amounts are right. */
      parts_failed: v.exactOptional(v.array(v.picklist(['refused', 'hints']))),
    }),
  },
  problems: [404],
})

export const getHints = defineRoute({
  name: 'get-hints',
  method: 'GET',
  path: '/products/{id}/hints',
  summary: 'What a product’s page says of promotions',
  description: 'Knows no customer, so that it may be kept until `valid_until`, a minute at most.',
  roles: ['shop', 'tester', 'marketer', 'admin'],
  needs: ['table', 'objects', 'clock', 'settings'],
  params: v.strictObject({ id: id() }),
  query: v.strictObject({
    language: v.optional(v.picklist(languages, `must be one of ${languages.join(', ')}`), 'en'),
  }),
  cached: true,
  answer: {
    status: 200,
    description: 'Promotions that one unit gets as it is, and what leads to others.',
    schema: v.strictObject(productHintsEntries),
  },
  problems: [404],
})

export const postEvaluate = defineRoute({
  name: 'post-evaluate',
  method: 'POST',
  path: '/promos/evaluate',
  summary: 'Try promotions on an order: whole facts in, the allocation out',
  description: 'For tools and simulations; the shop’s own promotions, prices and customers play no part.',
  roles: ['marketer', 'admin'],
  needs: ['settings'],
  body: v.pipe(
    v.record(v.string(), v.unknown(), 'must be an object'),
    v.description('{promos, order, now, usage?, tester?} as docs/promos.md defines them.'),
  ),
  answer: { status: 200, description: 'The allocation (docs/promos.md).', schema: v.strictObject(allocationEntries) },
})

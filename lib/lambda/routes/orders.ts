// Routes of orders: placing one, reading it, cancelling it, taking units of it back.
import * as v from 'valibot'
import { id, line, quantity } from '../../../events/fields.ts'
import { amount } from '../../../events/order-fields.ts'
import { cartSchema } from '../../app/checkout/cart.ts'
import { limits } from '../../base/limits.ts'
import { orderSchema } from '../../shop/order.ts'
import { defineRoute } from '../route.ts'

const { returned, given_back, ...orderEntries } = orderSchema.entries
const order = v.strictObject({
  ...orderEntries,
  /** Units that came back, by line id. */
  returned,
  /** Given back so far, by returns and a cancellation. */
  given_back: v.strictObject(given_back.entries),
})

const { language: _, ...cart } = cartSchema.entries

// Whoever names a customer that is not its own to see is told that there is no such order.
const roles = ['shop', 'tester', 'admin'] as const

const testersOwn = 'A tester orders, and sees orders, for the customer that its token speaks for alone.'

const promoIds = v.pipe(
  v.array(line(limits.idChars), 'must be a list'),
  v.maxLength(limits.promoIds, `must have at most ${limits.promoIds} entries`),
)

export const postOrders = defineRoute({
  name: 'post-orders',
  method: 'POST',
  path: '/orders',
  summary: 'Place an order, once',
  description:
    'The cart of `POST /checkout` with what the customer was shown. It is evaluated again; if it now costs more, or a ' +
    'promotion of `expected_promos` fell away, nothing is ordered and the answer is 409 `order_changed` with the new ' +
    `\`allocation\`: show it and repeat. docs/orders.md tells the whole story. ${testersOwn}`,
  roles,
  needs: ['table', 'objects', 'clock', 'settings'],
  body: v.strictObject(
    {
      ...cart,
      customer_id: id(),
      /** The total that the customer has agreed to; a lower one is taken. */
      expected_total_minor: amount(),
      /** Ids of the promotions (`applied`) that the customer was shown. */
      expected_promos: v.exactOptional(promoIds),
    },
    'must be an object',
  ),
  idempotent: 'required',
  answer: { status: 200, description: 'The order; a repeated request gets the first answer.', schema: order },
  problems: [404, 409],
})

export const getOrder = defineRoute({
  name: 'get-order',
  method: 'GET',
  path: '/orders/{id}',
  summary: 'One order, and what has come back of it',
  description: testersOwn,
  roles,
  needs: ['table'],
  params: v.strictObject({ id: id() }),
  answer: { status: 200, description: 'The order.', schema: order },
  problems: [404],
})

export const postOrderCancel = defineRoute({
  name: 'post-order-cancel',
  method: 'POST',
  path: '/orders/{id}/cancel',
  summary: 'Cancel an order: all that was paid and all limits are given back',
  description: `Only while nothing of it has come back. One that is cancelled already stays so. ${testersOwn}`,
  roles,
  needs: ['table', 'clock'],
  params: v.strictObject({ id: id() }),
  answer: { status: 200, description: 'The order, cancelled.', schema: order },
  problems: [404, 409],
})

const back = v.strictObject({ line_id: id(), quantity: quantity() }, 'must be an object')

const refund = { refund_minor: v.number(), cashback_minor: v.number(), bonus_minor: v.number() }

export const postOrderReturns = defineRoute({
  name: 'post-order-returns',
  method: 'POST',
  path: '/orders/{id}/returns',
  summary: 'Take units of an order back: what was paid for each is given back',
  description:
    'By the share of each unit that was recorded when the order was placed; goods that stay keep their price, also when ' +
    `what is left would no longer have earned the promotion. Delivery is not given back. ${testersOwn}`,
  roles,
  needs: ['table', 'clock'],
  params: v.strictObject({ id: id() }),
  body: v.strictObject(
    {
      lines: v.pipe(
        v.array(back, 'must be a list'),
        v.minLength(1, 'must hold a line'),
        v.maxLength(limits.cartLines, `must have at most ${limits.cartLines} lines`),
        v.check((all) => new Set(all.map(({ line_id }) => line_id)).size === all.length, 'names a line twice'),
      ),
    },
    'must be an object',
  ),
  idempotent: 'required',
  answer: {
    status: 200,
    description: 'What is given back; a repeated request gets the first answer.',
    schema: v.strictObject({
      order_id: v.string(),
      return_id: v.string(),
      returned_at: v.string(),
      lines: v.array(v.strictObject({ line_id: v.string(), quantity: v.number(), ...refund })),
      ...refund,
      /** To limits and budgets; `promo` is the place in the order's `promos`. */
      releases: v.array(v.strictObject({ promo: v.number(), uses: v.number(), budget_minor: v.number() })),
    }),
  },
  problems: [404, 409],
})

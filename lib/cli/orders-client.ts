// Orders as the commands see them, and the shop that runs behind it. orders-on-files.ts is the other one; both answer
// what the API answers.
import type * as v from 'valibot'
import type { JsonObject } from '../base/json.ts'
import { postCheckout } from '../lambda/routes/checkout.ts'
import { getOrder, postOrderCancel, postOrderReturns, postOrders } from '../lambda/routes/orders.ts'
import { getCustomer } from '../lambda/routes/read.ts'
import type { Back, Order } from '../shop/order.ts'
import type { Call } from './http-client.ts'

/** The body of POST /orders. */
export type OrderRequest = v.InferOutput<typeof postOrders.body>
export type OrderedCart = Omit<OrderRequest, 'expected_total_minor' | 'expected_promos'>
export type ReturnAnswer = v.InferOutput<typeof postOrderReturns.answer.schema>

export type OrdersClient = {
  /** What the cart comes to now, all of it. */
  totalMinor(cart: OrderedCart): Promise<number>
  /** `key`: the Idempotency-Key. @throws KramError as POST /orders answers */
  place(request: OrderRequest, key: string): Promise<Order>
  /** @throws KramError not_found `unknown_order` */
  get(id: string): Promise<Order>
  /** What the customer's document shows of each, oldest first. @throws KramError not_found `unknown_customer` */
  ofCustomer(id: string): Promise<JsonObject[]>
  cancel(id: string): Promise<Order>
  takeBack(id: string, lines: readonly Back[], key: string): Promise<ReturnAnswer>
}

export const ordersOverHttp = (call: Call): OrdersClient => ({
  totalMinor: async (cart) => (await call(postCheckout, { body: { ...cart, explain: false } })).total_minor,
  place: (body, idempotencyKey) => call(postOrders, { body, idempotencyKey }),
  get: (id) => call(getOrder, { params: { id } }),
  ofCustomer: async (id) => (await call(getCustomer, { params: { id }, query: { limit: 1 } })).orders as JsonObject[],
  cancel: (id) => call(postOrderCancel, { params: { id } }),
  takeBack: (id, lines, idempotencyKey) => call(postOrderReturns, { params: { id }, body: { lines }, idempotencyKey }),
})

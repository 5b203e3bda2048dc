// POST /orders: places an order, once for each Idempotency-Key.
import { chainOf } from '../lib/app/chain.ts'
import { placeOrder } from '../lib/app/orders/place-order.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { checkCustomer, isTester } from '../lib/lambda/order-caller.ts'
import { reportFaults } from '../lib/lambda/promo-faults.ts'
import { eventIdOf } from '../lib/lambda/publish.ts'
import { postOrders } from '../lib/lambda/routes/orders.ts'

export const handler = httpFunction(postOrders, async (deps, request) => {
  const { body, caller, idempotencyKey, correlationId } = request
  const { expected_total_minor, expected_promos, ...cart } = body
  checkCustomer(caller, cart.customer_id)
  const { order, faults } = await placeOrder(deps, {
    orderId: eventIdOf({ caller, route: postOrders.name, idempotencyKey, clock: deps.clock }),
    cart,
    expectedTotalMinor: expected_total_minor,
    ...(expected_promos && { expectedPromos: expected_promos }),
    tester: isTester(caller),
    ...chainOf(request),
  })
  reportFaults(postOrders.name, correlationId, faults)
  return order
})

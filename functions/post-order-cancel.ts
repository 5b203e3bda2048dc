// POST /orders/{id}/cancel: all that was paid and all limits are given back.
import { chainOf } from '../lib/app/chain.ts'
import { cancelOrder } from '../lib/app/orders/change-order.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { ownCustomer } from '../lib/lambda/order-caller.ts'
import { postOrderCancel } from '../lib/lambda/routes/orders.ts'

export const handler = httpFunction(postOrderCancel, (deps, request) =>
  cancelOrder(deps, { orderId: request.params.id, ...ownCustomer(request.caller), ...chainOf(request) }),
)

// POST /orders/{id}/cancel: all that was paid and all limits are given back.
import { cancelOrder } from '../lib/app/orders/change-order.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { ownCustomer } from '../lib/lambda/order-caller.ts'
import { postOrderCancel } from '../lib/lambda/routes/orders.ts'

export const handler = httpFunction(postOrderCancel, (deps, { params, caller, correlationId, traceparent }) =>
  cancelOrder(deps, {
    orderId: params.id,
    ...ownCustomer(caller),
    correlationId,
    ...(traceparent !== undefined && { traceparent }),
  }),
)

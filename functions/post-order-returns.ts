// POST /orders/{id}/returns: units of an order come back, and what was paid for them is given back.
import { chainOf } from '../lib/app/chain.ts'
import { returnUnits } from '../lib/app/orders/change-order.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { ownCustomer } from '../lib/lambda/order-caller.ts'
import { eventIdOf } from '../lib/lambda/publish.ts'
import { postOrderReturns } from '../lib/lambda/routes/orders.ts'

export const handler = httpFunction(postOrderReturns, (deps, request) => {
  const { params, body, caller, idempotencyKey } = request
  return returnUnits(deps, {
    orderId: params.id,
    returnId: eventIdOf({ caller, route: `${postOrderReturns.name} ${params.id}`, idempotencyKey, clock: deps.clock }),
    lines: body.lines,
    ...ownCustomer(caller),
    ...chainOf(request),
  })
})

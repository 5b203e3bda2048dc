// GET /orders/{id}: one order.
import { getOrder } from '../lib/app/orders/change-order.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { ownCustomer } from '../lib/lambda/order-caller.ts'
import { getOrder as route } from '../lib/lambda/routes/orders.ts'

export const handler = httpFunction(route, (deps, { params, caller }) => getOrder(deps, params.id, ownCustomer(caller)))

// POST /purchases: a customer buys, by publishing customer_buys_product.
import { customerBuysProduct } from '../events/customer-buys-product.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { publishOne } from '../lib/lambda/publish.ts'
import { postPurchases } from '../lib/lambda/routes/publish.ts'

export const handler = httpFunction(postPurchases, async (deps, request) => {
  const { eventId } = await publishOne({
    deps,
    route: postPurchases.name,
    request,
    definition: customerBuysProduct,
    data: () => request.body,
  })
  return { id: eventId, event_id: eventId, correlation_id: request.correlationId }
})

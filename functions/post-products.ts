// POST /products: puts a product on sale by publishing new_product.
import { newProduct } from '../events/new-product.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { publishOne } from '../lib/lambda/publish.ts'
import { postProducts } from '../lib/lambda/routes/publish.ts'

export const handler = httpFunction(postProducts, async (deps, request) => {
  const { eventId, subject } = await publishOne({
    deps,
    route: postProducts.name,
    request,
    definition: newProduct,
    data: (eventId) => ({ ...request.body, id: request.body.id ?? eventId }),
  })
  return { id: subject, event_id: eventId, correlation_id: request.correlationId }
})

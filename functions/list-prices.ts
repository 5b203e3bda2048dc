// GET /products/{id}/prices: every price a product had.
import { priceHistory } from '../lib/app/read-products.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { listPrices } from '../lib/lambda/routes/read.ts'

export const handler = httpFunction(listPrices, async (deps, { params, query }) => {
  return await priceHistory(deps, params.id, query)
})

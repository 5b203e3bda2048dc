// GET /products/{id}/lowest-price?day=: the lowest price of the 30 days before.
import { lowestPrice } from '../lib/app/read-products.ts'
import { toInstant, utcDay } from '../lib/base/time.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { getLowestPrice } from '../lib/lambda/routes/read.ts'

export const handler = httpFunction(getLowestPrice, async (deps, { params: { id }, query }) => {
  const day = query.day ?? utcDay(toInstant(deps.clock.now()))
  return { id, day, ...(await lowestPrice(deps, id, day)) }
})

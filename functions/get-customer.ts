// GET /customers/{id}: the document of one customer.
import { getCustomer } from '../lib/app/read-customers.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { getCustomer as route } from '../lib/lambda/routes/read.ts'

export const handler = httpFunction(route, async (deps, { params, query }) => {
  const { customer, next } = await getCustomer(deps, params.id, query)
  return next === undefined ? customer : { ...customer, next }
})

// GET /products/{id}: one product as it is now.
import { getProduct } from '../lib/app/read-products.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { getProduct as route } from '../lib/lambda/routes/read.ts'

export const handler = httpFunction(route, async (deps, { params }) => await getProduct(deps, params.id))

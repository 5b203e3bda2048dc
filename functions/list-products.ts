// GET /products: a page of what can be bought.
import { listProducts } from '../lib/app/read-products.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { listProducts as route } from '../lib/lambda/routes/read.ts'

export const handler = httpFunction(route, async (deps, { query }) => await listProducts(deps, query))

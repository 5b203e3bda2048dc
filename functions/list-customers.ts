// GET /customers: a page of customers.
import { listCustomers } from '../lib/app/read-customers.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { listCustomers as route } from '../lib/lambda/routes/read.ts'

export const handler = httpFunction(route, async (deps, { query }) => await listCustomers(deps, query))

// GET /events/aside: events that nobody handles or that were never sent, and why.
import { listAside } from '../lib/app/set-aside.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { listAside as route } from '../lib/lambda/routes/admin.ts'

export const handler = httpFunction(route, (deps, { query: { kind, ...page } }) => listAside(deps, kind, page))

// GET /promos/{id}/diff?from=&to=: what changed between two versions.
import { diffPromo } from '../lib/app/promos/read-promos.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { getPromoDiff } from '../lib/lambda/routes/promos.ts'

export const handler = httpFunction(getPromoDiff, (deps, { params, query }) => diffPromo(deps, params.id, query))

// POST /promos/pause: several promotions, or all, become drafts.
import { pausePromos } from '../lib/app/promos/pause-promos.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { postPause } from '../lib/lambda/routes/promos.ts'

export const handler = httpFunction(postPause, (deps, { body, caller, correlationId }) => {
  const promos = 'all' in body ? undefined : body.promos
  return pausePromos(deps, { promos, reason: body.reason, by: caller.subject, correlationId })
})

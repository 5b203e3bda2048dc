// POST /promos/{id}/rollback: saves the config of an earlier version as a new one.
import { chainOf } from '../lib/app/chain.ts'
import { rollBackPromo } from '../lib/app/promos/save-promo.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { postRollback } from '../lib/lambda/routes/promos.ts'
import { savedAnswer } from '../lib/lambda/saved-promo-answer.ts'

export const handler = httpFunction(postRollback, async (deps, { params: { id }, body, caller, ...request }) => {
  const { to, expected_version: expectedVersion, reason } = body
  return await savedAnswer(
    deps,
    await rollBackPromo(deps, { id, to, expectedVersion, reason, by: caller.subject, ...chainOf(request) }),
  )
})

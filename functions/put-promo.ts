// PUT /promos/{id}: saves a promotion as its next version.
import { chainOf } from '../lib/app/chain.ts'
import { savePromo } from '../lib/app/promos/save-promo.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { putPromo } from '../lib/lambda/routes/promos.ts'
import { savedAnswer } from '../lib/lambda/saved-promo-answer.ts'

export const handler = httpFunction(putPromo, async (deps, { params: { id }, body, caller, ...request }) => {
  const { config, expected_version: expectedVersion, reason } = body
  return await savedAnswer(
    deps,
    await savePromo(deps, { id, config, expectedVersion, reason, by: caller.subject, ...chainOf(request) }),
  )
})

// GET /promos/{id}?version=: one version of a promotion.
import { getPromo, getPromoVersion } from '../lib/app/promos/read-promos.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { promoAnswer } from '../lib/lambda/promo-answers.ts'
import { getPromo as route } from '../lib/lambda/routes/promos.ts'
import { faultsOf } from '../lib/lambda/stored-promo-faults.ts'

export const handler = httpFunction(route, async (deps, { params: { id }, query: { version } }) => {
  const found = await (version === undefined ? getPromo(deps, id) : getPromoVersion(deps, id, version))
  return { ...promoAnswer(found), ...faultsOf(found, deps.settings) }
})

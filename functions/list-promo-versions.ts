// GET /promos/{id}/versions: a page of the history of a promotion.
import { promoHistory } from '../lib/app/promos/read-promos.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { promoSummary } from '../lib/lambda/promo-answers.ts'
import { listPromoVersions } from '../lib/lambda/routes/promos.ts'

export const handler = httpFunction(listPromoVersions, async (deps, { params, query }) => {
  const { items, ...rest } = await promoHistory(deps, params.id, query)
  return { items: items.map((entry) => ({ ...promoSummary(entry), changes: entry.changes })), ...rest }
})

// GET /promos/{id}/versions: a page of the history of a promotion.
import { promoHistory } from '../lib/app/promos/read-promos.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { historyAnswer } from '../lib/lambda/promo-answers.ts'
import { listPromoVersions } from '../lib/lambda/routes/promos.ts'

export const handler = httpFunction(listPromoVersions, async (deps, { params, query: { include, ...page } }) => {
  const { items, ...rest } = await promoHistory(deps, params.id, page)
  return { items: items.map((entry) => historyAnswer(entry, include)), ...rest }
})

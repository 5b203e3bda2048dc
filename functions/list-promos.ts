// GET /promos: a page of promotions as they are now.
import { listPromos } from '../lib/app/promos/read-promos.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { promoSummary } from '../lib/lambda/promo-answers.ts'
import { listPromos as route } from '../lib/lambda/routes/promos.ts'

export const handler = httpFunction(route, async (deps, { query }) => {
  const { items, ...rest } = await listPromos(deps, query)
  return { items: items.map(promoSummary), ...rest }
})

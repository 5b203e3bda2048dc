// GET /promos: a page of promotions as they are now.
import { usageOfPromos } from '../lib/app/promos/promo-usage.ts'
import { listPromos } from '../lib/app/promos/read-promos.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { promoAnswer, promoSummary } from '../lib/lambda/promo-answers.ts'
import { listPromos as route } from '../lib/lambda/routes/promos.ts'
import { faultsOf } from '../lib/lambda/stored-promo-faults.ts'

export const handler = httpFunction(route, async (deps, { query: { include = [], state, ...page } }) => {
  const { items, ...rest } = await listPromos(deps, page)
  const versions = state === undefined ? items : items.filter((version) => version.state === state)
  const usages = include.includes('usage') ? await usageOfPromos(deps.table, versions) : []
  const shown = include.includes('config') ? promoAnswer : promoSummary
  const entries = versions.map((version, i) => ({
    ...shown(version),
    ...faultsOf(version, deps.settings),
    ...(usages[i] && { usage: usages[i] }),
  }))
  return { items: entries, ...rest }
})

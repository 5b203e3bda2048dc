// GET /statistics/promos?from=&to=: orders, and what each promotion gave, day by day.
import { promoStatistics } from '../lib/app/promos/read-statistics.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { getPromoStatistics } from '../lib/lambda/routes/statistics.ts'

export const handler = httpFunction(getPromoStatistics, (deps, { query }) => promoStatistics(deps, query))

// GET /products/{id}/hints: what a product's page says of promotions.
import { productHints } from '../lib/app/checkout/product-hints.ts'
import { cachedFunction } from '../lib/lambda/http-function.ts'
import { reportFaults } from '../lib/lambda/promo-faults.ts'
import { getHints } from '../lib/lambda/routes/checkout.ts'

const staleSeconds = 30

export const handler = cachedFunction(getHints, async (deps, { params, query, caller, correlationId }) => {
  const tester = caller.roles.includes('tester')
  const { answer, faults, maxAgeSeconds } = await productHints(deps, params.id, { tester, ...query })
  reportFaults(getHints.name, correlationId, faults)
  // An answer that failed is not kept at all.
  return { body: answer, maxAgeSeconds, staleSeconds: answer.promos_failed ? 0 : staleSeconds, shared: !tester }
})

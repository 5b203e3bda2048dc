// GET /catalogue/attributes: what attributes the goods have, with their most frequent values.
import { catalogueAttributes } from '../lib/app/catalogue-attributes.ts'
import { cachedFunction } from '../lib/lambda/http-function.ts'
import { getCatalogueAttributes } from '../lib/lambda/routes/statistics.ts'

const maxAgeSeconds = 60

export const handler = cachedFunction(getCatalogueAttributes, async (deps) => ({
  body: await catalogueAttributes(deps),
  maxAgeSeconds,
  staleSeconds: maxAgeSeconds,
  shared: false,
}))

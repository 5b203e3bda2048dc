// What attributes the shop's goods have: read from the goods themselves, a bounded number of them.
import { limits } from '../base/limits.ts'
import type { CatalogueAttributes } from '../shop/admin-types.ts'
import { createAttributeCounter } from '../shop/count-attributes.ts'
import type { Deps } from './deps.ts'
import { listProducts } from './read-products.ts'

const together = 500

/** Of the first `limits.countedProducts` goods by the time of their first event; `cut` where there are more. */
export async function catalogueAttributes(deps: Pick<Deps, 'table'>): Promise<CatalogueAttributes> {
  const counter = createAttributeCounter()
  let products = 0
  let after: string | undefined
  do {
    const limit = Math.min(together, limits.countedProducts - products)
    const page = await listProducts(deps, { limit, ...(after !== undefined && { after }) })
    for (const product of page.items) counter.add(product)
    products += page.items.length
    after = page.next
  } while (after !== undefined && products < limits.countedProducts)
  return {
    products,
    cut: after !== undefined,
    attributes: counter.result({ attributes: limits.countedAttributes, values: limits.countedValues }),
  }
}

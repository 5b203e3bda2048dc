// `new_product` -> one more price in the product's history and, if it is the latest, what the product is now.
import type { DataOf } from '../../events/catalog.ts'
import { assert } from '../base/assert.ts'
import { unitsToMinor } from '../base/money.ts'
import { type Product, productOf } from '../shop/product.ts'
import { projection, type Rule } from './handle.ts'
import { keys, lists } from './keys.ts'
import { foldLatest } from './latest.ts'

export const storeProductRule: Rule<'new_product'> = {
  handler: 'on-new-product',
  type: 'new_product',
  async fold(table, event) {
    const product = productIn(event.data)
    const { id } = product
    const key = keys.product(id)
    const [stored] = await table.get([key])
    const { folded, latest, changed, guard } = foldLatest(stored, event)
    // A purchase copies what was true at its time, so a price keeps the name, type and attributes beside it.
    const price = { ...product, time: event.time, event_id: event.id, ...keys.price(id, event.time, event.id) }
    const list = { name: lists.products, sort: `${folded.first_time}#${id}` }
    const shown = latest || !stored ? product : productOf(stored)
    return {
      ops: [
        { op: 'put', item: price },
        ...(changed ? [{ op: 'put' as const, item: { ...shown, ...folded, ...key }, list, if: guard }] : []),
      ],
    }
  },
}

function productIn({ price, ...rest }: DataOf<'new_product'>): Product {
  const read = unitsToMinor(price)
  assert(read.ok, 'the schema has checked the price')
  return { ...rest, price_minor: read.minor }
}

export const storeProduct = projection(storeProductRule)

// What attributes goods really have, and with which values: suggestions for whoever describes goods.
import type { CatalogueAttribute } from './admin-types.ts'
import type { Product } from './product.ts'

type Value = string | number | boolean
type Seen = { products: number; kinds: Set<CatalogueAttribute['kinds'][number]>; values: Map<Value, number> }

export type AttributeCounter = {
  add(product: Product): void
  /** The most frequent first, by name among equals. `most`: attributes, and values of each. */
  result(most: { attributes: number; values: number }): CatalogueAttribute[]
}

const kindOf = (value: Value | string[]): CatalogueAttribute['kinds'][number] => {
  if (Array.isArray(value)) return 'list'
  return typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'boolean'
}

const compare = (a: Value, b: Value): number => (a < b ? -1 : a > b ? 1 : 0)

export function createAttributeCounter(): AttributeCounter {
  const attributes = new Map<string, Seen>()
  const count = (name: string, value: Value | string[]): void => {
    const seen = attributes.get(name) ?? { products: 0, kinds: new Set(), values: new Map() }
    attributes.set(name, seen)
    seen.products++
    seen.kinds.add(kindOf(value))
    for (const one of Array.isArray(value) ? new Set(value) : [value]) {
      seen.values.set(one, (seen.values.get(one) ?? 0) + 1)
    }
  }
  return {
    add({ id, name, type, attributes: own = {} }) {
      // As a line of an order has them (lib/promos/order.ts): an attribute of the same name comes second.
      const all = { ...own, sku: id, name, type }
      for (const [attribute, value] of Object.entries(all)) count(attribute, value)
    },
    result: (most) =>
      [...attributes]
        .sort(([a, x], [b, y]) => y.products - x.products || compare(a, b))
        .slice(0, most.attributes)
        .map(([name, { products, kinds, values }]) => ({
          name,
          products,
          kinds: [...kinds].sort(),
          values: [...values]
            .sort(([a, x], [b, y]) => y - x || compare(a, b))
            .slice(0, most.values)
            .map(([value, times]) => ({ value, products: times })),
          more_values: values.size > most.values,
        })),
  }
}

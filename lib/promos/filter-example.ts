// Goods that pass a filter, made from what it says: to try what adding such goods would do.
import { type FilterNode, matchesFilter } from './filter.ts'
import type { Scalar } from './filter-schema.ts'

type Example = { sku?: string; price_minor: number; attributes: Record<string, Scalar | string[]> }

/** Goods that pass, or undefined when simple reading of the filter finds none. */
export function exampleOf(filter: FilterNode): Example | undefined {
  const goods: Example = { price_minor: 0, attributes: {} }
  collect(filter, goods)
  return matchesFilter(filter, goods) ? goods : undefined
}

function collect(node: FilterNode, goods: Example): void {
  if (node.kind === 'all') for (const part of node.parts) collect(part, goods)
  if (node.kind === 'any' && node.parts[0]) collect(node.parts[0], goods)
  if (node.kind !== 'test') return
  const value = valueFor(node.operator, node.operand)
  if (value === undefined) return
  if (node.attribute === 'price') goods.price_minor = Math.max(goods.price_minor, Number(value))
  else if (node.attribute === 'sku') goods.sku = String(value)
  else if (node.operator !== 'has') goods.attributes[node.attribute] = value
  else goods.attributes[node.attribute] = [...listAt(goods.attributes[node.attribute]), String(value)]
}

const listAt = (value: Scalar | string[] | undefined): string[] => (Array.isArray(value) ? value : [])

function valueFor(operator: string, operand: Scalar | readonly Scalar[]): Scalar | undefined {
  const first = Array.isArray(operand) ? (operand[0] as Scalar) : (operand as Scalar)
  switch (operator) {
    case 'eq':
    case 'has':
    case 'in':
    case 'gte':
    case 'lte':
    case 'between':
    case 'prefix':
      return first
    case 'gt':
      return typeof first === 'number' ? first + 1 : undefined
    case 'lt':
      return typeof first === 'number' ? first - 1 : undefined
    case 'exists':
      return first === true ? true : undefined
    default:
      return undefined
  }
}

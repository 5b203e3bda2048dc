// Goods that a customer could add for a sum, where a filter looks at their price: the least that comes to it.
import { limits } from '../base/limits.ts'
import { type FilterNode, matchesFilter } from './filter.ts'
import type { OrderLine } from './order.ts'

/** Units at one price each. */
export type Added = readonly [price: number, units: number]

export const sumOf = (added: readonly Added[]): number => added.reduce((sum, [price, units]) => sum + price * units, 0)

/**
 * Goods like the line's that pass the filter and come to `missing` minor units, or as little over it as can be. Empty: no
 * price that the filter names passes.
 */
export function leastFor(missing: number, line: OrderLine, filter: FilterNode): readonly Added[] {
  let best: readonly Added[] = []
  for (const price of [missing, line.price_minor, ...pricesNear(filter)]) {
    if (price <= 0) continue
    const units = Math.ceil(missing / price)
    // As many that come to just the sum, of two prices next to each other.
    const low = Math.floor(missing / units)
    const dearer = missing - low * units
    const split: Added[] = [
      [low + 1, dearer],
      [low, units - dearer],
    ]
    for (const added of [split.filter(([, count]) => count > 0), [[price, units] as const]]) {
      const passes = added.every(([each]) => matchesFilter(filter, { ...line, price_minor: each }))
      const isLess = best.length === 0 || sumOf(added) < sumOf(best)
      if (passes && isLess && units <= limits.quantity) best = added
    }
  }
  return best
}

/** Where the filter may begin or end to hold. */
function pricesNear(node: FilterNode): number[] {
  if (node.kind === 'not') return pricesNear(node.part)
  if (node.kind !== 'test') return node.parts.flatMap(pricesNear)
  if (node.attribute !== 'price') return []
  return [node.operand].flat().flatMap((price) => [Number(price) - 1, Number(price), Number(price) + 1])
}

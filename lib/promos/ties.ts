// Which promos have to do with each other: those that look at the same lines or act on them, or on the delivery, and
// those that others tie together.
import { type FilterNode, looksAtPrice, matchesFilter } from './filter.ts'
import { goodsOf, type Situation } from './judging.ts'
import type { OrderLine } from './order.ts'
import type { Promo } from './promo.ts'

/** A place that promos look at or act on: a line by its position, or the delivery. */
export const deliveryPlace = -1

/** As `Promo.stages` has it. */
const deliveryStage = 1 << 3

/** All places of a promo. Not to be changed. */
export function placesOf(promo: Promo, situation: Situation): readonly number[] {
  let places = goodsOf(promo, situation)
  for (const { targets } of promo.actions) if (targets) places = [...places, ...situation.index.matching(targets)]
  return (promo.stages & deliveryStage) === 0 ? places : [...places, deliveryPlace]
}

/** Whether goods that are put into the cart would be a place of the promo. */
export const isAboutGoods = (promo: Promo, goods: OrderLine): boolean =>
  !promo.filter || filtersOf(promo).some((filter) => matchesFilter(filter, goods))

/** Whether goods that are there already, but at another price, might not be a place of the promo. */
export const isAboutPrice = (promo: Promo): boolean => filtersOf(promo).some(looksAtPrice)

function filtersOf({ filter, actions }: Promo): FilterNode[] {
  const filters = filter ? [filter] : []
  for (const { targets } of actions) if (targets) filters.push(targets)
  return filters
}

/**
 * `lines`: how many there are. Nodes are the places, one further on, and from `promos` on the promos; `roots` has for each
 * the one of all those that are tied together.
 */
export type Ties = { lines: number; promos: number; roots: Int32Array }

export const nodeOfPlace = (place: number): number => place + 1

export function tiesOf(tied: readonly Promo[], situation: Situation): Ties {
  const lines = situation.order.lines.length
  const promos = nodeOfPlace(lines)
  const roots = new Int32Array(promos + tied.length)
  for (let node = 0; node < roots.length; node++) roots[node] = node
  // Each node leads to one before it, or is a root.
  const rootOf = (node: number): number => {
    let root = node
    while (roots[root] !== root) root = roots[root]!
    return root
  }
  for (let i = 0; i < tied.length; i++) {
    for (const place of placesOf(tied[i]!, situation)) {
      const own = rootOf(promos + i)
      const other = rootOf(nodeOfPlace(place))
      roots[Math.max(own, other)] = Math.min(own, other)
    }
  }
  for (let node = 0; node < roots.length; node++) roots[node] = roots[roots[node]!]!
  return { lines, promos, roots }
}

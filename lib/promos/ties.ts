// Which promos have to do with each other: those that look at the same lines or act on them, or on the delivery, and
// those that others tie together.
import type { Outcome } from './apply.ts'
import { matchesFilter } from './filter.ts'
import type { Situation } from './judging.ts'
import type { OrderLine } from './order.ts'
import type { Promo } from './promo.ts'

/** A place that promos look at or act on: a line by its position, or the delivery. */
export const deliveryPlace = -1

/** As `Promo.stages` has it. */
const deliveryStage = 1 << 3

/** All places of a promo about these goods. Not to be changed. */
export function placesOf(
  { hasTargets, actions, stages }: Promo,
  goods: readonly number[],
  { index }: Situation,
): readonly number[] {
  let places = goods
  if (hasTargets) for (const { targets } of actions) if (targets) places = [...places, ...index.matching(targets)]
  return (stages & deliveryStage) === 0 ? places : [...places, deliveryPlace]
}

/** Whether goods that are put into the cart would be a place of the promo. */
export const isAboutGoods = ({ filter, actions }: Promo, goods: OrderLine): boolean =>
  !filter ||
  matchesFilter(filter, goods) ||
  actions.some(({ targets }) => targets !== undefined && matchesFilter(targets, goods))

/**
 * `lines`: how many there are. Nodes are the places, one further on, and from `promos` on the promos; `roots` has for each
 * the one of all those that are tied together. `all`: the numbers of the promos; `priced`: of
 * those that look at the price of goods. `isSomeLate`: some look at what others left.
 */
export type Ties = {
  lines: number
  promos: number
  roots: Int32Array
  all: readonly number[]
  priced: readonly number[]
  isSomeLate: boolean
}

export const nodeOfPlace = (place: number): number => place + 1

export function tiesOf(tied: readonly Outcome[], situation: Situation): Ties {
  const lines = situation.order.lines.length
  const promos = nodeOfPlace(lines)
  const roots = new Int32Array(promos + tied.length)
  for (let node = 0; node < roots.length; node++) roots[node] = node
  const all: number[] = []
  const priced: number[] = []
  let isSomeLate = false
  for (let i = 0; i < tied.length; i++) {
    const { promo, goods } = tied[i]!
    all.push(i)
    if (promo.looksAtPrice) priced.push(i)
    if (promo.late) isSomeLate = true
    const places = placesOf(promo, goods, situation)
    for (let k = 0; k < places.length; k++) join(roots, promos + i, nodeOfPlace(places[k]!))
  }
  for (let node = 0; node < roots.length; node++) roots[node] = roots[roots[node]!]!
  return { lines, promos, roots, all, priced, isSomeLate }
}

// Each node leads to one before it, or is a root.
function join(roots: Int32Array, a: number, b: number): void {
  const one = rootOf(roots, a)
  const other = rootOf(roots, b)
  if (one < other) roots[other] = one
  else roots[one] = other
}

function rootOf(roots: Int32Array, node: number): number {
  let root = node
  while (roots[root] !== root) root = roots[root]!
  return root
}

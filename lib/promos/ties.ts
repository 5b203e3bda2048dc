// Which promos have to do with each other: what one takes off a line, or off the delivery, is there no more for others
// that look at it.

import { matchesFilter } from './filter.ts'
import type { Situation } from './judging.ts'
import type { OrderLine } from './order.ts'
import type { Outcome } from './outcome.ts'
import type { Promo } from './promo.ts'

/** A place that promos look at or act on: a line by its position, or the delivery. */
export const deliveryPlace = -1

export const justDelivery: readonly number[] = [deliveryPlace]

// As `Promo.stages` has them.
const deliveryStage = 1 << 3
const creditStage = 1 << 4

/** Once it applies, goods make no difference to it. */
const isJustDelivery = ({ stages, stop }: Promo): boolean => stages === deliveryStage && !stop

/** Whether others may find less after it: credits stand beside what is paid. */
export const takes = ({ stages, stop }: Promo): boolean => stages !== creditStage || stop

/** All places of a promo about these goods. Not to be changed. */
export function placesOf(promo: Promo, goods: readonly number[], { index }: Situation): readonly number[] {
  if (isJustDelivery(promo)) return justDelivery
  let places = goods
  if (promo.hasTargets) {
    for (const { targets } of promo.actions) if (targets) places = [...places, ...index.matching(targets)]
  }
  return (promo.stages & deliveryStage) === 0 ? places : [...places, deliveryPlace]
}

/** Whether goods that are put into the cart would be a place of the promo. */
export const isAboutGoods = (promo: Promo, goods: OrderLine): boolean =>
  !isJustDelivery(promo) &&
  (!promo.filter ||
    matchesFilter(promo.filter, goods) ||
    promo.actions.some(({ targets }) => targets !== undefined && matchesFilter(targets, goods)))

/**
 * Promos are known by their number among those that applied. `roots`: place, one further on -> the one for all places that
 * takers tie to it. `takers`: where they have their places; -1: it takes nothing, or has none. `priced`: who looks at
 * the price of goods.
 */
export type Ties = {
  places: readonly (readonly number[])[]
  roots: readonly number[]
  takers: readonly number[]
  priced: readonly number[]
  isSomeLate: boolean
}

export const nodeOfPlace = (place: number): number => place + 1

export function tiesOf(outcomes: readonly Outcome[], situation: Situation): Ties {
  const roots = situation.order.lines.map((_, line) => line)
  roots.push(roots.length)
  const takers = outcomes.map(() => -1)
  const places: (readonly number[])[] = []
  const priced: number[] = []
  let isSomeLate = false
  for (let i = 0; i < outcomes.length; i++) {
    const { promo, goods } = outcomes[i]!
    if (promo.late) isSomeLate = true
    if (promo.looksAtPrice) priced.push(i)
    const own = placesOf(promo, goods, situation)
    places.push(own)
    if (own.length === 0 || !takes(promo)) continue
    takers[i] = nodeOfPlace(own[0]!)
    for (let k = 1; k < own.length; k++) join(roots, takers[i]!, nodeOfPlace(own[k]!))
  }
  for (let node = 0; node < roots.length; node++) roots[node] = roots[roots[node]!]!
  for (let i = 0; i < takers.length; i++) if (takers[i] !== -1) takers[i] = roots[takers[i]!]!
  return { places, roots, takers, priced, isSomeLate }
}

// Each node leads to one before it, or is a root.
function join(roots: number[], a: number, b: number): void {
  const one = rootOf(roots, a)
  const other = rootOf(roots, b)
  if (one < other) roots[other] = one
  else roots[one] = other
}

function rootOf(roots: readonly number[], node: number): number {
  let root = node
  while (roots[root] !== root) root = roots[root]!
  return root
}

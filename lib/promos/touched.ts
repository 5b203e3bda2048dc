// What a changed order can leave as it was: promos that share no goods with what changed, nor with each other through it,
// give what they gave. It spares work, and decides nothing. For what-if.ts.
import type { Decision } from './decide.ts'
import { areSameGoods, likeOf } from './goods-index.ts'
import { goodsOf, type Situation } from './judging.ts'
import type { Order, OrderLine } from './order.ts'
import type { Promo } from './promo.ts'
import type { Restacked } from './restack.ts'
import { deliveryPlace, isAboutGoods, justDelivery, nodeOfPlace, placesOf, type Ties, takes, tiesOf } from './ties.ts'

export type Comparison = {
  /** Whether the promo may look at something that changed, or act on it. */
  isAbout(promo: Promo): boolean
  touched(restacked: Restacked): Touched
}

/**
 * Who may give something else than before, with all whom these must find there: of those that applied, the numbers, ascending;
 * and those that apply now, by rank.
 */
export type Touched = { old: readonly number[]; again: readonly Promo[] }

/** Compares a decision with orders that are much the same. */
export function comparisonWith(before: Decision): (now: Situation) => Comparison {
  let ties: Ties | undefined
  return (now) => {
    const change = changeOf(before.situation.order, now.order)
    return {
      isAbout: (promo) => isAbout(promo, now, change),
      touched(restacked) {
        ties ??= tiesOf(before.application.outcomes, before.situation)
        return touchedPromos(restacked, { stay: before.stack.stay, ties, now, change })
      },
    }
  }
}

/**
 * `lines`: positions of those that are others than before. `foreign`: those of other goods, too, and where such goods were
 * before but for their price, if anywhere.
 */
type Change = { lines: readonly number[]; foreign: readonly Foreign[]; isDelivery: boolean }
type Foreign = { goods: OrderLine; like: number }

function changeOf({ lines: old, delivery: was }: Order, { lines: now, delivery: is }: Order): Change {
  const lines: number[] = []
  const foreign: Foreign[] = []
  for (let line = 0; line < Math.max(old.length, now.length); line++) {
    const before = old[line]
    const after = now[line]
    if (before === after) continue
    lines.push(line)
    if (after && !(before && areSameGoods(before, after))) foreign.push({ goods: after, like: likeOf(old, after) })
  }
  return { lines, foreign, isDelivery: was?.price_minor !== is?.price_minor }
}

function isAbout(promo: Promo, now: Situation, { lines, isDelivery }: Change): boolean {
  for (const place of placesOf(promo, goodsOf(promo, now), now)) {
    if (place === deliveryPlace ? isDelivery : lines.includes(place)) return true
  }
  return false
}

type Before = { stay: readonly Promo[]; ties: Ties; now: Situation; change: Change }

function touchedPromos({ gone, come }: Restacked, { stay, ties, now, change }: Before): Touched {
  // Those that look at what others left may look at all of it.
  if (ties.isSomeLate || come.some(({ late }) => late)) {
    const all = [...stay.keys()]
    return { old: all, again: againOf(all, stay, { gone, come }) }
  }
  const { places, takers, priced } = ties
  const isReached = new Uint8Array(stay.length)
  const marks = new Marks(ties)
  marks.add(change.lines)
  if (change.isDelivery) marks.add(justDelivery)
  for (const { goods, like } of change.foreign) {
    if (like >= 0) marks.add([like])
    // Others look at nothing in which these goods differ from such as were there.
    for (const own of like < 0 ? stay.keys() : priced) if (isAboutGoods(stay[own]!, goods)) isReached[own] = 1
  }
  for (const promo of gone) isReached[stay.indexOf(promo)] = 1
  // What those take, or took, others have less.
  for (let own = 0; own < isReached.length; own++)
    if (isReached[own] === 1 && takers[own] !== -1) marks.add(places[own]!)
  const fresh = come.map((promo) => placesOf(promo, goodsOf(promo, now), now))
  for (let i = 0; i < come.length; i++) if (takes(come[i]!)) marks.add(fresh[i]!)
  for (let own = 0; own < isReached.length; own++) if (marks.has(places[own]!)) isReached[own] = 1
  // Who only looks must find what others leave there.
  for (let own = 0; own < isReached.length; own++) if (isReached[own] === 1) marks.add(places[own]!)
  for (const own of fresh) marks.add(own)
  const old: number[] = []
  for (let own = 0; own < isReached.length; own++) {
    if (isReached[own] === 1 || (takers[own] !== -1 && marks.hasRoot(takers[own]!))) old.push(own)
  }
  return { old, again: againOf(old, stay, { gone, come }) }
}

function againOf(old: readonly number[], stay: readonly Promo[], { gone, come }: Restacked): Promo[] {
  const again: Promo[] = []
  let k = 0
  for (let i = 0; i < old.length; i++) {
    const promo = stay[old[i]!]!
    while (k < come.length && come[k]!.rank < promo.rank) again.push(come[k++]!)
    if (!gone.includes(promo)) again.push(promo)
  }
  while (k < come.length) again.push(come[k++]!)
  return again
}

/** Some places, with all that takers tie to them. */
class Marks {
  private readonly roots: readonly number[]
  private readonly isMarked: Uint8Array

  constructor({ roots }: Ties) {
    this.roots = roots
    this.isMarked = new Uint8Array(roots.length)
  }

  add(places: readonly number[]): void {
    const { roots, isMarked } = this
    for (let i = 0; i < places.length; i++) {
      const node = nodeOfPlace(places[i]!)
      // Nothing is tied to a line that was not there.
      if (node < roots.length) isMarked[roots[node]!] = 1
    }
  }

  has(places: readonly number[]): boolean {
    const { roots, isMarked } = this
    for (let i = 0; i < places.length; i++) {
      const node = nodeOfPlace(places[i]!)
      if (node < roots.length && isMarked[roots[node]!] === 1) return true
    }
    return false
  }

  hasRoot(root: number): boolean {
    return this.isMarked[root] === 1
  }
}

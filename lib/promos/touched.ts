// What a changed order can leave as it was: promos that share no goods with what changed, nor with each other through it,
// give what they gave. It spares work, and decides nothing. For what-if.ts.
import type { Decision } from './decide.ts'
import { areSameGoods, likeOf } from './goods-index.ts'
import { goodsOf, type Situation } from './judging.ts'
import type { Order, OrderLine } from './order.ts'
import type { Promo } from './promo.ts'
import { deliveryPlace, isAboutGoods, nodeOfPlace, placesOf, type Ties, tiesOf } from './ties.ts'

export type Comparison = {
  /** Whether the promo may look at something that changed, or act on it. */
  isAbout(promo: Promo): boolean
  /** The promos that may give something else than before: of those that applied, and of those that apply now. */
  touched(stay: readonly Promo[]): { old: readonly Promo[]; again: readonly Promo[] }
}

/** Compares a decision with orders that are much the same. */
export function comparisonWith(before: Decision): (now: Situation) => Comparison {
  let ties: Ties | undefined
  return (now) => {
    const change = changeOf(before.situation.order, now.order)
    return {
      isAbout: (promo) => isAbout(promo, now, change),
      touched(stay) {
        ties ??= tiesOf(before.application.outcomes, before.situation)
        return touchedPromos(before.stack.stay, stay, { ties, now, change })
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

function touchedPromos(
  before: readonly Promo[],
  stay: readonly Promo[],
  { ties, now, change }: { ties: Ties; now: Situation; change: Change },
): { old: readonly Promo[]; again: readonly Promo[] } {
  // Those that look at what others left may look at all of it.
  if (ties.isSomeLate) return { old: before, again: stay }
  const isTouched = new Uint8Array(ties.roots.length)
  const touch = (node: number): void => {
    isTouched[ties.roots[node]!] = 1
  }
  const isTied = (own: number): boolean => isTouched[ties.roots[ties.promos + own]!] === 1
  const touchPlace = (place: number): void => {
    if (place < ties.lines) touch(nodeOfPlace(place))
  }
  if (change.isDelivery) touchPlace(deliveryPlace)
  change.lines.forEach(touchPlace)
  /** Of those that stay, where they stand among those before; -1: it has come. */
  const kept = new Int32Array(stay.length)
  let i = 0
  for (let k = 0; k < stay.length; k++) {
    const promo = stay[k]!
    if (before[i] === promo) {
      kept[k] = i++
      continue
    }
    for (; i < before.length && before[i]!.rank < promo.rank; i++) touch(ties.promos + i)
    kept[k] = before[i] === promo ? i++ : -1
    if (kept[k] !== -1) continue
    if (promo.late) return { old: before, again: stay }
    placesOf(promo, goodsOf(promo, now), now).forEach(touchPlace)
  }
  for (; i < before.length; i++) touch(ties.promos + i)
  for (const { goods, like } of change.foreign) {
    if (like >= 0) touchPlace(like)
    // Others look at nothing in which these goods differ from such as were there.
    const asked = like < 0 ? ties.all : ties.priced
    for (const own of asked) if (!isTied(own) && isAboutGoods(before[own]!, goods)) touch(ties.promos + own)
  }
  const old: Promo[] = []
  for (let own = 0; own < before.length; own++) if (isTied(own)) old.push(before[own]!)
  const again: Promo[] = []
  for (let k = 0; k < stay.length; k++) if (kept[k] === -1 || isTied(kept[k]!)) again.push(stay[k]!)
  return { old, again }
}

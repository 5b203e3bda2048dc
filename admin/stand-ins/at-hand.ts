// Stands in the page for lib/promos/at-hand.ts: no index tells which are near, so all promotions are at hand.
import type { RanksAtHand } from '../../lib/promos/at-hand.ts'
import type { PromoSet } from '../../lib/promos/promo-set.ts'

export const ranksAtHand = ({ set }: { set: PromoSet }): RanksAtHand => [...Array(set.size).keys()]

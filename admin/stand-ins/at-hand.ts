// Stands in the page for lib/promos/at-hand.ts: every rule fires here, so all promotions are at hand.
import type { RanksAtHand } from '../../lib/promos/at-hand.ts'
import type { PromoFired } from '../../lib/promos/promo-fired.ts'

export const ranksAtHand = ({ fired }: { fired: PromoFired }): RanksAtHand => fired.rules

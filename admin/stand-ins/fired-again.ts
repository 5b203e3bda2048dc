// Stands in the page for lib/promos/fired-again.ts: every rule fires here, whatever the order.
import type { PromoFired } from '../../lib/promos/promo-fired.ts'

export const firedAgain = (fired: PromoFired): PromoFired => fired

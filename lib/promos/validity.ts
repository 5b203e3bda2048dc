// How long an answer holds: until the next promo comes into force or goes out of it.
import { isVisible } from './eligibility.ts'
import type { Situation } from './judging.ts'
import type { PromoSet } from './promo-set.ts'
import { nextBoundary } from './window.ts'

/** The first moment after now at which the same order may get another answer; undefined: never. */
export function validUntil({ promos }: PromoSet, { nowMs, tester }: Situation): number | undefined {
  let next: number | undefined
  for (const promo of promos) {
    if (promo.state === 'draft' || !isVisible(promo, tester)) continue
    const boundary = nextBoundary(promo.window, nowMs)
    if (boundary !== undefined && (next === undefined || boundary < next)) next = boundary
  }
  return next
}

// How long an answer holds: until the next promo comes into force or goes out of it.
import { dayMs, type Instant, toInstant } from '../base/time.ts'
import { readTime } from '../base/zones.ts'
import type { Situation } from './judging.ts'
import { daysSinceLastOrder } from './order.ts'
import type { PromoSet } from './promo-set.ts'
import { nextOpening } from './timetable.ts'

/** The first moment after now at which the same order may get another answer; null: never. */
export function validUntil(set: PromoSet, { order, nowMs, tester }: Situation): Instant | null {
  let next = nextOpening(set, nowMs, tester)
  const { live, test } = set.timetable.countsDays
  if (live || (test && tester)) {
    // The number of days since the last order grows by itself.
    const days = daysSinceLastOrder(order, nowMs)
    const last = order.customer?.last_order_at
    if (days !== undefined && typeof last === 'string') next = Math.min(next, nextDay(last, days))
  }
  return Number.isFinite(next) ? shown(next) : null
}

let lastShown: { ms: number; instant: Instant } | undefined

// It stays for hours, while many ask.
function shown(ms: number): Instant {
  if (lastShown?.ms !== ms) lastShown = { ms, instant: toInstant(ms) }
  return lastShown.instant
}

const nextDay = (last: string, days: number): number => (readTime(last, 'UTC')?.ms ?? 0) + (days + 1) * dayMs

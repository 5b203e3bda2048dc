// When promos of a set come into force and go out of it: how long an answer holds.
import type { Promo } from './promo.ts'
import { nextBoundary, type PromoWindow } from './window.ts'

export type Timetable = {
  /** Starts and finishes, ascending: of live promos, and of those in test. */
  readonly live: Float64Array
  readonly test: Float64Array
  /** Windows with hours that recur: their boundaries are reckoned when asked for. */
  readonly recurring: readonly { isTest: boolean; window: PromoWindow }[]
  /** Whether some promo asks how many days ago the last order was. */
  readonly countsDays: boolean
}

export function createTimetable(promos: readonly Promo[]): Timetable {
  const boundaries = { live: [] as number[], test: [] as number[] }
  const recurring: { isTest: boolean; window: PromoWindow }[] = []
  let countsDays = false
  for (const { state, window, config } of promos) {
    if (state === 'draft') continue
    countsDays ||= JSON.stringify(config.order_filters ?? []).includes('"days_since_last_order"')
    if (window.recurrence) {
      recurring.push({ isTest: state === 'test', window })
      continue
    }
    for (const moment of [window.startMs, window.finishMs]) if (Number.isFinite(moment)) boundaries[state].push(moment)
  }
  return {
    live: new Float64Array(boundaries.live).sort(),
    test: new Float64Array(boundaries.test).sort(),
    recurring,
    countsDays,
  }
}

/** The first moment after `nowMs` at which a promo that the caller may know of opens or closes; infinite: never. */
export function nextOpening({ live, test, recurring }: Timetable, nowMs: number, tester: boolean): number {
  let next = firstAfter(live, nowMs)
  if (tester) next = Math.min(next, firstAfter(test, nowMs))
  for (const { isTest, window } of recurring) {
    if (isTest && !tester) continue
    next = Math.min(next, nextBoundary(window, nowMs) ?? Number.POSITIVE_INFINITY)
  }
  return next
}

function firstAfter(sorted: Float64Array, ms: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! > ms) high = middle
    else low = middle + 1
  }
  return sorted[low] ?? Number.POSITIVE_INFINITY
}

// When promos of a set come into force and go out of it: how long an answer holds.
import type { Promo } from './promo.ts'
import { nextBoundary } from './window.ts'

/** JSON, as a snapshot keeps it. */
export type Timetable = {
  /** Starts and finishes, ascending: of live promos, and of those in test. */
  readonly live: readonly number[]
  readonly test: readonly number[]
  /** Ranks of promos with hours that recur: their boundaries are reckoned when asked for. */
  readonly recurring: readonly number[]
  /** Whether a live promo, or one in test, asks how many days ago the last order was. */
  readonly countsDays: { readonly live: boolean; readonly test: boolean }
}

export function createTimetable(promos: readonly Promo[]): Timetable {
  const boundaries = { live: new Set<number>(), test: new Set<number>() }
  const recurring: number[] = []
  const countsDays = { live: false, test: false }
  for (const { rank, state, window, config } of promos) {
    if (state === 'draft') continue
    countsDays[state] ||= JSON.stringify(config.order_filters ?? []).includes('"days_since_last_order"')
    if (window.recurrence) {
      recurring.push(rank)
      continue
    }
    for (const moment of [window.startMs, window.finishMs]) if (Number.isFinite(moment)) boundaries[state].add(moment)
  }
  const ascending = (moments: ReadonlySet<number>): number[] => [...moments].sort((a, b) => a - b)
  return { live: ascending(boundaries.live), test: ascending(boundaries.test), recurring, countsDays }
}

/** Nothing opens or closes after `from` and before `next`. */
type Span = { from: number; next: number }
const spans = new WeakMap<Timetable, { everyone?: Span; testers?: Span }>()

type Timed = { readonly timetable: Timetable; promo(rank: number): Promo }

/** The first moment after `nowMs` at which a promo that the caller may know of opens or closes; infinite: never. */
export function nextOpening(set: Timed, nowMs: number, tester: boolean): number {
  const known = spans.get(set.timetable) ?? {}
  const audience = tester ? 'testers' : 'everyone'
  const span = known[audience]
  if (span && span.from <= nowMs && nowMs < span.next) return span.next
  const next = findOpening(set, nowMs, tester)
  spans.set(set.timetable, { ...known, [audience]: { from: nowMs, next } })
  return next
}

function findOpening({ timetable, promo }: Timed, nowMs: number, tester: boolean): number {
  let next = firstAfter(timetable.live, nowMs)
  if (tester) next = Math.min(next, firstAfter(timetable.test, nowMs))
  for (const rank of timetable.recurring) {
    const { state, window } = promo(rank)
    if (state === 'test' && !tester) continue
    next = Math.min(next, nextBoundary(window, nowMs) ?? Number.POSITIVE_INFINITY)
  }
  return next
}

function firstAfter(sorted: readonly number[], ms: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! > ms) high = middle
    else low = middle + 1
  }
  return sorted[low] ?? Number.POSITIVE_INFINITY
}

// Promotions as bars of a calendar: what is in force when, and how many at once. Pure.
import type { PromoWindow } from '../../lib/promos/window.ts'

export type Span = { startMs: number; finishMs: number }

/** Shares of the span's width, 0 to 100; undefined: not in it. */
export function barOf(window: PromoWindow, { startMs, finishMs }: Span): { from: number; width: number } | undefined {
  const from = Math.max(window.startMs, startMs)
  const to = Math.min(window.finishMs, finishMs)
  if (from >= to) return undefined
  const share = (ms: number): number => Math.round((10_000 * ms) / (finishMs - startMs)) / 100
  return { from: share(from - startMs), width: Math.max(0.4, share(to - from)) }
}

/** How many windows are open together, day by day. */
export function overlaps(windows: readonly PromoWindow[], days: readonly number[], dayMs: number): number[] {
  return days.map(
    (start) => windows.filter((window) => window.startMs < start + dayMs && window.finishMs > start).length,
  )
}

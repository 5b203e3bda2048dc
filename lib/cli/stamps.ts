// Ids and times of the events that the CLI makes.
import { v5, v7 } from 'uuid'
import { type Instant, toInstant } from '../base/time.ts'
import type { Clock } from '../ports/clock.ts'

const namespace = 'f6f2b3a4-6a0c-5b52-9d1e-3c1f6a6f8f10'

/** The same id for the same name, always: what is sent twice under it counts once. */
export const namedId = (name: string): string => v5(name, namespace)

/** An id of its own; later ones of this process sort later. */
export const freshId = (): string => v7()

/**
 * Times of events made in a row: the clock's, but each a millisecond after the one before, so that they keep their
 * order. They run at most a second ahead of the clock; beyond that several share one.
 */
export function ascendingTimes(clock: Clock): () => Instant {
  let last = Number.NEGATIVE_INFINITY
  return () => {
    const now = clock.now()
    last = Math.min(Math.max(now, last + 1), now + 1_000)
    return toInstant(last)
  }
}

// What goes wrong in promotions without being in the way of an answer.
import { KramError } from '../../base/errors.ts'
import type { Live, LiveSet } from '../promos/live-set.ts'

/** For log and metrics; `code` is one of few. */
export type Fault = {
  kind: 'promos_failed' | 'part_failed' | 'promos_stale' | 'customer'
  code: string
  error?: unknown
}

export type Loaded = Live | { error: unknown }

/** The set in force, or why there is none; never throws. */
export async function loadLive(live: Pick<LiveSet, 'current'>): Promise<Loaded> {
  try {
    return await live.current()
  } catch (error) {
    return { error }
  }
}

/** Whether there are newer promotions could not be asked: these are the last good ones. */
export const isStale = (loaded: Loaded): loaded is Required<Live> => 'stale' in loaded && loaded.stale !== undefined

/** What the set that was loaded says of itself. */
export const staleFaults = (loaded: Loaded): Fault[] =>
  isStale(loaded) ? [{ kind: 'promos_stale', code: loaded.stale }] : []

/** As the answer tells of it. */
export type Failed = { code: string; message: string }

/** Notes that promotions failed with this. */
export function promosFailed(error: unknown, faults: Fault[]): Failed {
  const code = error instanceof KramError ? error.code : 'internal'
  faults.push({ kind: 'promos_failed', code, error })
  return { code, message: 'Promotions could not be applied; this is how it is without them.' }
}

/** What `apply` makes of the set; `instead` when there is no set or anything is thrown, and then a fault more. */
export function failOpen<T>(
  loaded: Loaded,
  faults: Fault[],
  apply: (set: Live['set']) => T,
  instead: (failed: Failed, promosVersion: number) => T,
): T {
  try {
    if ('error' in loaded) throw loaded.error
    return apply(loaded.set)
  } catch (error) {
    return instead(promosFailed(error, faults), 'set' in loaded ? loaded.set.number : 0)
  }
}

// Schedules publish the same few promotions again and again: the snapshot of each set is compiled once for all of them.
import { makeSnapshot } from '../../lib/app/promos/snapshot.ts'

type Snapshot = ReturnType<typeof makeSnapshot>

/** Some 10 MB. */
const mostKept = 4_000
const kept = new Map<string, Snapshot>()

export const snapshotOnce: typeof makeSnapshot = (set, promos, settings, good) => {
  const what = JSON.stringify([set, promos, settings])
  const found = kept.get(what)
  if (found) return found
  if (kept.size === mostKept) kept.clear()
  const made = makeSnapshot(set, promos, settings, good)
  kept.set(what, made)
  return made
}

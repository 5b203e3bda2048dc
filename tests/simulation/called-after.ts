// The ids of events that follow from others, each worked out once for all schedules.
import { followUpId } from '../../lib/app/follow-up.ts'

/** Schedules have the same few ids. */
const calledBefore = new Map<string, string>()
export function calledAfter(causeId: string, handler: string): string {
  const key = `${causeId}/${handler}`
  const known = calledBefore.get(key)
  if (known !== undefined) return known
  if (calledBefore.size === 10_000) calledBefore.clear()
  const made = followUpId(causeId, handler)
  calledBefore.set(key, made)
  return made
}

// JSON kept as it was, and compared, many thousand times a second.
import type { JsonValue } from '../../lib/base/json.ts'
import { sameJson } from '../../lib/base/json-diff.ts'

/**
 * Freezes what is JSON and everything in it, so that stores and the bus may give everybody the same one; whoever tries to
 * change what it was given, or has given away, throws. What is frozen already was frozen here.
 */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(Object.freeze(value))) frozen(inner)
  return value
}

/** Whether two values that are JSON, or not there at all, say the same. */
export const same = (a: unknown, b: unknown): boolean => a === b || sameJson(a as JsonValue, b as JsonValue)

// JSON kept as it was, and compared, many thousand times a second.
import type { JsonValue } from '../../lib/base/json.ts'
import { sameJson } from '../../lib/base/json-diff.ts'

type Named = { [name: string]: unknown }

/**
 * A deep copy that nobody can change, so that stores and the bus may give everybody the same one; whoever tries to
 * change what it was given, throws. What is frozen already came from here.
 */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (Array.isArray(value)) return Object.freeze(value.map(frozen)) as T
  const copy: Named = {}
  for (const name of Object.keys(value)) {
    const inner = frozen((value as Named)[name])
    // Assigning to __proto__ would set the prototype.
    if (name === '__proto__') Object.defineProperty(copy, name, { value: inner, enumerable: true })
    else copy[name] = inner
  }
  return Object.freeze(copy) as T
}

/** Whether two values that are JSON, or not there at all, say the same. */
export const same = (a: unknown, b: unknown): boolean => a === b || sameJson(a as JsonValue, b as JsonValue)

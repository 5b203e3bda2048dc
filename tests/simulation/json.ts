// JSON copied and compared, many thousand times a second.
import type { JsonValue } from '../../lib/base/json.ts'
import { sameJson } from '../../lib/base/json-diff.ts'

type Named = { [name: string]: unknown }

/** A deep copy of what is JSON, faster than structuredClone. */
export function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyJson) as T
  const copy: Named = {}
  for (const name of Object.keys(value)) {
    const inner = copyJson((value as Named)[name])
    // Assigning to __proto__ would set the prototype.
    if (name === '__proto__') Object.defineProperty(copy, name, { value: inner, enumerable: true })
    else copy[name] = inner
  }
  return copy as T
}

/** Whether two values that are JSON, or not there at all, say the same. */
export const same = (a: unknown, b: unknown): boolean => sameJson(a as JsonValue, b as JsonValue)

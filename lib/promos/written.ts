// What is written in a config, read: apart from the schemas, for who only tells it (the admin page's list).
import { unitsToMinor } from '../base/money.ts'
import type { Names } from './args.ts'

/** As one list; texts are compared without the spaces around them. */
export const listOf = (value: Names): string[] => (Array.isArray(value) ? value : [value]).map((entry) => entry.trim())

/** Whole units that a schema has passed, in minor units. */
export function minorOf(units: number): number {
  const read = unitsToMinor(units)
  return read.ok ? read.minor : 0
}

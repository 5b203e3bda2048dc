// Money: integers in minor units (grosz, kopiyka, cent) everywhere inside; decimals only where people or the first
// messages write whole units.
import { limits } from './limits.ts'

/** Result of reading whole units: the amount in minor units, or why it is refused. */
export type MinorResult = { ok: true; minor: number } | { ok: false; reason: string }

/**
 * Reads whole currency units with at most two decimals (`0.54`, `"49.99"`, `500`) exactly: 0.54 -> 54.
 * Works on the number's shortest decimal text (ECMA-262 Number::toString), so that no binary fraction leaks in.
 * Refuses a third decimal, a negative amount, more than `limits.priceMinor`.
 */
export function unitsToMinor(units: number | string): MinorResult {
  const text = String(units)
  const match = /^(\d{1,16})(?:\.(\d+))?$/.exec(text)
  if (!match) {
    if (/^-/.test(text)) return { ok: false, reason: 'must not be negative' }
    return { ok: false, reason: 'must be an amount in whole currency units, such as 49.99' }
  }
  const decimals = (match[2] ?? '').replace(/0+$/, '')
  if (decimals.length > 2) return { ok: false, reason: 'must have at most two decimals' }
  const minor = Number(match[1]) * 100 + Number(decimals.padEnd(2, '0'))
  if (minor > limits.priceMinor) return { ok: false, reason: `must be at most ${limits.priceMinor / 100}` }
  return { ok: true, minor }
}

/** Whether it is an amount in minor units that is kept exactly. */
export const isMinor = (amount: number): boolean => Number.isSafeInteger(amount) && amount >= 0

/** Minor units as text with two decimals and a dot: 288 -> "2.88", -5 -> "-0.05". */
export function minorToText(minor: number): string {
  const digits = String(Math.abs(minor)).padStart(3, '0')
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** Minor units as the number of whole units that the first messages carry: 54 -> 0.54. */
export const minorToUnits = (minor: number): number => Number(minorToText(minor))

/** The part of `minor` that falls to `part` of `whole`, rounded down, exactly: `minor * part / whole`. */
export function shareOf(minor: number, part: number, whole: number): number {
  const product = minor * part
  if (Number.isSafeInteger(product)) return Math.floor(product / whole)
  return Number((BigInt(minor) * BigInt(part)) / BigInt(whole))
}

// The shop's ways of delivery and what they cost, as a setting holds them: `courier=19.99, pickup=0`.
import { unitsToMinor } from '../../base/money.ts'
import type { Deliveries } from '../deps.ts'

/** Whole currency units to minor units, by method; undefined for text that is no such list. */
export function readDeliveries(text: string): Deliveries | undefined {
  const deliveries: Record<string, number> = {}
  for (const entry of text.split(',')) {
    const match = /^ *([\p{L}\p{N}][\p{L}\p{N}_.-]{0,63}) *= *(\d+(?:\.\d+)?) *$/u.exec(entry)
    if (!match?.[1] || !match[2] || Object.hasOwn(deliveries, match[1])) return undefined
    const price = unitsToMinor(match[2])
    if (!price.ok) return undefined
    deliveries[match[1]] = price.minor
  }
  return deliveries
}

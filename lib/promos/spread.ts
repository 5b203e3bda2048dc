// One amount over several parts in proportion to their weights, by largest remainder, with a ceiling for each part:
// over lines, and over the units of a line. Parts always add up to the amount.
import { mulDiv, pushRun, type Run } from './arithmetic.ts'

/** `count` equal units; `weight` and `cap` are each unit's. A cap is never above what the unit can give. */
export type Part = { count: number; weight: number; cap: number }

type Share = { base: number; extra: number }

/**
 * Each part's units as runs that add up to `amount`, or to all caps together when that is less. In proportion to the
 * weights, rounded down; what is left over goes by ones to the largest remainders, ties to the earlier unit. What a
 * unit's cap refuses moves to the others, in the same proportion.
 */
export function spread(amount: number, parts: readonly Part[]): Run[][] {
  let left = Math.min(amount, capacityOf(parts))
  const capped = new Array<boolean>(parts.length).fill(false)
  for (;;) {
    const shares = shareOut(left, parts, capped)
    let refused = false
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!
      const share = shares[i]!
      if (capped[i] || share.base < part.cap || (share.base === part.cap && share.extra === 0)) continue
      capped[i] = true
      refused = true
      left -= part.cap * part.count
    }
    if (!refused) return parts.map((part, i) => runsOf(part, shares[i]!, capped[i] === true))
  }
}

function capacityOf(parts: readonly Part[]): number {
  let capacity = 0
  for (const { count, weight, cap } of parts) if (weight > 0) capacity += count * cap
  return capacity
}

function shareOut(amount: number, parts: readonly Part[], capped: readonly boolean[]): Share[] {
  let weights = 0
  for (let i = 0; i < parts.length; i++) if (!capped[i]) weights += parts[i]!.count * parts[i]!.weight
  const shares: Share[] = []
  const remainders: { part: number; rest: number }[] = []
  let left = amount
  for (let i = 0; i < parts.length; i++) {
    const { count, weight } = parts[i]!
    const open = !capped[i] && weights > 0
    const { quotient, rest } = open ? mulDiv(amount, weight, weights) : { quotient: 0, rest: 0 }
    shares.push({ base: quotient, extra: 0 })
    if (!open) continue
    left -= quotient * count
    if (rest > 0) remainders.push({ part: i, rest })
  }
  // Stable: of equal remainders the earlier part comes first.
  remainders.sort((a, b) => b.rest - a.rest)
  for (const { part } of remainders) {
    const extra = Math.min(left, parts[part]!.count)
    shares[part]!.extra = extra
    left -= extra
  }
  return shares
}

function runsOf(part: Part, share: Share, capped: boolean): Run[] {
  const runs: Run[] = []
  if (capped) {
    pushRun(runs, part.count, part.cap)
  } else {
    pushRun(runs, share.extra, share.base + 1)
    pushRun(runs, part.count - share.extra, share.base)
  }
  return runs
}

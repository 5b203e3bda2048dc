// One amount over several parts in proportion to their weights, by largest remainder, with a ceiling for each part:
// over lines, and over the units of a line. Parts always add up to the amount.
import { mulDiv, pushRun, type Run } from './arithmetic.ts'

/** `count` equal units; `weight` and `cap` are each unit's. A cap is never above what the unit can give. */
export type Part = { count: number; weight: number; cap: number }

/** Part i's first `extras[i]` units get `bases[i] + 1` each, the others `bases[i]`. */
type Shares = { bases: number[]; extras: number[] }

/**
 * Each part's units as runs that add up to `amount`, or to all caps together when that is less. In proportion to the
 * weights, rounded down; what is left over goes by ones to the largest remainders, ties to the earlier unit. What a
 * unit's cap refuses moves to the others, in the same proportion.
 */
export function spread(amount: number, parts: readonly Part[]): Run[][] {
  const { bases, extras } = sharesOf(amount, parts)
  return parts.map(({ count }, i) => {
    // Short cut
    if (extras[i] === 0 && count > 0) return [{ count, amount_minor: bases[i]! }]
    const runs: Run[] = []
    pushRun(runs, extras[i]!, bases[i]! + 1)
    pushRun(runs, count - extras[i]!, bases[i]!)
    return runs
  })
}

/** The same, what each part gets for all of its units together. */
export function spreadTotals(amount: number, parts: readonly Part[]): number[] {
  const { bases, extras } = sharesOf(amount, parts)
  return parts.map(({ count }, i) => bases[i]! * count + extras[i]!)
}

function sharesOf(amount: number, parts: readonly Part[]): Shares {
  const bases: number[] = []
  const extras: number[] = []
  const capped: boolean[] = []
  for (let i = 0; i < parts.length; i++) {
    bases.push(0)
    extras.push(0)
    capped.push(false)
  }
  let left = Math.min(amount, capacityOf(parts))
  for (;;) {
    shareOut(left, parts, { bases, extras, capped })
    let refused = false
    for (let i = 0; i < parts.length; i++) {
      const { count, cap } = parts[i]!
      if (capped[i] || bases[i]! < cap || (bases[i] === cap && extras[i] === 0)) continue
      capped[i] = true
      refused = true
      left -= cap * count
      bases[i] = cap
      extras[i] = 0
    }
    if (!refused) return { bases, extras }
  }
}

function capacityOf(parts: readonly Part[]): number {
  let capacity = 0
  for (const { count, weight, cap } of parts) if (weight > 0) capacity += count * cap
  return capacity
}

/** Over the parts that are not capped; leaves the others as they are. */
function shareOut(
  amount: number,
  parts: readonly Part[],
  { bases, extras, capped }: Shares & { capped: readonly boolean[] },
): void {
  let weights = 0
  for (let i = 0; i < parts.length; i++) if (!capped[i]) weights += parts[i]!.count * parts[i]!.weight
  const rests: number[] = []
  let left = amount
  for (let i = 0; i < parts.length; i++) {
    rests.push(0)
    if (capped[i]) continue
    extras[i] = 0
    if (weights === 0) bases[i] = 0
    else {
      const { quotient, rest } = mulDiv(amount, parts[i]!.weight, weights)
      bases[i] = quotient
      rests[i] = rest
      left -= quotient * parts[i]!.count
    }
  }
  while (left > 0) {
    // Of equal remainders the earlier part comes first.
    let most = 0
    for (let i = 1; i < rests.length; i++) if (rests[i]! > rests[most]!) most = i
    if (rests[most] === 0 || rests.length === 0) return
    const extra = Math.min(left, parts[most]!.count)
    extras[most] = extra
    left -= extra
    rests[most] = 0
  }
}

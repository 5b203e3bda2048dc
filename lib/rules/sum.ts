// Sums that do not depend on the order of what is added.

/**
 * The sum rounded once, whatever the order: Shewchuk's exact partial sums ("Adaptive Precision Floating-Point
 * Arithmetic", 1997), rounded half to even at the end as Python's math.fsum does.
 */
export function exactSum(values: Iterable<number>): number {
  const partials: number[] = []
  for (const value of values) {
    let rest = value
    let kept = 0
    for (const partial of partials) {
      const [large, small] = Math.abs(rest) < Math.abs(partial) ? [partial, rest] : [rest, partial]
      const sum = large + small
      const error = small - (sum - large)
      if (error !== 0) partials[kept++] = error
      rest = sum
    }
    partials.length = kept
    partials.push(rest)
  }
  return roundPartials(partials)
}

/** `partials` do not overlap and grow; adding from the largest needs one correction when a tie is cut off. */
function roundPartials(partials: number[]): number {
  let at = partials.length - 1
  if (at < 0) return 0
  let sum = partials[at] as number
  let error = 0
  while (at > 0) {
    const high = sum
    const low = partials[--at] as number
    sum = high + low
    error = low - (sum - high)
    if (error !== 0) break
  }
  const next = at > 0 ? (partials[at - 1] as number) : 0
  if ((error < 0 && next < 0) || (error > 0 && next > 0)) {
    const doubled = error * 2
    const corrected = sum + doubled
    if (doubled === corrected - sum) return corrected
  }
  // -0 and 0 are one value here.
  return sum + 0
}

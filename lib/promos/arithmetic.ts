// Exact arithmetic on amounts: products of two of them may leave the safe integers, and no cent may.

/** `a * b / c` of non-negative integers, exactly: the whole part and what is left over (of `c`). */
export function mulDiv(a: number, b: number, c: number): { quotient: number; rest: number } {
  const product = a * b
  if (product <= Number.MAX_SAFE_INTEGER) {
    const rest = product % c
    return { quotient: (product - rest) / c, rest }
  }
  const exact = BigInt(a) * BigInt(b)
  const divisor = BigInt(c)
  return { quotient: Number(exact / divisor), rest: Number(exact % divisor) }
}

/** Percents are held as hundredths of a percent (12.5 % is 1250), so that they are integers too. */
export type Hundredths = number

/** Percent of an amount, rounded half up: 12.5 % of 100 is 13. */
export function percentOf(minor: number, percent: Hundredths): number {
  const { quotient, rest } = mulDiv(minor, percent, 10_000)
  return rest >= 5_000 ? quotient + 1 : quotient
}

/** Some units with one amount each; a list of runs gives every unit of a line its amount, from the first unit on. */
export type Run = { count: number; minor: number }

export function sumOf(runs: readonly Run[]): number {
  let sum = 0
  for (const { count, minor } of runs) sum += count * minor
  return sum
}

/** Appends a run; one equal to its neighbour lengthens it instead, and an empty one is none. */
export function pushRun(runs: Run[], count: number, minor: number): void {
  if (count === 0) return
  const last = runs.at(-1)
  if (last?.minor === minor) last.count += count
  else runs.push({ count, minor })
}

/** The units `from` (counted from 0) to `from + count`, as runs. */
export function sliceRuns(runs: readonly Run[], from: number, count: number): Run[] {
  const slice: Run[] = []
  let start = 0
  for (const run of runs) {
    const first = Math.max(start, from)
    const last = Math.min(start + run.count, from + count)
    if (last > first) pushRun(slice, last - first, run.minor)
    start += run.count
    if (start >= from + count) break
  }
  return slice
}

/** Unit by unit, `f` of both amounts. Both lists have the same number of units. */
export function zipRuns(a: readonly Run[], b: readonly Run[], f: (a: number, b: number) => number): Run[] {
  if (a.length === 1 && b.length === 1) return [{ count: a[0]!.count, minor: f(a[0]!.minor, b[0]!.minor) }]
  const zipped: Run[] = []
  let at = 0
  let used = 0
  for (const run of a) {
    for (let left = run.count; left > 0; ) {
      const other = b[at]
      if (other === undefined) return zipped
      const count = Math.min(left, other.count - used)
      pushRun(zipped, count, f(run.minor, other.minor))
      left -= count
      used += count
      if (used === other.count) {
        at++
        used = 0
      }
    }
  }
  return zipped
}

// Exact arithmetic on amounts: products of two of them may leave the safe integers, and no cent may. Amounts below 2^31
// are reckoned in 32 bits, since only such numbers stand in objects without a box of their own.

/** `a * b / c` of non-negative integers, exactly: the whole part and what is left over (of `c`). */
export function mulDiv(a: number, b: number, c: number): { quotient: number; rest: number } {
  const product = a * b
  // Short cut, and exact: a quotient rounded up to a whole number would take a product above 2^53.
  if (product <= Number.MAX_SAFE_INTEGER) {
    const quotient = Math.floor(product / c)
    return { quotient, rest: product - quotient * c }
  }
  const exact = BigInt(a) * BigInt(b)
  const divisor = BigInt(c)
  return { quotient: Number(exact / divisor), rest: Number(exact % divisor) }
}

const most32 = 0x7fffffff

/** Percents are held as hundredths of a percent (12.5 % is 1250), so that they are integers too. */
export type Hundredths = number

function percentOfSmall(minor: number, percent: Hundredths): number {
  const tenThousands = (minor / 10_000) | 0
  const part = (minor - tenThousands * 10_000) * percent
  const whole = (part / 10_000) | 0
  return tenThousands * percent + whole + (part - whole * 10_000 >= 5_000 ? 1 : 0)
}

/** Percent of an amount, rounded half up: 12.5 % of 100 is 13. At most 100 %. */
export function percentOf(minor: number, percent: Hundredths): number {
  // Short cut
  if (minor <= most32) return percentOfSmall(minor, percent)
  const { quotient, rest } = mulDiv(minor, percent, 10_000)
  return rest >= 5_000 ? quotient + 1 : quotient
}

/**
 * Some units with one amount each; a list of runs gives every unit of a line its amount, from the first unit on. As the
 * answer has it, so that it need not be made anew.
 */
export type Run = { count: number; amount_minor: number }

export function sumOf(runs: readonly Run[]): number {
  let sum = 0
  for (let i = 0; i < runs.length; i++) sum += runs[i]!.count * runs[i]!.amount_minor
  return sum
}

/** Appends a run; one equal to its neighbour lengthens it instead, and an empty one is none. */
export function pushRun(runs: Run[], count: number, minor: number): void {
  if (count === 0) return
  const last = runs[runs.length - 1]
  if (last !== undefined && last.amount_minor === minor) last.count += count
  else runs.push({ count, amount_minor: minor })
}

/** The units `from` (counted from 0) to `from + count`, as runs. */
export function sliceRuns(runs: readonly Run[], from: number, count: number): Run[] {
  const [only] = runs
  // Short cut: by far the most frequent.
  if (only && runs.length === 1 && count > 0 && from + count <= only.count) {
    return [{ count, amount_minor: only.amount_minor }]
  }
  const slice: Run[] = []
  let start = 0
  for (const run of runs) {
    const first = Math.max(start, from)
    const last = Math.min(start + run.count, from + count)
    if (last > first) pushRun(slice, last - first, run.amount_minor)
    start += run.count
    if (start >= from + count) break
  }
  return slice
}

/** Unit by unit, `f` of both amounts. Both lists have the same number of units. */
export function zipRuns(a: readonly Run[], b: readonly Run[], f: (a: number, b: number) => number): Run[] {
  // Short cut
  if (a.length === 1 && b.length === 1) {
    return [{ count: a[0]!.count, amount_minor: f(a[0]!.amount_minor, b[0]!.amount_minor) }]
  }
  const zipped: Run[] = []
  let at = 0
  let used = 0
  for (const run of a) {
    for (let left = run.count; left > 0; ) {
      const other = b[at]
      if (other === undefined) return zipped
      const count = Math.min(left, other.count - used)
      pushRun(zipped, count, f(run.amount_minor, other.amount_minor))
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

// What an action asks of lines and units, before caps: the few ways in which all actions reckon.
import { percentOf, pushRun, type Run, sliceRuns, sumOf, zipRuns } from './arithmetic.ts'
import { type Amount, type Ledger, type LedgerLine, lineOf, type Range } from './ledger.ts'
import { type Part, spread, spreadTotals } from './spread.ts'

/** Some units of one line: ranges in ascending order that do not touch. */
export type Segment = { line: number; ranges: readonly Range[] }

/** An amount for the units of a segment. */
export type Claim = Segment & Amount

/** How an amount is reckoned from a price. Percents in hundredths. */
export type Reward =
  | { kind: 'percent'; hundredths: number }
  | { kind: 'sum'; minor: number }
  | { kind: 'price'; minor: number }

/** Taken off what is paid, or credited beside it; a credit is bound by no floor. */
export type Mode = 'discount' | 'credit'

export type Pick = 'cheapest' | 'dearest'

/** What the reward makes of a price: never negative, and as a discount never more than the price. */
export function cut(base: number, reward: Reward, mode: Mode = 'discount'): number {
  if (base === 0) return 0
  if (reward.kind === 'percent') return percentOf(base, reward.hundredths)
  if (reward.kind === 'price') return Math.max(0, base - reward.minor)
  return mode === 'credit' ? reward.minor : Math.min(reward.minor, base)
}

/** What remains of each unit of a line. */
export function runsIn(line: LedgerLine): Run[] {
  // Short cut
  if (line.putOff) takeWhatIsPutOff(line, line.putOff)
  return line.runs
}

/** How many runs those are, about: what is put off makes one more each, and is paid for before it is worked out. */
export const runCountOf = ({ runs, putOff }: LedgerLine): number => runs.length + (putOff?.length ?? 0)

function takeWhatIsPutOff(line: LedgerLine, amounts: readonly Amount[]): void {
  line.putOff = undefined
  for (const amount of amounts) takeOffUnits(line, unitsOf(line, amount, 'discount'))
}

/** What remains of each unit of a segment. */
function runsOf(line: LedgerLine, { ranges }: { ranges: readonly Range[] }): readonly Run[] {
  const runs = runsIn(line)
  const [only] = ranges
  // Short cut
  if (only && ranges.length === 1) {
    return only.count === line.quantity ? runs : sliceRuns(runs, only.from, only.count)
  }
  return ranges.flatMap(({ from, count }) => sliceRuns(runs, from, count))
}

/** What remains of a segment's units together. */
export function remainingOf(ledger: Ledger, segment: Segment): number {
  const line = lineOf(ledger, segment.line)
  // Short cut
  if (isWhole(line, segment)) return line.remaining
  return sumOf(runsOf(line, segment))
}

const isWhole = ({ quantity }: LedgerLine, { ranges }: { ranges: readonly Range[] }): boolean =>
  ranges.length > 0 && ranges[0]!.count === quantity

/** Ranges in any order as one segment for each line. */
export function segmentsOf(ranges: readonly (Range & { line: number })[]): Segment[] {
  // Short cut
  if (ranges.length < 2) return ranges.map(({ line, from, count }) => ({ line, ranges: [{ from, count }] }))
  const sorted = [...ranges].sort((a, b) => a.line - b.line || a.from - b.from)
  const segments: { line: number; ranges: Range[] }[] = []
  for (const { line, from, count } of sorted) {
    if (segments.at(-1)?.line !== line) segments.push({ line, ranges: [] })
    const { ranges } = segments.at(-1)!
    const last = ranges.at(-1)
    if (last && last.from + last.count === from) last.count += count
    else ranges.push({ from, count })
  }
  return segments
}

/** The most that may be taken off the segment; a credit has no bound. */
function capOf(ledger: Ledger, segment: Segment): number {
  const line = lineOf(ledger, segment.line)
  // Short cut
  if (line.floor === 0) return remainingOf(ledger, segment)
  let cap = 0
  for (const { count, amount_minor } of runsOf(line, segment)) cap += count * Math.max(0, amount_minor - line.floor)
  return cap
}

const claimOf = ({ line, ranges }: Segment, minor: number): Claim => ({ line, ranges, minor, runs: undefined })

/** The reward of each segment by itself, rounded once for each. */
export function claimLines(ledger: Ledger, segments: readonly Segment[], reward: Reward, mode: Mode): Claim[] {
  return segments.map((segment) => {
    const wanted = cut(remainingOf(ledger, segment), reward, mode)
    return claimOf(segment, mode === 'credit' ? wanted : Math.min(wanted, capOf(ledger, segment)))
  })
}

/** The same of whole lines. */
export function claimWholeLines(ledger: Ledger, lines: readonly number[], reward: Reward, mode: Mode): Claim[] {
  return lines.map((number) => {
    const line = lineOf(ledger, number)
    const claim: Claim = { line: number, ranges: line.whole, minor: cut(line.remaining, reward, mode), runs: undefined }
    if (mode === 'discount') claim.minor = Math.min(claim.minor, capOf(ledger, claim))
    return claim
  })
}

/** The reward of each unit by itself, rounded for each. */
export function claimUnits(ledger: Ledger, segments: readonly Segment[], reward: Reward, mode: Mode): Claim[] {
  return segments.map((segment) => {
    const line = lineOf(ledger, segment.line)
    const minorOf = ({ amount_minor }: Run): number => {
      const wanted = cut(amount_minor, reward, mode)
      return mode === 'credit' ? wanted : Math.min(wanted, Math.max(0, amount_minor - line.floor))
    }
    const runs: Run[] = []
    for (const run of runsOf(line, segment)) pushRun(runs, run.count, minorOf(run))
    return { line: segment.line, ranges: segment.ranges, minor: sumOf(runs), runs }
  })
}

/** An amount over all segments together, in proportion to what remains of each; what a floor refuses moves on. */
export function claimTogether(ledger: Ledger, segments: readonly Segment[], minor: number, mode: Mode): Claim[] {
  const [only] = segments
  // Short cut
  if (only && segments.length === 1) {
    const weight = remainingOf(ledger, only)
    const most = mode === 'credit' ? minor : Math.min(minor, capOf(ledger, only))
    return [claimOf(only, weight > 0 ? most : 0)]
  }
  const parts: Part[] = segments.map((segment) => ({
    count: 1,
    weight: remainingOf(ledger, segment),
    cap: mode === 'credit' ? Number.POSITIVE_INFINITY : capOf(ledger, segment),
  }))
  const shares = spreadTotals(minor, parts)
  return segments.map((segment, i) => claimOf(segment, shares[i]!))
}

/** The claims reduced to `most` together: lines, and units that asked by themselves, in proportion to what they asked. */
export function capClaims(claims: readonly Claim[], most: number): readonly Claim[] {
  let total = 0
  for (const { minor } of claims) total += minor
  // Short cut
  if (total <= most) return claims
  const asked = (count: number, minor: number): Part => ({ count, weight: minor, cap: minor })
  const shares = spreadTotals(
    most,
    claims.map(({ minor }) => asked(1, minor)),
  )
  return claims.map(({ line, ranges, runs }, i) => {
    const minor = shares[i]!
    if (!runs) return { line, ranges, minor, runs }
    const parts = runs.map((run) => asked(run.count, run.amount_minor))
    return { line, ranges, minor, runs: joined(spread(minor, parts)) }
  })
}

function joined(parts: readonly Run[][]): Run[] {
  // Short cut
  if (parts.length === 1) return parts[0]!
  const runs: Run[] = []
  for (const part of parts) for (const { count, amount_minor } of part) pushRun(runs, count, amount_minor)
  return runs
}

/** The amount of each unit of the whole line that a claim comes to: runs over all its units, others get 0. */
export function unitsOf(line: LedgerLine, claim: Amount, mode: Mode): Run[] {
  const within = claim.runs ?? spreadUnits(line, claim, mode)
  // Short cut
  if (isWhole(line, claim)) return within
  const runs: Run[] = []
  let at = 0
  let used = 0
  for (const { from, count } of claim.ranges) {
    pushRun(runs, from - at, 0)
    for (const run of sliceRuns(within, used, count)) pushRun(runs, run.count, run.amount_minor)
    used += count
    at = from + count
  }
  pushRun(runs, line.quantity - at, 0)
  return runs
}

/** One claim for each line, in the order of lines, of claims on units that do not overlap. */
export function mergeClaims(ledger: Ledger, claims: readonly Claim[]): Claim[] {
  const byLine = Map.groupBy(claims, ({ line }) => line)
  const inOrder = [...byLine].sort(([a], [b]) => a - b)
  return inOrder.map(([line, [first, ...others]]) => {
    // Short cut
    if (first === undefined || others.length === 0) return first!
    const open = lineOf(ledger, line)
    const ranges = [{ from: 0, count: open.quantity }]
    const add = (a: number, b: number): number => a + b
    let runs = unitsOf(open, first, 'discount')
    for (const other of others) runs = zipRuns(runs, unitsOf(open, other, 'discount'), add)
    return { line, ranges, minor: sumOf(runs), runs }
  })
}

function spreadUnits(line: LedgerLine, claim: Amount, mode: Mode): Run[] {
  // Short cut: all units alike, by far the most frequent. The odd minor units go to the first ones; a claim fits the caps.
  if (runsIn(line).length === 1 && isWhole(line, claim)) {
    const extra = claim.minor % line.quantity
    const base = (claim.minor - extra) / line.quantity
    if (extra === 0) return [{ count: line.quantity, amount_minor: base }]
    return [
      { count: extra, amount_minor: base + 1 },
      { count: line.quantity - extra, amount_minor: base },
    ]
  }
  const parts = runsOf(line, claim).map(({ count, amount_minor }) => ({
    count,
    weight: amount_minor,
    cap: mode === 'credit' ? Number.POSITIVE_INFINITY : Math.max(0, amount_minor - line.floor),
  }))
  return joined(spread(claim.minor, parts))
}

const difference = (remaining: number, amount: number): number => remaining - amount

/** Takes the amounts (runs over all units of the line) off what remains. */
export function takeOff(line: LedgerLine, amounts: readonly Run[]): void {
  takeOffUnits(line, amounts)
  line.remaining -= sumOf(amounts)
}

function takeOffUnits(line: LedgerLine, amounts: readonly Run[]): void {
  const runs = runsIn(line)
  const [only] = runs
  // Short cut: all units alike, by far the most frequent; runs of different amounts stay different.
  if (only && runs.length === 1) {
    line.runs = amounts.map((run) => ({ count: run.count, amount_minor: only.amount_minor - run.amount_minor }))
  } else line.runs = zipRuns(runs, amounts, difference)
}

/** Takes an amount off what remains of the line, and off that of its units when somebody asks for it. */
export function putOff(line: LedgerLine, amount: Amount): void {
  line.putOff ??= []
  line.putOff.push(amount)
  line.remaining -= amount.minor
}

/** How many units an action takes at most. */
export type MaxUnits = { perLine: number; perOrder: number }

/** All units of the lines, or as many as may be: the cheapest or dearest by list price, ties to the earlier line. */
export function pickUnits(ledger: Ledger, lines: readonly number[], max: MaxUnits, pick: Pick): Segment[] {
  // Short cut
  if (max.perOrder === Number.POSITIVE_INFINITY) {
    return lines.map((line) => {
      const { quantity, whole } = lineOf(ledger, line)
      return { line, ranges: quantity <= max.perLine ? whole : [{ from: 0, count: max.perLine }] }
    })
  }
  const picked: (Range & { line: number })[] = []
  let left = max.perOrder
  for (const line of byPrice(ledger, lines, pick)) {
    const count = Math.min(lineOf(ledger, line).quantity, max.perLine, left)
    if (count > 0) picked.push({ line, from: 0, count })
    left -= count
  }
  return segmentsOf(picked)
}

/** Lines by list price, ties to the earlier line. */
export function byPrice(ledger: Ledger, lines: readonly number[], pick: Pick): readonly number[] {
  // Short cut
  if (lines.length < 2) return lines
  const sign = pick === 'cheapest' ? 1 : -1
  return [...lines].sort((a, b) => sign * (lineOf(ledger, a).price - lineOf(ledger, b).price) || a - b)
}

/** Units that cost the same, of one line. */
export type Pool = (Range & { line: number; remaining: number })[]

/** The units of the lines, by list price, then line, then unit; each entry's units have the same amount remaining. */
export function poolOf(ledger: Ledger, lines: readonly number[], pick: Pick): Pool {
  const pool: Pool = []
  for (const line of byPrice(ledger, lines, pick)) {
    let from = 0
    for (const { count, amount_minor } of runsIn(lineOf(ledger, line))) {
      pool.push({ line, from, count, remaining: amount_minor })
      from += count
    }
  }
  return pool
}

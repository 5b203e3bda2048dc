// Sums that do not depend on the order of what is added.
import { addWork } from './values.ts'

/**
 * The sum of finite numbers rounded once, whatever the order: Shewchuk's exact partial sums ("Adaptive Precision
 * Floating-Point Arithmetic", 1997), rounded half to even at the end as Python's math.fsum does. Infinite only when the
 * sum itself is too large, not when what is added up on the way is.
 */
export function exactSum(values: readonly number[]): number {
  const partials = partialsOf(values)
  return partials.every(Number.isFinite) ? roundPartials(partials) : sumOfHuge(values)
}

/** What one value takes then, in steps of the work budget. */
const hugeSteps = 200

// Partial sums overflow: the same in whole multiples of 2^-1074, the least of all numbers.
function sumOfHuge(values: readonly number[]): number {
  addWork(hugeSteps * values.length)
  let total = 0n
  for (const value of values) total += multiplesOf(value)
  const size = total < 0n ? -total : total
  // 64 bits are enough to round once, when the last of them tells whether there was more.
  const dropped = Math.max(0, size.toString(16).length * 4 - 64)
  const kept = size >> BigInt(dropped)
  const isCut = kept << BigInt(dropped) !== size
  const rounded = Number(isCut ? kept | 1n : kept) * 2 ** (dropped - 1074)
  return total < 0n ? -rounded : rounded
}

const view = new DataView(new ArrayBuffer(8))

// IEEE 754 binary64: sign, 11 bits of exponent, 52 of fraction; the least exponent has no hidden bit.
function multiplesOf(value: number): bigint {
  view.setFloat64(0, Math.abs(value))
  const bits = view.getBigUint64(0)
  const exponent = bits >> 52n
  const fraction = bits & 0xf_ffff_ffff_ffffn
  const multiples = exponent === 0n ? fraction : (fraction | 0x10_0000_0000_0000n) << (exponent - 1n)
  return value < 0 ? -multiples : multiples
}

function partialsOf(values: readonly number[]): number[] {
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
  return partials
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
  const next = partials[at - 1] ?? 0
  if (Math.sign(error) * Math.sign(next) > 0) {
    const doubled = error * 2
    const corrected = sum + doubled
    if (doubled === corrected - sum) return corrected
  }
  // -0 and 0 are one value here.
  return sum + 0
}

// The slow, obvious twin of the evaluator's sums: whole numbers without a bound, no state.

/** The exact sum, by whole numbers of the smallest power of two involved, rounded once. */
export function referenceSum(numbers: readonly number[]): number {
  let total = 0n
  const scale = 1100n
  for (const number of numbers) {
    if (number === 0) continue
    const bits = new DataView(new ArrayBuffer(8))
    bits.setFloat64(0, number)
    const raw = bits.getBigUint64(0)
    const exponent = (raw >> 52n) & 0x7ffn
    const fraction = raw & 0xfffffffffffffn
    const whole = exponent === 0n ? fraction : fraction | 0x10000000000000n
    const shift = (exponent === 0n ? 1n : exponent) - 1075n + scale
    total += (number < 0 ? -1n : 1n) * (whole << shift)
  }
  // Number() of a whole number rounds to nearest, ties to even; a power of two then changes nothing but the exponent.
  let negative = 0n
  let rest = total < 0n ? -total : total
  if (total < 0n) negative = 1n
  let dropped = 0n
  while (rest >= 1n << 200n && dropped < scale) {
    const sticky = rest & 1n
    rest = (rest >> 1n) | sticky
    dropped++
  }
  let result = Number(rest)
  for (let left = scale - dropped; left > 0n; left -= 500n) result /= 2 ** Number(left > 500n ? 500n : left)
  return negative ? -result || 0 : result
}

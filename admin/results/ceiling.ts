// Where the axis of a chart ends. Pure.

/** A round number that is at least the largest: 1, 2, 5 times a power of ten. */
export function ceilingOf(largest: number): number {
  if (largest <= 1) return 1
  const power = 10 ** Math.floor(Math.log10(largest))
  return power * (([1, 2, 5, 10] as const).find((step) => step * power >= largest) ?? 10)
}

// Where the axis of a chart ends. Pure.

/** A round number that is at least the largest, and whose half is a whole one, since that is written too. */
export function ceilingOf(largest: number): number {
  if (largest <= 2) return 2
  const power = 10 ** Math.floor(Math.log10(largest))
  return power * (([1, 2, 4, 6, 10] as const).find((step) => step * power >= largest) ?? 10)
}

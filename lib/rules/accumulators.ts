// The accumulators that come with the evaluator. Values that are missing are left out; sum, average, min and max
// take numbers (min and max also texts), whatever else is there is left out.
import { exactSum } from './sum.ts'
import { canonicalText, compareScalars, equalValues, isNumber, orderValues } from './values.ts'

type Kind = {
  /** Whether `of` must be given. */
  of: 'required' | 'optional' | 'none'
  /** undefined: no match. */
  reduce: (values: readonly unknown[]) => unknown
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined)

function average(values: readonly unknown[]): number | undefined {
  const numbers = values.filter(isNumber)
  return numbers.length === 0 ? undefined : finite(exactSum(numbers) / numbers.length)
}

// Numbers come before texts when both are there, so that the order of the facts decides nothing.
function extreme(values: readonly unknown[], sign: 1 | -1): unknown {
  const numbers = values.filter(isNumber)
  const candidates = numbers.length > 0 ? numbers : values.filter((value) => typeof value === 'string')
  let best: unknown
  for (const value of candidates) {
    if (best === undefined || compareScalars(value, best) === sign) best = value
  }
  return best
}

/** Equal values once, in canonical order. */
function distinct(values: readonly unknown[]): unknown[] {
  const sorted = inOrder(values)
  return sorted.filter((value, i) => i === 0 || !equalValues(value, sorted[i - 1]))
}

/** In an order that depends on the values alone. */
export function inOrder(values: readonly unknown[]): unknown[] {
  if (values.every((value) => typeof value !== 'object' || value === null)) return [...values].sort(orderValues)
  const keyed = values.map((value) => ({ value, text: canonicalText(value) }))
  keyed.sort((a, b) => orderValues(a.value, b.value) || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
  return keyed.map(({ value }) => value)
}

export const accumulatorKinds = {
  count: { of: 'none', reduce: (values) => values.length },
  sum: { of: 'required', reduce: (values) => finite(exactSum(values.filter(isNumber))) },
  min: { of: 'required', reduce: (values) => extreme(values, -1) },
  max: { of: 'required', reduce: (values) => extreme(values, 1) },
  average: { of: 'required', reduce: average },
  all: { of: 'optional', reduce: inOrder },
  distinct: { of: 'optional', reduce: distinct },
} as const satisfies Record<string, Kind>

export type AccumulatorName = keyof typeof accumulatorKinds

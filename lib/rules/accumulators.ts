// The accumulators that come with the evaluator. Values that are missing are left out; sum, average, min and max
// take numbers (min and max also texts), whatever else is there is left out.
import { exactSum } from './sum.ts'
import { compareScalars, equalValues, inOrder, isNumber, type Keyed } from './values.ts'

type Kind = {
  /** Whether `of` must be given. */
  of: 'required' | 'optional' | 'none'
  /** undefined: no match. */
  reduce: (values: readonly unknown[]) => unknown
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined)

// Of none it is 0 / 0, which is no number.
function average(values: readonly unknown[]): number | undefined {
  const numbers = values.filter(isNumber)
  return finite(exactSum(numbers) / numbers.length)
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

// A text may read like the key of an object.
const isNew = ({ value, key }: Keyed, before: Keyed | undefined): boolean =>
  before === undefined || typeof value !== typeof before.value || !equalValues(key, before.key)

/** Equal values once, in canonical order. */
function distinct(values: readonly unknown[]): unknown[] {
  const kept: Keyed[] = []
  for (const each of inOrder(values)) if (isNew(each, kept.at(-1))) kept.push(each)
  return kept.map(({ value }) => value)
}

/** In an order that depends on the values alone. */
export const sorted = (values: readonly unknown[]): unknown[] => inOrder(values).map(({ value }) => value)

export const accumulatorKinds = {
  count: { of: 'none', reduce: (values) => values.length },
  sum: { of: 'required', reduce: (values) => finite(exactSum(values.filter(isNumber))) },
  min: { of: 'required', reduce: (values) => extreme(values, -1) },
  max: { of: 'required', reduce: (values) => extreme(values, 1) },
  average: { of: 'required', reduce: average },
  all: { of: 'optional', reduce: sorted },
  distinct: { of: 'optional', reduce: distinct },
} as const satisfies Record<string, Kind>

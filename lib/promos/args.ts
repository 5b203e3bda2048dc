// The arguments of conditions and actions: each says in a sentence what a marketer should write instead.
import * as v from 'valibot'
import { isObject } from '../base/json.ts'
import { limits } from '../base/limits.ts'
import { unitsToMinor } from '../base/money.ts'
import { pickSchema } from './filter-schema.ts'

export const yes = (message = 'must be true or false') => v.boolean(message)

export const line = (chars: number) =>
  v.pipe(
    v.string('must be a text'),
    v.maxLength(chars, `must have at most ${chars} characters`),
    v.check((text) => text.trim() !== '', 'must not be empty'),
    // As the events of an order hold them: one that could not be recorded would be placed without any promotion.
    v.regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters or line breaks'),
  )

export const name = () => line(limits.nameChars)

/** One name, or several of which any will do. */
const namesList = v.pipe(
  v.array(name(), 'must be a list'),
  v.minLength(1, 'must name at least one: an empty list is never met'),
  v.maxLength(limits.filterValues, `must have at most ${limits.filterValues} entries`),
)
export type Names = string | string[]
export const names = (): v.GenericSchema<unknown, Names> =>
  pickSchema<Names>((input) => {
    if (input === undefined) return v.union([name(), namesList], 'must be a text or a list of texts')
    return Array.isArray(input) ? namesList : name()
  })

const wholeUnits = v.rawCheck<number>(({ dataset, addIssue }) => {
  if (!dataset.typed) return
  const read = unitsToMinor(dataset.value)
  if (!read.ok) addIssue({ message: read.reason })
})

/** Whole currency units with at most two decimals, more than nothing. */
export const amount = () =>
  v.pipe(
    v.number('must be an amount of money, such as 500 or 49.99'),
    v.minValue(0, 'must not be negative'),
    wholeUnits,
    v.minValue(0.01, 'must be more than 0, or it gives nothing'),
  )

/** Whole currency units with at most two decimals; 0 too. */
export const threshold = () =>
  v.pipe(
    v.number('must be an amount of money, such as 500 or 49.99'),
    v.minValue(0, 'must not be negative'),
    wholeUnits,
  )

export const percent = () =>
  v.pipe(
    v.number('must be a percentage, such as 10 or 12.5'),
    v.minValue(0.01, 'must be more than 0, or it gives nothing'),
    v.maxValue(100, 'must be at most 100: more than the whole price cannot be taken off'),
    v.check((value) => /^\d+(?:\.\d{1,2})?$/.test(String(value)), 'must have at most two decimals'),
  )

/** A percentage as whole hundredths: 12.5 -> 1250. Reads the number's text, so that no binary fraction leaks in. */
export function hundredthsOf(value: number): number {
  const [whole = '0', decimals = ''] = String(value).split('.')
  return Number(whole) * 100 + Number(decimals.padEnd(2, '0'))
}

export const units = (most: number = limits.quantity * limits.cartLines) =>
  v.pipe(
    v.number('must be a number of units'),
    v.integer('must be a whole number'),
    v.minValue(1, 'must be at least 1'),
    v.maxValue(most, `must be at most ${most}`),
  )

export const whole = () =>
  v.pipe(
    v.number('must be a number'),
    v.integer('must be a whole number'),
    v.minValue(0, 'must not be negative'),
    v.maxValue(1_000_000_000, 'must be at most 1000000000'),
  )

/** Minor units, more than nothing. */
export const minorUnits = () =>
  v.pipe(
    v.number('must be a whole number of minor units, such as 5000 for 50'),
    v.integer('must be a whole number of minor units, such as 5000 for 50'),
    v.minValue(1, 'must be more than 0, or it gives nothing'),
    v.maxValue(Number.MAX_SAFE_INTEGER, 'is more than can be counted'),
  )

export type Bounds = {
  gte?: number | undefined
  gt?: number | undefined
  lte?: number | undefined
  lt?: number | undefined
}

/** A plain number is the least; `{gte, gt, lte, lt}` are bounds. */
export type Least = number | Bounds

export const least = (
  bound: () => v.GenericSchema<unknown, number>,
  convert: (value: number) => number = (value) => value,
): v.GenericSchema<unknown, Least> => {
  const bounds = v.pipe(
    v.strictObject(
      {
        gte: v.exactOptional(bound()),
        gt: v.exactOptional(bound()),
        lte: v.exactOptional(bound()),
        lt: v.exactOptional(bound()),
      },
      'must be a number, or bounds such as {"gte": 100, "lt": 500}',
    ),
    v.check((all) => Object.keys(all).length > 0, 'must have a bound, such as {"gte": 100}'),
    v.check((all) => {
      const range = rangeOf(all, convert)
      return range.least <= range.most
    }, 'can never be met: the lowest is above the highest'),
  )
  return pickSchema<Least>((input) => {
    if (input === undefined) return v.union([bound(), bounds])
    return isObject(input) || input === null ? bounds : bound()
  })
}

/** Both ends included; integers that are never negative. */
export type Range = { least: number; most: number }

/** Bounds as a range, after `convert` (of money: into minor units). */
export function rangeOf(value: Least, convert: (value: number) => number = (amount) => amount): Range {
  if (typeof value === 'number') return { least: convert(value), most: Number.POSITIVE_INFINITY }
  const { gte, gt, lte, lt } = value
  return {
    least: Math.max(gte === undefined ? 0 : convert(gte), gt === undefined ? 0 : convert(gt) + 1),
    most: Math.min(
      lte === undefined ? Number.POSITIVE_INFINITY : convert(lte),
      lt === undefined ? Number.POSITIVE_INFINITY : convert(lt) - 1,
    ),
  }
}

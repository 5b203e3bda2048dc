// The two shapes that most conditions have: something chosen is one of these, and something counted is enough.
import * as v from 'valibot'
import type { JsonValue } from '../base/json.ts'
import type { Names, Range } from './args.ts'
import type { Facts, Judge, Judgement, Mend } from './condition.ts'
import { listOf } from './written.ts'

/** As written: one name stays one name. */
const asWritten = (wanted: readonly string[]): JsonValue => (wanted.length === 1 ? wanted[0]! : [...wanted])

/** Met when what `read` yields is one of the names. `fact` is the type of the fact that holds it as `value`. */
export function chosen(
  value: Names,
  fact: string,
  read: (facts: Facts) => string | undefined,
  mend?: Mend['kind'] & ('delivery' | 'payment' | 'channel'),
): Judge {
  const wanted = listOf(value)
  return {
    ...(mend === undefined ? {} : { mend: { kind: mend } }),
    oneOf: wanted,
    judge(facts) {
      const actual = read(facts)
      const met = actual !== undefined && wanted.includes(actual)
      return { met, wanted: asWritten(wanted), actual: actual ?? null, missing: met ? null : asWritten(wanted) }
    },
    rule: () => [{ fact, where: [{ path: 'value', in: wanted }] }],
  }
}

/** Met when one of several things that the order has is one of the names. */
export function oneOfMany(value: Names, fact: string, read: (facts: Facts) => readonly string[]): Judge {
  const wanted = listOf(value)
  return {
    judge(facts) {
      const actual = read(facts)
      const met = actual.some((entry) => wanted.includes(entry))
      return { met, wanted: asWritten(wanted), actual: [...actual], missing: met ? null : asWritten(wanted) }
    },
    rule: () => [{ exists: { fact, where: [{ path: 'value', in: wanted }] } }],
  }
}

/** As written: a plain number is the least. */
export const wantedOf = ({ least, most }: Range): JsonValue =>
  most === Number.POSITIVE_INFINITY ? least : { gte: least, lte: most }

/** A number against a range; undefined is not known, and what is not known meets nothing. */
export function judgeRange(actual: number | undefined, range: Range): Judgement {
  const wanted = wantedOf(range)
  const { least, most } = range
  if (actual === undefined) return { met: false, wanted, actual: null, missing: null }
  if (actual > most) return { met: false, wanted, actual, missing: null }
  return { met: actual >= least, wanted, actual, missing: Math.max(0, least - actual) }
}

/** The range as operators of lib/rules. */
export const rangeTests = ({ least, most }: Range): { gte: number; lte?: number } =>
  most === Number.POSITIVE_INFINITY ? { gte: least } : { gte: least, lte: most }

/** Something counted about the whole order: attribute `path` of the fact `order`. */
export const orderRange = (range: Range, path: string, read: (facts: Facts) => number | undefined): Judge => ({
  range,
  mend: { kind: 'sum', goods: 'order' },
  judge: (facts) => judgeRange(read(facts), range),
  rule: () => [{ fact: 'order', where: [{ path, ...rangeTests(range) }] }],
})

/** All goods of the order, matched or not. */
export function itemsMinor(facts: Facts): number {
  let total = 0
  for (let line = 0; line < facts.order.lines.length; line++) total += facts.lineMinor(line)
  return total
}

/** Which amounts are counted. */
export const of = () =>
  v.exactOptional(
    v.pipe(
      v.picklist(['list', 'remaining'], 'must be list or remaining'),
      v.description('list: list prices. remaining: what is left when the turn of this promo comes'),
    ),
  )

/** Units against the next whole group of them, of which at most so many count. */
export function nextMultiple(there: number, size: number, most: number): Judgement {
  const groups = Math.min(Math.floor(there / size) + 1, most)
  return judgeRange(there, { least: groups * size, most: Number.POSITIVE_INFINITY })
}

export const unitsMend: Mend = { kind: 'units', goods: 'own' }

/** A judgement of an action that counts units of the goods it acts on. */
export const withUnits = (judgement: Judgement) => ({
  ...judgement,
  remedies:
    typeof judgement.missing === 'number' && judgement.missing > 0
      ? [{ mend: unitsMend, missing: judgement.missing, of: 'targets' as const }]
      : [],
})

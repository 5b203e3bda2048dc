// What can be said of two promos without any order: whether one is about all that the other is about, or about nothing
// that it is. Each answer is safe to act on: "no" may also mean "not known".

import { type FilterLeaf, type FilterNode, filterKey } from './filter.ts'
import type { Scalar } from './filter-schema.ts'
import { type ConditionNode, conditionsOf, type Promo } from './promo.ts'
import type { PromoWindow, Recurrence } from './window.ts'

/** Tests that must all hold; what is nested stays as it is. */
function conjunction(filter: FilterNode | undefined): FilterNode[] {
  if (!filter) return []
  return filter.kind === 'all' ? filter.parts.flatMap(conjunction) : [filter]
}

/** Whether all goods that pass `narrow` pass `wide` too. */
export function covers(wide: FilterNode | undefined, narrow: FilterNode | undefined): boolean {
  const given = conjunction(narrow)
  return conjunction(wide).every((needed) => given.some((test) => implies(test, needed)))
}

function implies(given: FilterNode, needed: FilterNode): boolean {
  if (filterKey(given) === filterKey(needed)) return true
  if (given.kind !== 'test' || needed.kind !== 'test' || given.attribute !== needed.attribute) return false
  const values = valuesOf(given)
  if (values) {
    const allowed = valuesOf(needed)
    if (allowed) return values.every((value) => allowed.includes(value))
    const excluded = needed.operator === 'ne' || needed.operator === 'not_in' ? listOf(needed) : undefined
    // Of a list one value may be excluded though another is not.
    if (excluded) return false
    return needed.operator === 'exists' && needed.operand === true
  }
  const [low, high] = boundsOf(given)
  const [lowest, highest] = boundsOf(needed)
  const isBound = lowest !== Number.NEGATIVE_INFINITY || highest !== Number.POSITIVE_INFINITY
  return isBound && low >= lowest && high <= highest
}

const listOf = ({ operand }: FilterLeaf): readonly Scalar[] => (Array.isArray(operand) ? operand : [operand as Scalar])

const valuesOf = (leaf: FilterLeaf): readonly Scalar[] | undefined =>
  leaf.operator === 'eq' || leaf.operator === 'in' ? listOf(leaf) : undefined

// Of numbers, strict bounds taken as such a little further in; of anything else none.
function boundsOf(leaf: FilterLeaf): [number, number] {
  const [first, second] = listOf(leaf)
  const none: [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  if (typeof first !== 'number') return none
  if (leaf.operator === 'gte') return [first, none[1]]
  if (leaf.operator === 'gt') return [first + Number.EPSILON * Math.abs(first), none[1]]
  if (leaf.operator === 'lte') return [none[0], first]
  if (leaf.operator === 'lt') return [none[0], first - Number.EPSILON * Math.abs(first)]
  return leaf.operator === 'between' && typeof second === 'number' ? [first, second] : none
}

/** Whether no goods can pass both, goods having one value of an attribute. */
export function areDisjoint(a: FilterNode | undefined, b: FilterNode | undefined): boolean {
  const theirs = conjunction(b)
  return conjunction(a).some((test) => theirs.some((other) => exclude(test, other)))
}

function exclude(a: FilterNode, b: FilterNode): boolean {
  if (a.kind !== 'test' || b.kind !== 'test' || a.attribute !== b.attribute) return false
  const [own, theirs] = [valuesOf(a), valuesOf(b)]
  if (own && theirs) return !own.some((value) => theirs.includes(value))
  const [low, high] = boundsOf(a)
  const [lowest, highest] = boundsOf(b)
  return low > highest || high < lowest
}

/** Whether some instant may lie in both. */
export const overlap = (a: PromoWindow, b: PromoWindow): boolean =>
  a.startMs < b.finishMs && b.startMs < a.finishMs && hoursOverlap(a.recurrence, b.recurrence)

const weekMinutes = 7 * 1440

function hoursOverlap(a: Recurrence | undefined, b: Recurrence | undefined): boolean {
  if (!a || !b || a.timeZone !== b.timeZone) return true
  const [own, theirs] = [hoursIn(a), hoursIn(b)]
  // A night may reach into the next week.
  return [-weekMinutes, 0, weekMinutes].some((shift) =>
    own.some(([from, to]) => theirs.some(([start, end]) => from < end + shift && start + shift < to)),
  )
}

/** Minutes of the week. */
const hoursIn = ({ days, from, to }: Recurrence): [from: number, to: number][] =>
  days.flatMap((isOpen, day): [number, number][] =>
    isOpen ? [[day * 1440 + from, (to <= from ? day + 1 : day) * 1440 + to]] : [],
  )

/** Whether `wide` is in force whenever `narrow` is. */
export function spans(wide: Promo, narrow: Promo): boolean {
  const within = wide.window.startMs <= narrow.window.startMs && wide.window.finishMs >= narrow.window.finishMs
  const hours = wide.window.recurrence
  return within && (hours === undefined || JSON.stringify(hours) === JSON.stringify(narrow.window.recurrence))
}

/** Whether each condition of `wide` is met when those of `narrow` are; `wide` is about all goods of `narrow`. */
export function asksNoMore(wide: Promo, narrow: Promo): boolean {
  const codesOpen = wide.codes === undefined || (narrow.codes?.keys().every((code) => wide.codes?.has(code)) ?? false)
  const sameCurrency = wide.config.currency === undefined || wide.config.currency === narrow.config.currency
  if (!codesOpen || !sameCurrency) return false
  return conditionsOf(wide).every((needed) =>
    conditionsOf(narrow).some((given) => conditionImplies(given, needed, narrow, wide)),
  )
}

function conditionImplies(given: ConditionNode, needed: ConditionNode, narrow: Promo, wide: Promo): boolean {
  if (given.kind !== 'leaf' || needed.kind !== 'leaf' || given.type !== needed.type || given.late || needed.late)
    return false
  const [own, wanted] = [given.judge, needed.judge]
  if (own.oneOf && wanted.oneOf) return own.oneOf.every((value) => wanted.oneOf!.includes(value))
  if (own.range && wanted.range) {
    return own.range.least >= wanted.range.least && wanted.range.most === Number.POSITIVE_INFINITY
  }
  return JSON.stringify(configAt(narrow, given.pointer)) === JSON.stringify(configAt(wide, needed.pointer))
}

const configAt = ({ config }: Promo, pointer: string): unknown => config.order_filters?.[Number(pointer.split('/')[2])]

/** Whether no order meets the conditions of both. */
export const excludeEachOther = (a: Promo, b: Promo): boolean =>
  conditionsOf(a).some((own) =>
    conditionsOf(b).some((other) => {
      if (own.kind !== 'leaf' || other.kind !== 'leaf' || own.type !== other.type) return false
      const [mine, theirs] = [own.judge.oneOf, other.judge.oneOf]
      return mine !== undefined && theirs !== undefined && !mine.some((value) => theirs.includes(value))
    }),
  )

// Conditions as the obvious twin of lib/promos judges them, one by one, on what is left of an order.

import { attributeTest, canonical, type Json, type Line, listOf, minor, slowMatches, sum } from './slow-basics.ts'

export type State = {
  input: Json
  /** Remaining of each unit of each line. */
  units: number[][]
  delivery: number
  discountedBy: Set<string>[]
  closedBy: (string | undefined)[]
}

export const freshState = (input: Json): State => ({
  input,
  units: input.order.lines.map((line: Line) => new Array(line.quantity).fill(line.price_minor)),
  delivery: input.order.delivery?.price_minor ?? 0,
  discountedBy: input.order.lines.map(() => new Set<string>()),
  closedBy: input.order.lines.map(() => undefined),
})

function enough(
  actual: number | undefined,
  wanted: Json[string],
  convert: (value: number) => number = (value) => value,
): boolean {
  if (actual === undefined) return false
  if (typeof wanted === 'number') return actual >= convert(wanted)
  const { gte, gt, lte, lt } = wanted
  return (
    (gte === undefined || actual >= convert(gte)) &&
    (gt === undefined || actual > convert(gt)) &&
    (lte === undefined || actual <= convert(lte)) &&
    (lt === undefined || actual < convert(lt))
  )
}

/** `state`: what remains, for `of: remaining`; a fresh one is list prices. */
export function conditionHolds(condition: Json, promo: Json, state: State): boolean {
  if (condition.any) return condition.any.some((part: Json) => conditionHolds(part, promo, state))
  if (condition.all) return condition.all.every((part: Json) => conditionHolds(part, promo, state))
  if (condition.not) return !conditionHolds(condition.not, promo, state)
  const { order, now, tester = false } = state.input
  const counted = condition.of === 'remaining' ? state : freshState(state.input)
  const lines: Line[] = order.lines
  const matching = lines
    .keys()
    .filter((i) => slowMatches(promo.product_filters, lines[i]!))
    .toArray()
  const total = sum(matching.map((i) => sum(counted.units[i]!)))
  const goods = sum(counted.units.map(sum))
  const named = (actual: unknown): boolean => actual !== undefined && listOf(condition.value).includes(actual as string)
  const customer: Json = order.customer ?? {}
  const nth = customer.orders_placed === undefined ? undefined : customer.orders_placed + 1
  switch (condition.type) {
    case 'selected_delivery':
      return named(order.delivery?.method)
    case 'selected_payment':
      return named(order.payment?.method)
    case 'channel':
      return named(order.channel)
    case 'city':
      return named(order.delivery?.city ?? customer.city)
    case 'country':
      return named(order.delivery?.country ?? customer.country)
    case 'total_value':
      return enough(total, condition.value, minor)
    case 'total_quantity':
      return enough(sum(matching.map((i) => lines[i]!.quantity)), condition.value)
    case 'order_total':
      return enough(goods, condition.value, minor)
    case 'total_with_delivery':
      return enough(goods + counted.delivery, condition.value, minor)
    case 'contains': {
      const there = lines.filter((line) => slowMatches(condition.filter, line))
      return sum(there.map((line) => line.quantity)) >= (condition.quantity ?? 1)
    }
    case 'any_line_quantity':
      return matching.some((i) => enough(lines[i]!.quantity, condition.value))
    case 'promo_code':
      return listOf<string>(condition.value).some((code) =>
        (order.codes ?? []).map(canonical).includes(canonical(code)),
      )
    case 'loyalty_card': {
      const card = customer.loyalty_card || null
      if (condition.value === undefined || typeof condition.value === 'boolean')
        return (card !== null) === (condition.value ?? true)
      return named(card)
    }
    case 'customer_group':
      return listOf(condition.value).some((group) => (customer.groups ?? []).includes(group))
    case 'customer_attribute': {
      const value = Object.hasOwn(customer, condition.attribute) ? customer[condition.attribute] : undefined
      return attributeTest('', value === undefined || value === null ? undefined : listOf(value), condition.value)
    }
    case 'first_order':
      return nth === 1
    case 'nth_order':
      return nth !== undefined && listOf(condition.value).some((n) => (condition.every ? nth % n === 0 : nth === n))
    case 'days_since_last_order': {
      if (!customer.last_order_at) return false
      const days = Math.max(0, Math.floor((Date.parse(now) - Date.parse(customer.last_order_at)) / 86_400_000))
      return enough(days, condition.value)
    }
    case 'line_not_discounted':
      return matching.some((i) => state.discountedBy[i]!.size === 0)
    case 'tester':
      return tester
    default:
      throw new Error(condition.type)
  }
}

export const isLate = (condition: Json): boolean =>
  condition.of === 'remaining' ||
  condition.type === 'line_not_discounted' ||
  [...(condition.any ?? []), ...(condition.all ?? []), ...(condition.not ? [condition.not] : [])].some(isLate)

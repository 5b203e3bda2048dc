// The obvious twin of lib/promos/allocate: reads configs as they are written, loops over promos, conditions, lines and
// single units, and knows no index, run or rank. Straight from "Promotion semantics" and docs/promos.md.

import {
  type Amounts,
  amountsOf,
  cut,
  type Entry,
  merged,
  overUnits,
  slowSpread,
  stageOf,
  type Unit,
} from './slow-actions.ts'
import { canonical, type Json, type Line, minor, slowIsOpen, slowMatches, sum } from './slow-basics.ts'
import { conditionHolds, freshState, isLate, type State } from './slow-conditions.ts'

// --------------------------------------------------------------------------------------------------- eligibility

const byPriority = (a: Json, b: Json): number =>
  (b.priority ?? 0) - (a.priority ?? 0) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

function openCode(promo: Json, input: Json): string | undefined {
  const used: Json = input.usage?.[promo.id]?.codes ?? {}
  return (promo.codes ?? []).map(canonical).find((code: string) => {
    if (!(input.order.codes ?? []).map(canonical).includes(code)) return false
    const own = Object.entries<Json>(promo.limits?.codes ?? {}).find(([name]) => canonical(name) === code)?.[1]
    const limit = { ...promo.limits?.each_code, ...own }
    const uses = Object.entries<Json>(used).find(([name]) => canonical(name) === code)?.[1] ?? {}
    return (
      (limit.uses === undefined || (uses.uses ?? 0) < limit.uses) &&
      (limit.customer_uses === undefined || (uses.customer_uses ?? 0) < limit.customer_uses)
    )
  })
}

const budgetOf = (promo: Json): number =>
  promo.limits?.budget === undefined
    ? (promo.limits?.budget_minor ?? Number.POSITIVE_INFINITY)
    : minor(promo.limits.budget)

function isEligible(promo: Json, input: Json, shopZone: string): boolean {
  const { order, now, tester = false } = input
  const usage: Json = input.usage?.[promo.id] ?? {}
  if (promo.state === 'draft' || (promo.state === 'test' && !tester)) return false
  if (promo.currency !== undefined && promo.currency !== order.currency) return false
  if (!slowIsOpen(promo, Date.parse(now), shopZone)) return false
  if (!order.lines.some((line: Line) => slowMatches(promo.product_filters, line))) return false
  if (promo.codes && openCode(promo, input) === undefined) return false
  const limits = promo.limits ?? {}
  if ((usage.uses ?? 0) >= (limits.uses ?? Number.POSITIVE_INFINITY)) return false
  if ((usage.customer_uses ?? 0) >= (limits.customer_uses ?? Number.POSITIVE_INFINITY)) return false
  if ((usage.budget_minor ?? 0) >= budgetOf(promo)) return false
  const early = (promo.order_filters ?? []).filter((condition: Json) => !isLate(condition))
  return early.every((condition: Json) => conditionHolds(condition, promo, freshState(input)))
}

const lateOnes = (promo: Json): Json[] => (promo.order_filters ?? []).filter(isLate)

function stacked(eligible: Json[], input: Json): Json[] {
  const exclusive = eligible.find(
    (promo) =>
      promo.exclusive && lateOnes(promo).every((condition) => conditionHolds(condition, promo, freshState(input))),
  )
  if (exclusive) return [exclusive]
  const others = eligible.filter((promo) => !promo.exclusive)
  const groups = new Set(others.map((promo) => promo.group).filter((group) => group !== undefined))
  const lost = new Set<Json>()
  for (const group of groups) {
    const members = others
      .filter((promo) => promo.group === group)
      .map((promo) => ({ promo, ...worth(promo, input) }))
      .sort((a, b) => b.discount - a.discount || b.credit - a.credit || byPriority(a.promo, b.promo))
    for (const { promo } of members.slice(1)) lost.add(promo)
  }
  let limited = 0
  return others.filter((promo) => !lost.has(promo) && (promo.limits === undefined || ++limited <= 20))
}

function worth(promo: Json, input: Json): { discount: number; credit: number } {
  const { entries, delivery } = applied([promo], input)
  const taken = (kinds: string[]): number =>
    sum(entries.filter((entry) => kinds.includes(entry.kind)).map((entry) => entry.amount))
  return { discount: taken(['discount']) + delivery, credit: taken(['cashback', 'bonus']) }
}
// ---------------------------------------------------------------------------------------------------- application

type Applied = { state: State; entries: Entry[]; delivery: number; gave: Set<string>; grants: Json[] }

function applied(promos: Json[], input: Json): Applied {
  const state = freshState(input)
  const lines: Line[] = input.order.lines
  const result: Applied = { state, entries: [], delivery: 0, gave: new Set(), grants: [] }
  const verdicts = new Map<Json, { open: boolean; leftOut: Set<number> }>()
  const spent = new Map<string, number>()
  const steps = promos
    .flatMap((promo) => promo.actions.map((action: Json, position: number) => ({ promo, action, position })))
    .sort((a, b) => stageOf(a.action) - stageOf(b.action) || byPriority(a.promo, b.promo) || a.position - b.position)
  for (const { promo, action } of steps) {
    if (!verdicts.has(promo)) verdicts.set(promo, verdictOf(promo, state))
    const { open, leftOut } = verdicts.get(promo)!
    if (!open) continue
    const isFree = (line: number): boolean => {
      const closer = state.closedBy[line]
      return !leftOut.has(line) && (closer === undefined || closer === promo.id)
    }
    const all = lines.flatMap((line, i): Unit[] =>
      state.units[i]!.map((left, unit) => ({
        line: i,
        unit,
        price: line.price_minor,
        left,
        floor: line.floor_minor ?? 0,
      })),
    )
    const unitsOf = (filter: Json | undefined): Unit[] =>
      all.filter(({ line }) => isFree(line) && slowMatches(filter, lines[line]!))
    const goods = unitsOf(promo.product_filters)
    const units = unitsOf(action.targets ?? promo.targets ?? promo.product_filters)
    const used = (input.usage?.[promo.id]?.budget_minor ?? 0) + (spent.get(promo.id) ?? 0)
    const most = Math.min(action.max_minor ?? Infinity, budgetOf(promo) - used)
    const given = give(result, promo, action, { goods, units, most })
    spent.set(promo.id, (spent.get(promo.id) ?? 0) + given.minor)
    if (!given.any) continue
    result.gave.add(promo.id)
    if (promo.stop) for (const { line } of units) state.closedBy[line] ??= promo.id
  }
  return result
}

function verdictOf(promo: Json, state: State): { open: boolean; leftOut: Set<number> } {
  const late = lateOnes(promo)
  const narrows = late.some((condition) => condition.type === 'line_not_discounted')
  const discounted = [...state.discountedBy.keys()].filter((line) => state.discountedBy[line]!.size > 0)
  return {
    open: late.every((condition) => conditionHolds(condition, promo, state)),
    leftOut: new Set(narrows ? discounted : []),
  }
}

function give(
  result: Applied,
  promo: Json,
  action: Json,
  { goods, units, most }: { goods: Unit[]; units: Unit[]; most: number },
): { any: boolean; minor: number } {
  const { state } = result
  if (action.type === 'gift' || action.type === 'voucher') {
    result.grants.push({ promo: promo.id, type: action.type, value: action.value })
    return { any: true, minor: 0 }
  }
  if (stageOf(action) === 3) {
    const reward =
      action.type === 'fixed_off'
        ? { sum: action.value }
        : action.type === 'fixed_price'
          ? { price: action.value }
          : { percent: action.value ?? 100 }
    const taken = Math.min(cut(state.delivery, reward), most)
    state.delivery -= taken
    result.delivery += taken
    return { any: taken > 0, minor: taken }
  }
  const kind = action.type === 'cashback' || action.type === 'bonus' ? action.type : 'discount'
  const amounts = capped(amountsOf(action, goods, units, state.input.order.lines), most, kind !== 'discount')
  const touched = [...Map.groupBy(amounts, ([unit]) => unit.line)].sort(([a], [b]) => a - b)
  for (const [line, parts] of touched) {
    const shares = state.units[line]!.map((_, unit) =>
      sum(parts.filter(([own]) => own.unit === unit).map(([, share]) => share)),
    )
    if (sum(shares) === 0) continue
    result.entries.push({ promo: promo.id, action: action.type, kind, line, units: shares, amount: sum(shares) })
    if (kind !== 'discount') continue
    state.units[line] = state.units[line]!.map((left, unit) => left - shares[unit]!)
    state.discountedBy[line]!.add(promo.id)
  }
  const minor = sum([...amounts.values()])
  return { any: minor > 0, minor }
}

/** Down to `most` in all: lines in proportion to what they would have got, then their units the same way. */
function capped(amounts: Amounts, most: number, credit: boolean): Amounts {
  if (sum([...amounts.values()]) <= most) return amounts
  const lines = [...Map.groupBy(amounts, ([unit]) => unit.line)].sort(([a], [b]) => a - b).map(([, parts]) => parts)
  const wanted = lines.map((parts) => sum(parts.map(([, share]) => share)))
  const shares = slowSpread(most, wanted, wanted)
  return merged(
    lines.map((parts, i) => {
      const units = parts.map(([unit]) => unit).sort((a, b) => a.unit - b.unit)
      if (!amounts.each) return overUnits(shares[i]!, units, credit)
      const asked = units.map((unit) => amounts.get(unit)!)
      return new Map(slowSpread(shares[i]!, asked, asked).map((share, u) => [units[u]!, share]))
    }),
  )
}

// --------------------------------------------------------------------------------------------------------- result

export type SlowAllocation = {
  /** Per line: what remains of each unit. */
  units: number[][]
  entries: Entry[]
  delivery_minor: number
  applied: string[]
  grants: Json[]
}

/** `input` as `kram promos evaluate` reads it; `now` in UTC with `Z`, starts and finishes bare days or with `Z`. */
export function slowAllocate(input: Json, shopZone = 'Europe/Kyiv'): SlowAllocation {
  const promos = input.promos
    .map((promo: Json, i: number) => ({ ...promo, id: promo.id ?? `promo-${i}` }))
    .sort(byPriority)
  const stay = stacked(
    promos.filter((promo: Json) => isEligible(promo, input, shopZone)),
    input,
  )
  const { state, entries, gave, grants } = applied(stay, input)
  return {
    units: state.units,
    entries,
    delivery_minor: state.delivery,
    applied: stay.map((promo) => promo.id).filter((id) => gave.has(id)),
    grants,
  }
}

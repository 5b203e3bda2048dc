// What an action gives, unit by unit, as the obvious twin of lib/promos reckons it.

import { halfUp, type Json, type Line, minor, slowMatches, sum } from './slow-basics.ts'

// ---------------------------------------------------------------------------------------------------- spreading

/** Largest remainder with caps, one part at a time. */
export function slowSpread(amount: number, weights: readonly number[], caps: readonly number[]): number[] {
  const result: (number | undefined)[] = weights.map((weight) => (weight === 0 ? 0 : undefined))
  let left = Math.min(amount, sum(caps.filter((_, i) => weights[i]! > 0)))
  for (;;) {
    const open = [...weights.keys()].filter((i) => result[i] === undefined)
    const total = BigInt(sum(open.map((i) => weights[i]!)))
    const shares = open.map((i) => ({
      i,
      share: Number((BigInt(left) * BigInt(weights[i]!)) / total),
      rest: (BigInt(left) * BigInt(weights[i]!)) % total,
    }))
    const ranked = [...shares].sort((a, b) => (a.rest === b.rest ? a.i - b.i : a.rest > b.rest ? -1 : 1))
    for (let k = left - sum(shares.map(({ share }) => share)), at = 0; k > 0; k--, at++) ranked[at]!.share++
    const over = shares.filter(({ i, share }) => share > caps[i]!)
    if (over.length === 0) {
      for (const { i, share } of shares) result[i] = share
      return result.map((share) => share ?? 0)
    }
    // Equal parts are capped alike: a unit that got the odd cent is no different from its neighbour.
    for (const { i } of over) {
      for (const j of open) {
        if (result[j] === undefined && weights[j] === weights[i] && caps[j] === caps[i]) {
          result[j] = caps[j]!
          left -= caps[j]!
        }
      }
    }
  }
}

// -------------------------------------------------------------------------------------------------------- actions

export type Unit = { line: number; unit: number; price: number; left: number; floor: number }
export type Entry = { promo: string; action: string; kind: string; line: number; units: number[]; amount: number }

export const cut = (base: number, reward: Json, credit = false): number => {
  if (base === 0) return 0
  if (reward.percent !== undefined) return halfUp(base, reward.percent)
  if (reward.price !== undefined) return Math.max(0, base - minor(reward.price))
  return credit ? minor(reward.sum) : Math.min(minor(reward.sum), base)
}

const sortedUnits = (units: Unit[], pick: string): Unit[] =>
  [...units].sort(
    (a, b) => (pick === 'dearest' ? b.price - a.price : a.price - b.price) || a.line - b.line || a.unit - b.unit,
  )

function limitUnits(units: Unit[], max: Json[string], pick = 'cheapest'): Unit[] {
  if (max === undefined) return units
  const { per_line = Infinity, per_order = Infinity } = typeof max === 'number' ? { per_order: max } : max
  const taken = new Map<number, number>()
  const chosen = sortedUnits(units, pick).filter((unit) => {
    const count = taken.get(unit.line) ?? 0
    if (count >= per_line || sum([...taken.values()]) >= per_order) return false
    taken.set(unit.line, count + 1)
    return true
  })
  return units.filter((unit) => chosen.includes(unit))
}

const capOf = (unit: Unit, credit: boolean): number => (credit ? Infinity : Math.max(0, unit.left - unit.floor))

/** Amounts of single units; `each`: each unit asked for itself, not its line for all of them. */
export type Amounts = Map<Unit, number> & { each?: boolean }

export function overUnits(amount: number, units: Unit[], credit: boolean): Amounts {
  const shares = slowSpread(
    amount,
    units.map((unit) => unit.left),
    units.map((unit) => capOf(unit, credit)),
  )
  return new Map(units.map((unit, i) => [unit, shares[i]!]))
}

export const merged = (parts: Amounts[]): Amounts => new Map(parts.flatMap((part) => [...part]))

function perLine(units: Unit[], reward: Json, credit: boolean): Amounts {
  return merged(
    [...Map.groupBy(units, (unit) => unit.line).values()].map((line) => {
      const wanted = cut(sum(line.map((unit) => unit.left)), reward, credit)
      return overUnits(Math.min(wanted, sum(line.map((unit) => capOf(unit, credit)))), line, credit)
    }),
  )
}

const eachOf = (parts: [Unit, number][]): Amounts => Object.assign(new Map(parts), { each: true })

const perUnit = (units: Unit[], reward: Json, credit: boolean): Amounts =>
  eachOf(units.map((unit) => [unit, Math.min(cut(unit.left, reward, credit), capOf(unit, credit))]))

/** Over segments first (the units of one line that stand together), then over the units of each. */
function together(amount: number, segments: Unit[][], credit: boolean): Amounts {
  const shares = slowSpread(
    amount,
    segments.map((units) => sum(units.map((unit) => unit.left))),
    segments.map((units) => sum(units.map((unit) => capOf(unit, credit)))),
  )
  return merged(segments.map((units, i) => overUnits(shares[i]!, units, credit)))
}

const byLine = (units: Unit[]): Unit[][] => [...Map.groupBy(units, (unit) => unit.line).values()]

function on(where: string, units: Unit[], reward: Json, credit = false): Amounts {
  if (where === 'lines') return perLine(units, reward, credit)
  if (where === 'each_unit') return perUnit(units, reward, credit)
  return together(cut(sum(units.map((unit) => unit.left)), reward, credit), byLine(units), credit)
}

const rewardOf = ({ percent, sum: amount, price }: Json): Json =>
  percent !== undefined ? { percent } : amount !== undefined ? { sum: amount } : { price }

function buyXGetY(action: Json, bought: Unit[], given: Unit[]): Amounts {
  const { buy, get, pick = 'cheapest', repeats = true } = action
  const most = typeof repeats === 'number' ? repeats : repeats ? Infinity : 1
  for (let times = Math.min(most, Math.floor(bought.length / buy)); times > 0; times--) {
    const free: Unit[] = []
    for (const unit of sortedUnits(given, pick)) {
      const left = bought.filter((other) => other !== unit && !free.includes(other)).length
      if (free.length < times * get && left >= times * buy) free.push(unit)
    }
    const reward = action.percent || action.sum || action.price !== undefined ? rewardOf(action) : { percent: 100 }
    if (free.length === times * get) return perUnit(free, reward, false)
  }
  return new Map()
}

function unitGroups(action: Json, units: Unit[]): Amounts {
  const sorted = sortedUnits(units, action.pick ?? 'dearest')
  const most = typeof action.repeats === 'number' ? action.repeats : action.repeats === false ? 1 : Infinity
  const used: Unit[] = []
  let amount = 0
  for (let group = 0; group < most && (group + 1) * action.units <= sorted.length; group++) {
    const members = sorted.slice(group * action.units, (group + 1) * action.units)
    const off = cut(sum(members.map((unit) => unit.left)), rewardOf(action))
    amount += off
    if (off > 0) used.push(...members)
  }
  return together(amount, byLine(units.filter((unit) => used.includes(unit))), false)
}

/** Whether every unit can have a place of its own, by trying (augmenting paths). */
function fits(units: Unit[], places: Json[], lines: Line[]): boolean {
  const holder: (Unit | undefined)[] = places.map(() => undefined)
  const place = (unit: Unit, seen: Set<number>): boolean =>
    places.some((part, p) => {
      if (seen.has(p) || !slowMatches(part.filter, lines[unit.line]!)) return false
      seen.add(p)
      const other = holder[p]
      if (other !== undefined && !place(other, seen)) return false
      holder[p] = unit
      return true
    })
  return units.every((unit) => place(unit, new Set()))
}

function bundles(action: Json, units: Unit[], lines: Line[]): Amounts {
  const places = action.parts.flatMap((part: Json) => new Array(part.quantity ?? 1).fill(part))
  const most = typeof action.repeats === 'number' ? action.repeats : action.repeats === false ? 1 : Infinity
  const used: Unit[] = []
  const cheaper: Unit[] = []
  let amount = 0
  for (let formed = 0; formed < most; formed++) {
    const bundle: Unit[] = []
    for (const unit of sortedUnits(units, action.pick ?? 'dearest')) {
      if (!used.includes(unit) && bundle.length < places.length && fits([...bundle, unit], places, lines))
        bundle.push(unit)
    }
    if (bundle.length < places.length) break
    const off = cut(sum(bundle.map((unit) => unit.left)), rewardOf(action))
    used.push(...bundle)
    if (off > 0) cheaper.push(...bundle)
    amount += off
  }
  return together(amount, byLine(units.filter((unit) => cheaper.includes(unit))), false)
}

function tiers(action: Json, goods: Unit[], units: Unit[]): Amounts {
  const { by = 'total', of = 'list' } = action
  const reached = by === 'quantity' ? goods.length : sum(goods.map((unit) => (of === 'list' ? unit.price : unit.left)))
  const tier = action.tiers
    .filter(({ from }: Json) => reached >= (by === 'quantity' ? from : minor(from)))
    .sort((a: Json, b: Json) => b.from - a.from)[0]
  if (!tier) return new Map()
  const limited = limitUnits(units, action.max_units, action.pick)
  return on(
    tier.percent !== undefined ? 'lines' : tier.price !== undefined ? 'each_unit' : 'order',
    limited,
    rewardOf(tier),
  )
}

function firstThenFurther(action: Json, units: Unit[]): Amounts {
  const sorted = sortedUnits(units, action.pick ?? 'dearest')
  const count = action.first_units ?? 1
  const first = action.first ? perUnit(sorted.slice(0, count), rewardOf(action.first), false) : new Map()
  return eachOf([...first, ...perUnit(sorted.slice(count), rewardOf(action.further), false)])
}

export const stageOf = (action: Json): number => {
  if (['cashback', 'bonus', 'voucher'].includes(action.type)) return 4
  if (action.type === 'free_delivery' || action.on === 'delivery') return 3
  if (action.on === 'order' || (action.type === 'fixed_off' && action.on === undefined)) return 2
  return 1
}

export function amountsOf(action: Json, goods: Unit[], units: Unit[], lines: Line[]): Amounts {
  const limited = limitUnits(units, action.max_units, action.pick)
  switch (action.type) {
    case 'percent_off':
      return on(action.on ?? 'lines', limited, { percent: action.value })
    case 'fixed_off':
      return on(action.on ?? 'order', limited, { sum: action.value })
    case 'fixed_price':
      return on(action.on ?? 'each_unit', limited, { price: action.value })
    case 'cashback':
    case 'bonus': {
      const reward = action.as === 'sum' ? { sum: action.value } : { percent: action.value }
      return on(action.on ?? (action.as === 'sum' ? 'order' : 'lines'), limited, reward, true)
    }
    case 'buy_x_get_y':
      return buyXGetY(action, goods, units)
    case 'unit_groups':
      return unitGroups(action, units)
    case 'bundle':
      return bundles(action, units, lines)
    case 'tiers':
      return tiers(action, goods, units)
    case 'first_then_each_further':
      return firstThenFurther(action, units)
    default:
      throw new Error(action.type)
  }
}

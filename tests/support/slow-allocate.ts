// The obvious twin of lib/promos/allocate: reads configs as they are written, loops over promos, conditions, lines and
// single units, and knows no index, run or rank. Straight from "Promotion semantics" and docs/promos.md.

// biome-ignore lint/suspicious/noExplicitAny: reads configs as they are written, unparsed
type Json = Record<string, any>
type Line = Json & { price_minor: number; quantity: number }

const minor = (units: number): number => Math.round(units * 100)
const listOf = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value])
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
const canonical = (code: string): string => code.trim().toUpperCase()
const halfUp = (base: number, percent: number): number =>
  Number((BigInt(base) * BigInt(Math.round(percent * 100)) * 2n + 10_000n) / 20_000n)

// ------------------------------------------------------------------------------------------------------- filters

function attributeValues(line: Line, name: string): unknown[] {
  if (name === 'price') return [line.price_minor]
  if (name === 'sku') return line.sku === undefined ? [] : [line.sku]
  const value = Object.hasOwn(line.attributes ?? {}, name) ? line.attributes[name] : undefined
  return value === undefined ? [] : listOf(value)
}

function testHolds(name: string, values: unknown[], operator: string, operand: Json[string]): boolean {
  const wanted = name === 'price' && typeof operand === 'number' ? minor(operand) : operand
  const among = Array.isArray(operand) ? operand.map((entry) => (name === 'price' ? minor(entry) : entry)) : []
  const comparable = (value: Json[string], other: Json[string]): boolean =>
    typeof value === typeof other && typeof value !== 'boolean'
  const some = (test: (value: Json[string]) => boolean): boolean => values.some(test)
  switch (operator) {
    case 'eq':
      return some((value) => value === wanted)
    case 'ne':
      return !some((value) => value === wanted)
    case 'in':
      return some((value) => among.includes(value))
    case 'not_in':
      return !some((value) => among.includes(value))
    case 'lt':
      return some((value) => comparable(value, wanted) && value < wanted)
    case 'lte':
      return some((value) => comparable(value, wanted) && value <= wanted)
    case 'gt':
      return some((value) => comparable(value, wanted) && value > wanted)
    case 'gte':
      return some((value) => comparable(value, wanted) && value >= wanted)
    case 'between':
      return some((value) => comparable(value, among[0]) && value >= among[0] && value <= among[1])
    case 'exists':
      return values.length > 0 === operand
    case 'prefix':
      return some((value) => typeof value === 'string' && value.startsWith(operand))
    case 'has_all':
      return among.every((entry) => values.includes(entry))
    default:
      throw new Error(operator)
  }
}

const attributeTest = (name: string, values: unknown[], test: Json[string]): boolean => {
  if (Array.isArray(test)) return testHolds(name, values, 'in', test)
  if (typeof test !== 'object') return testHolds(name, values, 'eq', test)
  return Object.entries(test).every(([operator, operand]) => testHolds(name, values, operator, operand))
}

export function slowMatches(filter: Json | undefined, line: Line): boolean {
  return Object.entries(filter ?? {}).every(([name, value]) => {
    if (name === 'all') return value.every((branch: Json) => slowMatches(branch, line))
    if (name === 'any') return value.some((branch: Json) => slowMatches(branch, line))
    if (name === 'not') return !slowMatches(value, line)
    return attributeTest(name, attributeValues(line, name), value)
  })
}

// ------------------------------------------------------------------------------------------------------- windows

/** What a wall clock shows: `["2022-08-24", "Wed", "13:05"]`. */
export function wallClock(zone: string, ms: number): [day: string, weekday: string, time: string] {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]))
  return [`${part.year}-${part.month}-${part.day}`, part.weekday!, `${part.hour}:${part.minute}`]
}

const weekdayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Reads bare days and times with `Z` only. */
export function slowIsOpen(config: Json, ms: number, shopZone: string): boolean {
  const zone = config.time_zone ?? shopZone
  const [day, weekdayText, time] = wallClock(zone, ms)
  const bare = (text: string): boolean => text.length === 10
  if (config.start !== undefined && (bare(config.start) ? day < config.start : ms < Date.parse(config.start)))
    return false
  if (config.finish !== undefined && (bare(config.finish) ? day > config.finish : ms >= Date.parse(config.finish))) {
    return false
  }
  if (config.recurrence === undefined) return true
  const { weekdays = weekdayNames, from = '00:00', to = '24:00' } = config.recurrence
  const today = weekdayText.toLowerCase()
  const yesterday = weekdayNames[(weekdayNames.indexOf(today) + 6) % 7]
  if (from < to) return weekdays.includes(today) && time >= from && time < to
  return (weekdays.includes(today) && time >= from) || (weekdays.includes(yesterday) && time < to)
}

// ---------------------------------------------------------------------------------------------------- conditions

type State = {
  input: Json
  /** Remaining of each unit of each line. */
  units: number[][]
  delivery: number
  discountedBy: Set<string>[]
  closedBy: (string | undefined)[]
}

const freshState = (input: Json): State => ({
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
function conditionHolds(condition: Json, promo: Json, state: State): boolean {
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
      return attributeTest('', value === undefined || value === null ? [] : listOf(value), condition.value)
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

const isLate = (condition: Json): boolean =>
  condition.of === 'remaining' ||
  condition.type === 'line_not_discounted' ||
  [...(condition.any ?? []), ...(condition.all ?? []), ...(condition.not ? [condition.not] : [])].some(isLate)

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

type Unit = { line: number; unit: number; price: number; left: number; floor: number }
type Entry = { promo: string; action: string; kind: string; line: number; units: number[]; amount: number }

const cut = (base: number, reward: Json, credit = false): number => {
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
type Amounts = Map<Unit, number> & { each?: boolean }

function overUnits(amount: number, units: Unit[], credit: boolean): Amounts {
  const shares = slowSpread(
    amount,
    units.map((unit) => unit.left),
    units.map((unit) => capOf(unit, credit)),
  )
  return new Map(units.map((unit, i) => [unit, shares[i]!]))
}

const merged = (parts: Amounts[]): Amounts => new Map(parts.flatMap((part) => [...part]))

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
  let amount = 0
  for (let formed = 0; formed < most; formed++) {
    const bundle: Unit[] = []
    for (const unit of sortedUnits(units, action.pick ?? 'dearest')) {
      if (!used.includes(unit) && bundle.length < places.length && fits([...bundle, unit], places, lines))
        bundle.push(unit)
    }
    const off = bundle.length < places.length ? 0 : cut(sum(bundle.map((unit) => unit.left)), rewardOf(action))
    if (off === 0) break
    used.push(...bundle)
    amount += off
  }
  return together(amount, byLine(units.filter((unit) => used.includes(unit))), false)
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

const stageOf = (action: Json): number => {
  if (['cashback', 'bonus', 'voucher'].includes(action.type)) return 4
  if (action.type === 'free_delivery' || action.on === 'delivery') return 3
  if (action.on === 'order' || (action.type === 'fixed_off' && action.on === undefined)) return 2
  return 1
}

function amountsOf(action: Json, goods: Unit[], units: Unit[], lines: Line[]): Amounts {
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

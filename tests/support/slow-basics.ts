// What the obvious twin of lib/promos reads configs with: amounts, filters on goods, windows of time.

// biome-ignore lint/suspicious/noExplicitAny: reads configs as they are written, unparsed
export type Json = Record<string, any>
export type Line = Json & { price_minor: number; quantity: number }

export const minor = (units: number): number => Math.round(units * 100)
export const listOf = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value])
export const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
export const canonical = (code: string): string => code.trim().toUpperCase().normalize()
export const halfUp = (base: number, percent: number): number =>
  Number((BigInt(base) * BigInt(Math.round(percent * 100)) * 2n + 10_000n) / 20_000n)

// ------------------------------------------------------------------------------------------------------- filters

function attributeValues(line: Line, name: string): unknown[] | undefined {
  if (name === 'price') return [line.price_minor]
  if (name === 'sku') return line.sku === undefined ? undefined : [line.sku]
  const value = Object.hasOwn(line.attributes ?? {}, name) ? line.attributes[name] : undefined
  return value === undefined ? undefined : listOf(value)
}

function testHolds(name: string, found: unknown[] | undefined, operator: string, operand: Json[string]): boolean {
  const values = found ?? []
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
      return (found !== undefined) === operand
    case 'prefix':
      return some((value) => typeof value === 'string' && value.startsWith(operand))
    case 'has_all':
      return among.every((entry) => values.includes(entry))
    default:
      throw new Error(operator)
  }
}

/** `values`: of the attribute; undefined when it is missing. */
export const attributeTest = (name: string, values: unknown[] | undefined, test: Json[string]): boolean => {
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

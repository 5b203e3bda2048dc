// Values of facts: reading them by path, comparing and ordering them, and their canonical text. No rule of JavaScript's
// own prototypes shows through: names that Object.prototype has are read only where the object owns them.

export type Steps = readonly string[]

let work = 0

/**
 * Charges for what is done to lists, objects and long texts, which takes the longer the larger they are, in steps of the
 * work budget. Whoever evaluates takes it into its own count; nothing comes in between, since evaluation never waits.
 */
export function addWork(steps: number): void {
  work += steps
}

/** What was charged since the last call. */
export function takeWork(): number {
  const taken = work
  work = 0
  return taken
}

/** In steps of the index, which are a few nanoseconds each. */
const cost = { part: 8, text: 16, order: 8 } as const
/** Two to this power characters are compared or written out in one step. */
const charsShift = 4

/** How many steps it takes to put so many values in order. */
export const orderSteps = (count: number): number => cost.order * count * Math.ceil(Math.log2(count + 1))

const inheritedNames = new Set(Object.getOwnPropertyNames(Object.prototype))

/** Whether a plain object may have something under this name that it does not own. */
export const isInheritedName = (name: string): boolean => inheritedNames.has(name)

/** The own attribute of a plain object; undefined for anything else, lists included. */
export function ownValue(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}

/** What stands at the path, or undefined. */
export function readPath(value: unknown, steps: Steps): unknown {
  let at = value
  for (const step of steps) at = ownValue(at, step)
  return at
}

/** The same JSON value: scalars by value, lists and objects by their parts. undefined equals nothing, NaN itself. */
export function equalValues(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string') {
    addWork(Math.min(a.length, b.length) >> charsShift)
    return a === b
  }
  if (a === b) return a !== undefined
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return Number.isNaN(a) && Number.isNaN(b)
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    addWork(cost.part * a.length)
    return a.every((part, i) => equalValues(part, b[i]))
  }
  const names = ownNames(a)
  addWork(cost.part * names.length)
  return names.length === ownNames(b).length && names.every((name) => equalValues(ownValue(a, name), ownValue(b, name)))
}

const ownNames = (value: object): string[] =>
  Object.keys(value).filter((name) => (value as Record<string, unknown>)[name] !== undefined)

/** -1, 0 or 1 for two numbers or two strings (by code unit); undefined for anything else. */
export function compareScalars(a: unknown, b: unknown): -1 | 0 | 1 | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : a === b ? 0 : undefined
  if (typeof a !== 'string' || typeof b !== 'string') return undefined
  addWork(Math.min(a.length, b.length) >> charsShift)
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * JSON with names sorted by code unit and undefined attributes left out: equal text for equal values. What is no JSON
 * (numbers that are not finite, say) is written as what it is, so that it is told from all that is.
 */
export function canonicalText(value: unknown): string {
  if (typeof value === 'string') {
    addWork(cost.text + (value.length >> charsShift))
    return JSON.stringify(value)
  }
  addWork(cost.text)
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  const parts = ownNames(value).sort()
  return `{${parts.map((name) => `${JSON.stringify(name)}:${canonicalText(ownValue(value, name))}`).join(',')}}`
}

const otherRank = 4
const rankOf = (value: unknown): number => {
  if (value === null) return 0
  if (typeof value === 'boolean') return 1
  if (typeof value === 'number') return 2
  return typeof value === 'string' ? 3 : otherRank
}

export type Keyed = { value: unknown; key: unknown }

/**
 * The values in an order that depends on them alone: null, booleans, numbers, strings, then the rest by canonical text.
 * `key` tells equal ones.
 */
export function inOrder(values: readonly unknown[]): Keyed[] {
  addWork(orderSteps(values.length))
  const keyed = values.map((value) => {
    const rank = rankOf(value)
    return { value, rank, key: rank === otherRank ? canonicalText(value) : value }
  })
  return keyed.sort((a, b) => a.rank - b.rank || orderValues(a.key, b.key))
}

/** A total order of JSON values: null, booleans, numbers, strings, then the rest by canonical text. */
export function orderValues(a: unknown, b: unknown): number {
  const rank = rankOf(a)
  if (rank !== rankOf(b)) return rank - rankOf(b)
  const byScalar = compareScalars(a, b)
  if (byScalar !== undefined) return byScalar
  return compareScalars(canonicalText(a), canonicalText(b)) ?? 0
}

/** Deeply frozen copy of a JSON value, so that what many results share cannot be changed by one reader. */
export function frozenCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy))
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([name, part]) => [name, frozenCopy(part)])))
}

/** A number that arithmetic may use: finite. */
export const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

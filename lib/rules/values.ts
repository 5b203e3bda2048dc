// Values of facts: reading them by path, comparing and ordering them, and their canonical text. No rule of JavaScript's
// own prototypes shows through: names that Object.prototype has are read only where the object owns them.

export type Steps = readonly string[]

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

/** The same JSON value: scalars by value, lists and objects by their parts. undefined equals nothing. */
export function equalValues(a: unknown, b: unknown): boolean {
  if (a === b) return a !== undefined
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    return a.every((part, i) => equalValues(part, b[i]))
  }
  const names = ownNames(a)
  return names.length === ownNames(b).length && names.every((name) => equalValues(ownValue(a, name), ownValue(b, name)))
}

const ownNames = (value: object): string[] =>
  Object.keys(value).filter((name) => (value as Record<string, unknown>)[name] !== undefined)

/** -1, 0 or 1 for two numbers or two strings (by code unit); undefined for anything else. */
export function compareScalars(a: unknown, b: unknown): -1 | 0 | 1 | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : a === b ? 0 : undefined
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  return undefined
}

/** JSON with names sorted by code unit and undefined attributes left out: equal text for equal values. */
export function canonicalText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  const parts = ownNames(value).sort()
  return `{${parts.map((name) => `${JSON.stringify(name)}:${canonicalText(ownValue(value, name))}`).join(',')}}`
}

const rankOf = (value: unknown): number => {
  if (value === null) return 0
  if (typeof value === 'boolean') return 1
  if (typeof value === 'number') return 2
  return typeof value === 'string' ? 3 : 4
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

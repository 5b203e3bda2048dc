// What changed between two JSON values, place by place.
import { isObject, type JsonObject, type JsonValue, pointerStep } from './json.ts'

/** Places are JSON Pointers: of what is gone into the older value, of all else into the newer one. */
export type JsonChange =
  | { op: 'add'; pointer: string; to: JsonValue }
  | { op: 'remove'; pointer: string; from: JsonValue }
  | { op: 'replace'; pointer: string; from: JsonValue; to: JsonValue }

/** Whether two JSON values are the same; the order of an object's names does not matter. */
export function sameJson(a: JsonValue, b: JsonValue): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => sameJson(one, b[i]!))
  if (!isObject(a) || !isObject(b)) return a === b
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameJson(a[name]!, b[name]!))
  )
}

/**
 * The changes that lead from one value to the other, in the order of the newer one's names. Of a list, entries that are
 * the same at its beginning and at its end are left alone, and those between are compared by their place.
 */
export function diffJson(from: JsonValue, to: JsonValue, pointer = ''): JsonChange[] {
  if (isObject(from) && isObject(to)) return diffObjects(from, to, pointer)
  if (Array.isArray(from) && Array.isArray(to)) return diffLists(from, to, pointer)
  return sameJson(from, to) ? [] : [{ op: 'replace', pointer, from, to }]
}

function diffObjects(from: JsonObject, to: JsonObject, pointer: string): JsonChange[] {
  const changes: JsonChange[] = []
  for (const [name, value] of Object.entries(from)) {
    if (!Object.hasOwn(to, name)) changes.push({ op: 'remove', pointer: pointer + pointerStep(name), from: value })
  }
  for (const [name, value] of Object.entries(to)) {
    const at = pointer + pointerStep(name)
    if (Object.hasOwn(from, name)) changes.push(...diffJson(from[name]!, value, at))
    else changes.push({ op: 'add', pointer: at, to: value })
  }
  return changes
}

function diffLists(from: JsonValue[], to: JsonValue[], pointer: string): JsonChange[] {
  const shared = Math.min(from.length, to.length)
  let head = 0
  while (head < shared && sameJson(from[head]!, to[head]!)) head++
  let tail = 0
  while (tail < shared - head && sameJson(from[from.length - 1 - tail]!, to[to.length - 1 - tail]!)) tail++
  const changes: JsonChange[] = []
  const ends = [from.length - tail, to.length - tail] as const
  for (let i = head; i < Math.max(...ends); i++) {
    const at = pointer + pointerStep(i)
    if (i >= ends[1]) changes.push({ op: 'remove', pointer: at, from: from[i]! })
    else if (i >= ends[0]) changes.push({ op: 'add', pointer: at, to: to[i]! })
    else changes.push(...diffJson(from[i]!, to[i]!, at))
  }
  return changes
}

// A config as the form edits it: JSON that may be unfinished or wrong, changed place by place. What no field draws
// stays as it is. Pure.
import { isObject, pointerStep } from '../../lib/base/json.ts'

export type Config = { [field: string]: unknown }
export type Path = readonly (string | number)[]

export const pointerOf = (path: Path): string => path.map(pointerStep).join('')

/** What lies at a path; undefined: nothing. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)]
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
  }
  return value
}

/**
 * The same with another value at the path; undefined takes the entry away (of a list, what follows moves up). An object
 * or list that thereby becomes empty goes too, as an empty `limits` says nothing, but not what lies in a list. Copies what it
 * changes and nothing else; the order of names stays.
 */
export function withValueAt<Root>(root: Root, path: Path, value: unknown): Root {
  const [step, ...rest] = path
  if (step === undefined) return value as Root
  if (Array.isArray(root)) {
    const copy: unknown[] = [...root]
    const next = withValueAt(copy[Number(step)], rest, value)
    if (next === undefined) copy.splice(Number(step), 1)
    else copy[Number(step)] = next
    return copy as Root
  }
  const copy: Config = isObject(root) ? { ...root } : {}
  const next = withValueAt(Object.hasOwn(copy, step) ? copy[step] : isIndex(rest[0]) ? [] : undefined, rest, value)
  if (next === undefined || (rest.length > 0 && isEmpty(next))) delete copy[step]
  else copy[step] = next
  return copy as Root
}

const isIndex = (step: string | number | undefined): boolean => typeof step === 'number'
const isEmpty = (value: unknown): boolean =>
  Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0

/** The same list with two entries exchanged. */
export function moved<Entry>(list: readonly Entry[], from: number, to: number): Entry[] {
  const copy = [...list]
  const [entry] = copy.splice(from, 1)
  copy.splice(to, 0, entry as Entry)
  return copy
}

// A filter as rows and groups that a person edits, and back. Two tests of one attribute, and rows that have no
// attribute yet, have a place here, which a config has not. Pure.
import { isObject, pointerStep } from '../../lib/base/json.ts'
import type { Filter, FilterOperators, FilterTest, Scalar } from '../../lib/promos/filter-schema.ts'

/** `is` and `is_not` take one value or several. */
export const operators = [
  'is',
  'is_not',
  'gte',
  'gt',
  'lte',
  'lt',
  'between',
  'prefix',
  'has_all',
  'exists',
  'missing',
] as const
export type Operator = (typeof operators)[number]

/** `key`: known by it while the form is open. */
export type Row = { kind: 'row'; key: number; attribute: string; operator: Operator; values: readonly Scalar[] }
/** `not`: none of its parts holds. */
export type Group = { kind: 'all' | 'any' | 'not'; key: number; parts: readonly Part[] }
export type Part = Row | Group

let lastKey = 0
const newKey = (): number => ++lastKey

export const newRow = (attribute = ''): Row => ({ kind: 'row', key: newKey(), attribute, operator: 'is', values: [] })
export const newGroup = (kind: Group['kind'], parts: readonly Part[] = [newRow()]): Group => ({
  ...{ kind, key: newKey(), parts },
})

/** All that a filter says, as one group; entries that are no filter (somebody wrote JSON) are left out. */
export function groupOf(filter: unknown): Group {
  if (!isObject(filter)) return newGroup('all', [])
  const parts = Object.entries(filter).flatMap(([name, value]): Part[] => {
    if (name === 'all') return listOf(value).flatMap((branch) => groupOf(branch).parts)
    if (name === 'any')
      return [
        newGroup(
          'any',
          listOf(value).map((branch) => onlyPart(groupOf(branch))),
        ),
      ]
    if (name === 'not') return [negated(groupOf(value))]
    return rowsOf(name, value as FilterTest)
  })
  return newGroup('all', parts)
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const onlyPart = (group: Group): Part => {
  const [only] = group.parts
  return group.parts.length === 1 && only ? only : group
}

// not (a or b) is none of a, b; not (a and b) is none of the one thing "a and b".
function negated(group: Group): Group {
  const only = onlyPart(group)
  return newGroup('not', only.kind === 'any' ? only.parts : [only])
}

function rowsOf(attribute: string, test: FilterTest): Row[] {
  const row = (operator: Operator, values: unknown): Row => ({
    ...newRow(attribute),
    operator,
    values: (Array.isArray(values) ? values : [values]) as Scalar[],
  })
  if (!isObject(test)) return [row('is', test)]
  return Object.entries(test as FilterOperators).map(([name, operand]) => {
    if (name === 'eq' || name === 'in') return row('is', operand)
    if (name === 'ne' || name === 'not_in') return row('is_not', operand)
    if (name === 'exists') return { ...row(operand === false ? 'missing' : 'exists', []), values: [] }
    return row(name as Operator, operand)
  })
}

export type WrittenFilter = {
  /** undefined: no row at all. */
  filter: Filter | undefined
  /** Where in the filter each part ended up, by its key. */
  pointers: ReadonlyMap<number, string>
}

/** The filter that a group says, as a person would write it. */
export function filterOf(group: Group): WrittenFilter {
  const pointers = new Map<number, string>()
  const filter = writeAll(group.parts, '', pointers)
  return { filter: Object.keys(filter).length === 0 ? undefined : filter, pointers }
}

type Pointers = Map<number, string>

function writeAll(parts: readonly Part[], pointer: string, pointers: Pointers): Filter {
  const filter: { [name: string]: unknown } = {}
  const others: Filter[] = []
  // A second one of a name goes into `all`.
  const beside = (write: (pointer: string) => Filter): void => {
    others.push(write(`${pointer}/all/${others.length}`))
  }
  for (const part of parts) {
    if (part.kind === 'all') {
      pointers.set(part.key, pointer)
      if (part.parts.length > 0) beside((at) => writeAll(part.parts, at, pointers))
    } else if (part.kind !== 'row') {
      if (part.parts.length === 0) continue
      if (Object.hasOwn(filter, part.kind)) beside((at) => writeGroup(part, at, pointers))
      else Object.assign(filter, writeGroup(part, pointer, pointers))
    } else if (!addTest(filter, part, pointer, pointers)) {
      beside((at) => writeAll([part], at, pointers))
    }
  }
  return (others.length > 0 ? { ...filter, all: others } : filter) as Filter
}

function writeGroup(group: Group, pointer: string, pointers: Pointers): Filter {
  pointers.set(group.key, `${pointer}/${group.kind}`)
  const branches = (at: string): Filter[] =>
    group.parts.map((part, i) => writeAll(part.kind === 'all' ? part.parts : [part], `${at}/${i}`, pointers))
  if (group.kind === 'any') return { any: branches(`${pointer}/any`) }
  const [only] = group.parts
  if (group.parts.length === 1 && only && only.kind !== 'any') {
    return { not: writeAll(only.kind === 'all' ? only.parts : [only], `${pointer}/not`, pointers) }
  }
  return { not: { any: branches(`${pointer}/not/any`) } }
}

// false: the attribute is tested already, in a way that cannot stand beside this one.
function addTest(filter: { [name: string]: unknown }, row: Row, pointer: string, pointers: Pointers): boolean {
  const { attribute } = row
  if (attribute === 'all' || attribute === 'any' || attribute === 'not') return true
  const at = pointer + pointerStep(attribute)
  const there = filter[attribute]
  if (!Object.hasOwn(filter, attribute)) {
    filter[attribute] = testOf(row)
  } else {
    const [name, operand] = operatorOf(row)
    if (!isObject(there) || Object.hasOwn(there, name)) return false
    filter[attribute] = { ...there, [name]: operand }
  }
  pointers.set(row.key, at)
  return true
}

const firstOf = (values: readonly Scalar[]): Scalar => values[0] ?? ''

function testOf(row: Row): FilterTest {
  const { operator, values } = row
  if (operator === 'is') return values.length === 1 ? firstOf(values) : [...values]
  const [name, operand] = operatorOf(row)
  return { [name]: operand }
}

function operatorOf({ operator, values }: Row): [name: keyof FilterOperators, operand: unknown] {
  const isOne = values.length === 1
  if (operator === 'is') return isOne ? ['eq', firstOf(values)] : ['in', [...values]]
  if (operator === 'is_not') return isOne ? ['ne', firstOf(values)] : ['not_in', [...values]]
  if (operator === 'exists' || operator === 'missing') return ['exists', operator === 'exists']
  if (operator === 'has_all' || operator === 'between') return [operator, [...values]]
  return [operator, firstOf(values)]
}

/** The same group with one part (by key) replaced; undefined takes it away. */
export function withPart(group: Group, key: number, change: (part: Part) => Part | undefined): Group {
  const parts = group.parts.flatMap((part): Part[] => {
    if (part.key === key) {
      const next = change(part)
      return next ? [next] : []
    }
    return [part.kind === 'row' ? part : withPart(part, key, change)]
  })
  return { ...group, parts }
}

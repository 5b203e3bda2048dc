// A filter compiled: one tree of tests that a line passes or not, the same as tests of lib/rules, and a key by which
// equal filters are known.
import { isObject } from '../base/json.ts'
import { unitsToMinor } from '../base/money.ts'
import type { Path, Test } from '../rules/types.ts'
import type { Filter, FilterOperators, FilterTest, Scalar } from './filter-schema.ts'

/** What a filter looks at. `price` is `price_minor`, `sku` is `sku`; every other name is an attribute. */
export type Goods = {
  readonly sku?: string | undefined
  readonly price_minor: number
  readonly attributes?: { readonly [name: string]: Scalar | readonly string[] } | undefined
}

/** `has` is one value of `has_all`: equal, among others. */
export type Operator = Exclude<keyof FilterOperators, 'has_all'> | 'has'

/** Amounts of `price` are in minor units here. */
export type FilterNode =
  | { kind: 'all'; parts: readonly FilterNode[] }
  | { kind: 'any'; parts: readonly FilterNode[] }
  | { kind: 'not'; part: FilterNode }
  | FilterLeaf

export type FilterLeaf = { kind: 'test'; attribute: string; operator: Operator; operand: Scalar | readonly Scalar[] }

/** Compiles a filter that the schema and the checks have passed. */
export function compileFilter(filter: Filter): FilterNode {
  const parts: FilterNode[] = []
  for (const [name, value] of Object.entries(filter)) {
    if (value === undefined) continue
    if (name === 'all' || name === 'any') parts.push({ kind: name, parts: (value as Filter[]).map(compileFilter) })
    else if (name === 'not') parts.push({ kind: 'not', part: compileFilter(value as Filter) })
    else parts.push(...testsOf(name, value as FilterTest))
  }
  const [only] = parts
  return parts.length === 1 && only ? only : { kind: 'all', parts }
}

/** The tests of one attribute, all of which must hold. */
export function testsOf(attribute: string, test: FilterTest): FilterLeaf[] {
  if (Array.isArray(test)) return [testOf(attribute, 'in', test)]
  if (!isObject(test)) return [testOf(attribute, 'eq', test as Scalar)]
  const tests: FilterLeaf[] = []
  for (const [name, operand] of Object.entries(test as FilterOperators)) {
    if (operand === undefined) continue
    if (name === 'has_all') for (const value of operand as Scalar[]) tests.push(testOf(attribute, 'has', value))
    else tests.push(testOf(attribute, name as Operator, operand))
  }
  return tests
}

function testOf(attribute: string, operator: Operator, operand: Scalar | readonly Scalar[]): FilterLeaf {
  if (attribute !== 'price') return { kind: 'test', attribute, operator, operand }
  const minor = Array.isArray(operand) ? operand.map(priceMinor) : priceMinor(operand as Scalar)
  return { kind: 'test', attribute, operator, operand: minor }
}

// Texts and true/false are refused by the checks; a price is never equal to one.
function priceMinor(value: Scalar): Scalar {
  const read = typeof value === 'number' ? unitsToMinor(value) : undefined
  return read?.ok ? read.minor : value
}

/** Whether the goods pass. A list holds several values: a test holds when it does for one; ne and not_in negate. */
export function matchesFilter(node: FilterNode, goods: Goods): boolean {
  if (node.kind === 'all') {
    for (const part of node.parts) if (!matchesFilter(part, goods)) return false
    return true
  }
  if (node.kind === 'any') {
    for (const part of node.parts) if (matchesFilter(part, goods)) return true
    return false
  }
  if (node.kind === 'not') return !matchesFilter(node.part, goods)
  const { attribute, operator, operand } = node
  // Short cut: by far the most frequent, so without a list of values. What an object inherits is no scalar, so it equals none.
  if (operator === 'eq' || operator === 'in') {
    const value = readOf(goods, attribute)
    if (!Array.isArray(value)) return operator === 'eq' ? value === operand : isAmong(value, operand)
  }
  return holds(operator, valuesOf(goods, attribute), operand)
}

/** Whether goods that differ in nothing but their price may pass, one and not the other. */
export function looksAtPrice(node: FilterNode): boolean {
  if (node.kind === 'test') return node.attribute === 'price'
  if (node.kind === 'not') return looksAtPrice(node.part)
  for (const part of node.parts) if (looksAtPrice(part)) return true
  return false
}

function readOf({ price_minor, sku, attributes }: Goods, attribute: string): Scalar | readonly string[] | undefined {
  if (attribute === 'price') return price_minor
  return attribute === 'sku' ? sku : attributes?.[attribute]
}

const isAmong = (value: unknown, operand: FilterLeaf['operand']): boolean =>
  (operand as readonly unknown[]).includes(value)

/** The values that goods have for a name in a filter; undefined when they lack the attribute. */
function valuesOf(goods: Goods, attribute: string): readonly Scalar[] | undefined {
  if (attribute === 'price') return [goods.price_minor]
  if (attribute === 'sku') return goods.sku === undefined ? undefined : [goods.sku]
  const { attributes } = goods
  if (attributes === undefined || !Object.hasOwn(attributes, attribute)) return undefined
  const value = attributes[attribute]
  return Array.isArray(value) ? value : [value as Scalar]
}

/** An operator on the values of one attribute, undefined when it is missing: then only ne, not_in and `exists: false` hold. */
export function holds(
  operator: Operator,
  found: readonly Scalar[] | undefined,
  operand: Scalar | readonly Scalar[],
): boolean {
  const values = found ?? none
  const list = operand as readonly Scalar[]
  switch (operator) {
    case 'eq':
    case 'has':
      return values.includes(operand as Scalar)
    case 'ne':
      return !values.includes(operand as Scalar)
    case 'in':
      return values.some((value) => list.includes(value))
    case 'not_in':
      return !values.some((value) => list.includes(value))
    case 'exists':
      return (found !== undefined) === operand
    case 'prefix':
      return values.some((value) => typeof value === 'string' && value.startsWith(operand as string))
    case 'between':
      return values.some((value) => ordered(list[0], value) && ordered(value, list[1]))
    case 'lt':
      return values.some((value) => value !== operand && ordered(value, operand as Scalar))
    case 'lte':
      return values.some((value) => ordered(value, operand as Scalar))
    case 'gt':
      return values.some((value) => value !== operand && ordered(operand as Scalar, value))
    case 'gte':
      return values.some((value) => ordered(operand as Scalar, value))
  }
}

const none: readonly Scalar[] = []

// Two numbers, or two texts by code unit; anything else has no order.
function ordered(low: Scalar | undefined, high: Scalar | undefined): boolean {
  if (typeof low === 'number' && typeof high === 'number') return low <= high
  return typeof low === 'string' && typeof high === 'string' && low <= high
}

const pathOf = (attribute: string): Path => {
  if (attribute === 'price') return 'price_minor'
  return attribute === 'sku' ? 'sku' : ['attributes', attribute]
}

/** The filter as tests on a `product` fact. */
export function filterTests(node: FilterNode): Test[] {
  if (node.kind === 'all') return node.parts.flatMap(filterTests)
  if (node.kind === 'any') return [{ any: node.parts.map(asOneTest) }]
  if (node.kind === 'not') return [{ not: asOneTest(node.part) }]
  return [{ path: pathOf(node.attribute), ...operatorTest(node) }]
}

/** The operator and operand as lib/rules has them. */
export const operatorTest = ({ operator, operand }: FilterLeaf) => ({ [operator === 'has' ? 'eq' : operator]: operand })

function asOneTest(node: FilterNode): Test {
  const tests = filterTests(node)
  const [only] = tests
  return tests.length === 1 && only ? only : { all: tests }
}

/** Equal for filters that are written alike, whatever the order of their entries. */
export function filterKey(node: FilterNode): string {
  if (node.kind === 'not') return `!(${filterKey(node.part)})`
  if (node.kind === 'test') return `${JSON.stringify(node.attribute)}${node.operator}${JSON.stringify(node.operand)}`
  const keys = node.parts.map(filterKey).sort()
  return `${node.kind === 'all' ? '&' : '|'}(${keys.join(',')})`
}

// Finds filters that no goods can ever pass, and says why in words a marketer understands.
import type { Issue } from '../base/errors.ts'
import { pointerStep } from '../base/json.ts'
import { unitsToMinor } from '../base/money.ts'
import type { FilterLeaf, Operator } from './filter.ts'
import { holds, testsOf } from './filter.ts'
import type { Filter, FilterTest, Scalar } from './filter-schema.ts'

/** One test, and where it is written. `negated`: it must not hold. */
type Leaf = FilterLeaf & { pointer: string; negated: boolean }

/**
 * All leaves must hold, and of each of the alternatives one. Each of those that people wrote should be possible; those
 * that negation makes of `not: {a, b}` may well not be: Puma, but no Puma shorts.
 */
type Conjunction = { leaves: Leaf[]; alternatives: Alternatives[] }
type Alternatives = { pointer: string; branches: Conjunction[]; written: boolean }

/** Faults of a filter that its schema has passed: amounts that are none, and what can never match. */
export function checkFilter(filter: Filter, pointer: string): Issue[] {
  const amounts = checkAmounts(filter, pointer)
  if (amounts.length > 0) return amounts
  const fault = neverMatches(conjunctionOf(filter, pointer, false), [])
  return fault ? [fault] : []
}

function checkAmounts(filter: Filter, pointer: string): Issue[] {
  return Object.entries(filter).flatMap(([name, value]) => {
    const here = pointer + pointerStep(name)
    if (name === 'not') return checkAmounts(value as Filter, here)
    if (name === 'all' || name === 'any') {
      return (value as Filter[]).flatMap((branch, i) => checkAmounts(branch, here + pointerStep(i)))
    }
    if (name === 'sku') return checkSku(value as FilterTest, here)
    return name === 'price' ? checkPrice(value as FilterTest, here) : []
  })
}

function checkSku(test: FilterTest, pointer: string): Issue[] {
  const isText = testsOf('', test).every(
    ({ operator, operand }) => operator === 'exists' || [operand].flat().every((value) => typeof value === 'string'),
  )
  return isText ? [] : [{ pointer, message: 'must be a text' }]
}

function checkPrice(test: FilterTest, pointer: string): Issue[] {
  for (const { operator, operand } of testsOf('', test)) {
    if (operator === 'exists' || operator === 'prefix') {
      return [{ pointer, message: 'is an amount that all goods have: compare it with a number, such as {"gte": 100}' }]
    }
    for (const value of Array.isArray(operand) ? operand : [operand]) {
      if (typeof value !== 'number') return [{ pointer, message: 'must be an amount of money, such as 100 or 49.99' }]
      const read = unitsToMinor(value)
      if (!read.ok) return [{ pointer, message: read.reason }]
    }
  }
  return []
}

// Negation is pushed down to the tests (De Morgan).
function conjunctionOf(filter: Filter, pointer: string, negated: boolean): Conjunction {
  const entries = Object.entries(filter).map(([name, value]) =>
    entryOf(name, value, pointer + pointerStep(name), negated),
  )
  return negated ? oneOf(entries, { pointer, written: false }) : allOf(entries)
}

function entryOf(name: string, value: unknown, pointer: string, negated: boolean): Conjunction {
  if (name === 'not') return conjunctionOf(value as Filter, pointer, !negated)
  if (name === 'all' || name === 'any') {
    const branches = (value as Filter[]).map((branch, i) => conjunctionOf(branch, pointer + pointerStep(i), negated))
    return (name === 'all') === negated ? oneOf(branches, { pointer, written: !negated }) : allOf(branches)
  }
  const tests = testsOf(name, value as FilterTest)
  const leaves = tests.map((test): Conjunction => ({ leaves: [leafOf(test, pointer, negated)], alternatives: [] }))
  return negated ? oneOf(leaves, { pointer, written: false }) : allOf(leaves)
}

const opposites: Partial<Record<Operator, Operator>> = { eq: 'ne', ne: 'eq', in: 'not_in', not_in: 'in', has: 'ne' }

function leafOf(test: FilterLeaf, pointer: string, negated: boolean): Leaf {
  const opposite = negated ? opposites[test.operator] : undefined
  return opposite ? { ...test, operator: opposite, pointer, negated: false } : { ...test, pointer, negated }
}

function allOf(parts: readonly Conjunction[]): Conjunction {
  return {
    leaves: parts.flatMap(({ leaves }) => leaves),
    alternatives: parts.flatMap(({ alternatives }) => alternatives),
  }
}

function oneOf(branches: Conjunction[], at: Omit<Alternatives, 'branches'>): Conjunction {
  const [only] = branches
  if (branches.length === 1 && only) return only
  return { leaves: [], alternatives: [{ ...at, branches }] }
}

function neverMatches({ leaves, alternatives }: Conjunction, outer: readonly Leaf[]): Issue | undefined {
  const all = [...outer, ...leaves]
  const byAttribute = Map.groupBy(all, ({ attribute }) => attribute)
  for (const [attribute, tests] of byAttribute) {
    const fault = excludesAll(attribute, tests)
    if (fault) return fault
  }
  for (const { pointer, branches, written } of alternatives) {
    const faults = branches.map((branch) => neverMatches(branch, all))
    const dead = faults.find((fault) => fault !== undefined)
    if (dead && faults.every((fault) => fault !== undefined)) return { ...dead, pointer }
    if (dead && written) return dead
  }
  return undefined
}

type Domain = {
  low: { value: number | string; open: boolean } | undefined
  high: { value: number | string; open: boolean } | undefined
}

/** Faults of a test of one attribute of something else than goods. */
export function checkTest(attribute: string, test: FilterTest, pointer: string): Issue[] {
  const tests = testsOf('', test).map((leaf): Leaf => ({ ...leaf, pointer, negated: false }))
  const fault = excludesAll(attribute, tests)
  return fault ? [fault] : []
}

/** Why no value passes all tests of one attribute. Goods are taken to have one value, or a list (`has_all`). */
function excludesAll(attribute: string, tests: readonly Leaf[]): Issue | undefined {
  const positive = tests.filter(isPositive)
  const last = tests.at(-1)!
  const fault = (message: string): Issue => ({ pointer: last.pointer, message })
  if (positive.length === 0) return attribute === 'price' ? outOfRange(attribute, tests, fault) : undefined
  if (tests.some(({ operator, operand, negated }) => operator === 'exists' && operand === negated)) {
    return fault(`can never match: "${attribute}" is asked to be missing and to have a value`)
  }
  const equals = tests.filter((test) => !test.negated && (test.operator === 'eq' || test.operator === 'in'))
  let among: Scalar[] | undefined
  for (const { operand } of equals) {
    const values = Array.isArray(operand) ? operand : [operand]
    among = among ? among.filter((value) => values.includes(value)) : [...values]
  }
  if (among?.length === 0) {
    return fault(
      `can never match: "${attribute}" would have to be several values at once. For either of them write a list: ["a", "b"]; for goods that list both, {"has_all": ["a", "b"]}`,
    )
  }
  const others = tests.filter((test) => !equals.includes(test) && test.operator !== 'exists')
  if (among && !among.some((value) => others.every((test) => allows(test, value)))) {
    return fault(`can never match: what "${attribute}" has to be is excluded again`)
  }
  return among ? undefined : outOfRange(attribute, tests, fault)
}

const isPositive = ({ operator, operand, negated }: Leaf): boolean => {
  if (operator === 'exists') return operand !== negated
  return (operator === 'ne' || operator === 'not_in') === negated
}

function allows({ operator, operand, negated }: Leaf, value: Scalar): boolean {
  // A list that has one value may have others too.
  if (operator === 'has' && !negated) return true
  return holds(operator, [value], operand) !== negated
}

const complements: Partial<Record<Operator, Operator>> = { lt: 'gte', lte: 'gt', gt: 'lte', gte: 'lt' }

function outOfRange(attribute: string, tests: readonly Leaf[], fault: (message: string) => Issue): Issue | undefined {
  // Nothing costs less than nothing.
  const domain: Domain = { low: attribute === 'price' ? { value: 0, open: false } : undefined, high: undefined }
  for (const { operator, operand, negated } of tests) {
    const effective = negated ? complements[operator] : operator
    const [first, second] = (Array.isArray(operand) ? operand : [operand]) as (number | string)[]
    if (first === undefined || effective === undefined) continue
    if (effective === 'gt' || effective === 'gte') raise(domain, first, effective === 'gt')
    if (effective === 'lt' || effective === 'lte') lower(domain, first, effective === 'lt')
    if (effective === 'between' && second !== undefined) {
      raise(domain, first, false)
      lower(domain, second, false)
    }
  }
  const { low, high } = domain
  if (!low || !high) return undefined
  if (typeof low.value !== typeof high.value) {
    return fault(`can never match: "${attribute}" would have to be a number and a text at once`)
  }
  const empty = low.value > high.value || (low.value === high.value && (low.open || high.open))
  return empty ? fault(`can never match: the lowest "${attribute}" asked for is above the highest`) : undefined
}

function raise(domain: Domain, value: number | string, open: boolean): void {
  const { low } = domain
  if (!low || value > low.value || (value === low.value && open)) domain.low = { value, open }
}

function lower(domain: Domain, value: number | string, open: boolean): void {
  const { high } = domain
  if (!high || value < high.value || (value === high.value && open)) domain.high = { value, open }
}

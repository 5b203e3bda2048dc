// Expressions and tests as functions. No code is generated: each is put together from small closures.
import { assert } from '../base/assert.ts'
import type { ExpressionIr, Operator, TestIr } from './ir.ts'
import type { Fact, Registry } from './types.ts'
import {
  addWork,
  canonicalText,
  compareScalars,
  equalValues,
  isInheritedName,
  isNumber,
  ownValue,
  readPath,
  type Steps,
} from './values.ts'

/** Values of variables by number; undefined: not bound. */
export type Environment = unknown[]

export type ValueFunction = (fact: Fact, environment: Environment) => unknown
export type TestFunction = (fact: Fact, environment: Environment) => boolean

/** Stands for the fact where none is under test. */
export const noFact: Fact = Object.freeze({ type: '' })

export function valueFunction(expression: ExpressionIr, registry: Registry): ValueFunction {
  switch (expression.op) {
    case 'const':
      return () => expression.value
    case 'path':
      return pathFunction(expression.steps)
    case 'var': {
      const { variable, steps } = expression
      return (_, env) => readPath(env[variable], steps)
    }
    case 'call': {
      const found = ownValue(registry.expressions, expression.name)
      assert(typeof found === 'function', `expression ${expression.name} is registered`)
      const args = expression.args.map((arg) => valueFunction(arg, registry))
      return (fact, env) => found(...args.map((arg) => arg(fact, env))) as unknown
    }
    case 'list': {
      const args = expression.args.map((arg) => valueFunction(arg, registry))
      return (fact, env) => args.map((arg) => arg(fact, env))
    }
    default:
      return arithmeticFunction(
        expression.op,
        expression.args.map((arg) => valueFunction(arg, registry)),
      )
  }
}

// Of names that nothing inherits, nobody need ask whose they are.
function pathFunction(steps: Steps): ValueFunction {
  const name = steps.length === 1 ? steps[0] : undefined
  return name === undefined || isInheritedName(name) ? (fact) => readPath(fact, steps) : readerOf(name)
}

/** Reads an own attribute by a name that no plain object inherits. */
export function readerOf(name: string): ValueFunction {
  let sum = 0
  for (let i = 0; i < name.length; i++) sum += name.charCodeAt(i)
  const make = readers[sum % readers.length]
  assert(make !== undefined, 'there are readers')
  return make(name)
}

// All the same: a place of the code that reads one name only remembers where facts have it, which is several times faster.
const readers: readonly ((name: string) => ValueFunction)[] = [
  (name) => (fact) => fact[name],
  (name) => (fact) => fact[name],
  (name) => (fact) => fact[name],
  (name) => (fact) => fact[name],
  (name) => (fact) => fact[name],
  (name) => (fact) => fact[name],
  (name) => (fact) => fact[name],
  (name) => (fact) => fact[name],
  (name) => (fact) => fact[name],
  (name) => (fact) => fact[name],
  (name) => (fact) => fact[name],
  (name) => (fact) => fact[name],
  (name) => (fact) => fact[name],
  (name) => (fact) => fact[name],
  (name) => (fact) => fact[name],
  (name) => (fact) => fact[name],
]

type Arithmetic = 'add' | 'sub' | 'mul' | 'div'

const calculate: Record<Arithmetic, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
}

// From left to right; undefined when something is no finite number.
function arithmeticFunction(op: Arithmetic, [first, ...others]: readonly ValueFunction[]): ValueFunction {
  assert(first !== undefined, 'arithmetic has at least one argument')
  if (others.length === 0) return (fact, env) => finite(first(fact, env))
  const step = calculate[op]
  return others.reduce(
    (left, right) => (fact, env) => {
      const a = left(fact, env)
      const b = right(fact, env)
      return isNumber(a) && isNumber(b) ? finite(step(a, b)) : undefined
    },
    first,
  )
}

const finite = (value: unknown): number | undefined => (isNumber(value) ? value : undefined)

// ----------------------------------------------------------------------------------------------------------- tests

/** What one value of a list takes, in steps of the work budget. */
const partSteps = 8
/** So few are compared one by one. */
const fewMembers = 4

export function testFunction(test: TestIr, registry: Registry): TestFunction {
  switch (test.op) {
    case 'all':
      return allOf(test.tests.map((part) => testFunction(part, registry)))
    case 'any': {
      const parts = test.tests.map((part) => testFunction(part, registry))
      return (fact, env) => parts.some((part) => part(fact, env))
    }
    case 'not': {
      const part = testFunction(test.test, registry)
      return (fact, env) => !part(fact, env)
    }
    case 'predicate': {
      const found = ownValue(registry.predicates, test.name)
      assert(typeof found === 'function', `predicate ${test.name} is registered`)
      const args = test.args.map((arg) => valueFunction(arg, registry))
      return (fact, env) => found(...args.map((arg) => arg(fact, env))) === true
    }
    case 'compare':
      return comparison(test.operator, valueFunction(test.left, registry), test.right, registry)
  }
}

/** Every test of the list, from the first on. */
export const allOf = (tests: readonly TestFunction[]): TestFunction =>
  tests.length === 0
    ? () => true
    : tests.reduce((first, second) => (fact, env) => first(fact, env) && second(fact, env))

function comparison(operator: Operator, left: ValueFunction, rightIr: ExpressionIr, registry: Registry): TestFunction {
  if (rightIr.op === 'const') {
    if (operator === 'eq') {
      const wanted = rightIr.value
      return (fact, env) => {
        const value = left(fact, env)
        return value === wanted || (typeof value === 'object' && holds('eq', value, wanted))
      }
    }
    if (operator === 'in' || operator === 'not_in') {
      const isIn = operator === 'in'
      const isMember = membership(rightIr.value as readonly unknown[])
      return (fact, env) => isMember(left(fact, env)) === isIn
    }
    const { value: bound } = rightIr
    const compare = numbersBy[operator]
    if (compare && isNumber(bound)) return compare(left, bound, (value) => holds(operator, value, bound))
  }
  const right = valueFunction(rightIr, registry)
  return (fact, env) => holds(operator, left(fact, env), right(fact, env))
}

type NumberTest = (left: ValueFunction, bound: number, other: (value: unknown) => boolean) => TestFunction

// What holds of numbers, which are compared thousands of times where anything else is met once.
const numbersBy: Partial<Record<Operator, NumberTest>> = {
  lt: (left, bound, other) => (fact, env) => {
    const value = left(fact, env)
    return typeof value === 'number' ? value < bound : other(value)
  },
  lte: (left, bound, other) => (fact, env) => {
    const value = left(fact, env)
    return typeof value === 'number' ? value <= bound : other(value)
  },
  gt: (left, bound, other) => (fact, env) => {
    const value = left(fact, env)
    return typeof value === 'number' ? value > bound : other(value)
  },
  gte: (left, bound, other) => (fact, env) => {
    const value = left(fact, env)
    return typeof value === 'number' ? value >= bound : other(value)
  },
}

// Members of a list as written are scalars, so that a set finds them, however many they are.
function membership(members: readonly unknown[]): (value: unknown) => boolean {
  const set = new Set(members)
  return (value) => {
    if (!Array.isArray(value)) return set.has(value)
    addWork(partSteps * value.length)
    return value.some((part) => set.has(part))
  }
}

/** Whether the operator holds between two values; a list on the left holds several (see `Operators`). */
export function holds(operator: Operator, left: unknown, right: unknown): boolean {
  switch (operator) {
    case 'exists':
      return left !== undefined
    case 'absent':
      return left === undefined
    case 'eq':
      return isEqual(left, right)
    case 'ne':
      return !isEqual(left, right)
    case 'in':
      return isMember(left, right)
    case 'not_in':
      return !isMember(left, right)
    default:
      if (!Array.isArray(left)) return holdsForOne(operator, left, right)
      addWork(partSteps * left.length)
      return left.some((part) => holdsForOne(operator, part, right))
  }
}

function isEqual(left: unknown, right: unknown): boolean {
  if (equalValues(left, right)) return true
  if (!Array.isArray(left)) return false
  addWork(partSteps * left.length)
  return left.some((part) => equalValues(part, right))
}

// Both may be long, so that not each is compared with each.
function isMember(left: unknown, members: unknown): boolean {
  if (!Array.isArray(members)) return false
  if (!Array.isArray(left) && members.length <= fewMembers) return members.some((member) => equalValues(left, member))
  const values = Array.isArray(left) ? [left, ...left] : [left]
  addWork(partSteps * (members.length + values.length))
  const known = new Set(members.map(canonicalText))
  return values.some((value) => value !== undefined && known.has(canonicalText(value)))
}

type OrderOperator = Exclude<Operator, 'exists' | 'absent' | 'eq' | 'ne' | 'in' | 'not_in'>

function holdsForOne(operator: OrderOperator, left: unknown, right: unknown): boolean {
  if (operator === 'prefix') return typeof left === 'string' && typeof right === 'string' && left.startsWith(right)
  if (operator === 'between') {
    const [low, high] = right as [unknown, unknown]
    return isAtLeast(compareScalars(left, low)) && isAtMost(compareScalars(left, high))
  }
  const order = compareScalars(left, right)
  switch (operator) {
    case 'lt':
      return order === -1
    case 'lte':
      return isAtMost(order)
    case 'gt':
      return order === 1
    case 'gte':
      return isAtLeast(order)
  }
}

const isAtLeast = (order: number | undefined): boolean => order === 0 || order === 1
const isAtMost = (order: number | undefined): boolean => order === 0 || order === -1

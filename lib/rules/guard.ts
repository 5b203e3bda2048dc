// What the index can say of a rule without looking for matches: a tree over sums and counts of matching facts.
// False: the rule cannot fire. Unknown: the general path must look. True: it fires.
import type { AccumulateIr, ConditionIr, ExpressionIr, FactIr, Operator, RuleIr, TestIr, VariableSet } from './ir.ts'
import { noVariable, variableBit } from './ir.ts'
import { isNumber, type Steps } from './values.ts'

/** A sum, or a count, over the facts that a selection (a type with closed tests) lets through. */
export type SlotOf = (type: string, tests: readonly TestIr[], measure: ExpressionIr | undefined) => number

export type Guard =
  | { op: 'true' }
  | { op: 'unknown' }
  /** The slot's value lies between both, ends included. */
  | { op: 'atom' | 'match'; slot: number; low: number; high: number; bound: number }
  | { op: 'window'; from: number; until: number }
  | { op: 'not'; part: Guard }
  | { op: 'and' | 'or'; parts: readonly Guard[] }

export type RuleGuard = {
  /** One for each condition of `when`, in the order written. */
  conditions: readonly Guard[]
  /** Half-open: the rule cannot fire at other times. */
  from: number
  until: number
  /** Slots that count matches of fact conditions: the rule fires as often as their product. */
  factors: readonly number[]
  /** Only the general path can tell whether, or how often, it fires. */
  open: boolean
}

const infinity = Number.POSITIVE_INFINITY
const always: Guard = { op: 'true' }
const unknown: Guard = { op: 'unknown' }

type Reading = {
  slotOf: SlotOf
  clock: { fact: string; steps: Steps }
  /** Variables that several conditions bind, so that they join. */
  shared: VariableSet
  /** Variable -> the slot whose value it is. */
  slots: Map<number, number> | undefined
  factors: number[]
  window: { from: number; until: number }
  open: boolean
}

export function guardOf(rule: RuleIr, slotOf: SlotOf, clock: { fact: string; steps: Steps }): RuleGuard {
  const reading: Reading = {
    slotOf,
    clock,
    shared: rule.variables.length === 0 ? 0 : sharedVariables(rule.when),
    slots: undefined,
    factors: [],
    window: { from: -infinity, until: infinity },
    open: false,
  }
  const conditions: Guard[] = new Array(rule.when.parts.length).fill(always)
  // Arranged order: the sum that a free test is about has been read before the test.
  for (const part of rule.when.parts) conditions[part.index] = guardCondition(reading, part, true)
  const { factors, open, window } = reading
  return { conditions, factors, open, ...window }
}

// Variables that more than one condition binds.
function sharedVariables(condition: ConditionIr, seen = { once: 0, twice: 0 }): VariableSet {
  switch (condition.op) {
    case 'all':
    case 'any':
      for (const part of condition.parts) sharedVariables(part, seen)
      break
    case 'not':
    case 'exists':
      sharedVariables(condition.part, seen)
      break
    case 'fact':
      for (const { variable } of condition.bind) see(seen, variable)
      see(seen, condition.as)
      break
    case 'accumulate':
      for (const { variable } of condition.by) see(seen, variable)
      see(seen, condition.as)
      break
    case 'test':
      break
  }
  return seen.twice
}

function see(seen: { once: VariableSet; twice: VariableSet }, variable: number): void {
  if (variable === noVariable) return
  const bit = variableBit(variable)
  seen.twice |= seen.once & bit
  seen.once |= bit
}

const opened = (reading: Reading): Guard => {
  reading.open = true
  return unknown
}

/** `top`: every match of the condition is a match of the rule. */
function guardCondition(reading: Reading, condition: ConditionIr, top: boolean): Guard {
  switch (condition.op) {
    case 'fact':
      return guardFact(reading, condition, top)
    case 'accumulate':
      return guardAccumulate(reading, condition)
    case 'all':
      return { op: 'and', parts: condition.parts.map((part) => guardCondition(reading, part, top)) }
    case 'any': {
      const parts = condition.parts.map((part) => guardCondition(reading, part, false))
      return top && condition.binds !== 0 ? both({ op: 'or', parts }, opened(reading)) : { op: 'or', parts }
    }
    case 'not':
      return { op: 'not', part: guardCondition(reading, condition.part, false) }
    case 'exists':
      return guardCondition(reading, condition.part, false)
    case 'test':
      return guardTest(reading, condition.test)
  }
}

const both = (a: Guard, b: Guard): Guard => ({ op: 'and', parts: [a, b] })

function guardFact(reading: Reading, { pattern, bind, binds }: FactIr, top: boolean): Guard {
  const isWindow = top && pattern.type === reading.clock.fact && binds === 0 && pattern.open.length === 0
  const window = isWindow ? windowOf(pattern.closed, reading.clock.steps) : undefined
  if (window !== undefined && (Number.isFinite(window.from) || Number.isFinite(window.until))) {
    reading.window.from = Math.max(reading.window.from, window.from)
    reading.window.until = Math.min(reading.window.until, window.until)
    return { op: 'window', ...window }
  }
  // What is bound must be there.
  let tests = pattern.closed
  let open = pattern.open.length > 0 || (binds & reading.shared) !== 0
  for (const { value } of bind) {
    if (value.op === 'path') tests = [...tests, existence(value)]
    else open = true
  }
  const slot = reading.slotOf(pattern.type, tests, undefined)
  const atom: Guard = { op: 'match', slot, low: 1, high: infinity, bound: 1 }
  if (top) reading.factors.push(slot)
  return open ? both(atom, opened(reading)) : atom
}

const existence = (left: ExpressionIr): TestIr => ({
  op: 'compare',
  pointer: '',
  operator: 'exists',
  left,
  right: { op: 'const', value: null },
})

// ------------------------------------------------------------------------------------------------------- windows

function windowOf(tests: readonly TestIr[], clock: Steps): { from: number; until: number } | undefined {
  if (tests.length === 0) return undefined
  let from = -infinity
  let until = infinity
  for (const test of tests) {
    const range = test.op === 'all' ? windowOf(test.tests, clock) : boundOf(test, clock)
    if (range === undefined) return undefined
    from = Math.max(from, range.from)
    until = Math.min(until, range.until)
  }
  return { from, until }
}

function boundOf(test: TestIr, clock: Steps): { from: number; until: number } | undefined {
  if (test.op !== 'compare' || test.left.op !== 'path' || !sameSteps(test.left.steps, clock)) return undefined
  const range = rangeOf(test.operator, test.right)
  return range && { from: range.low, until: nextUp(range.high) }
}

const sameSteps = (a: Steps, b: Steps): boolean => a.length === b.length && a.every((step, i) => step === b[i])

// ------------------------------------------------------------------------------------------------ accumulations

function guardAccumulate(reading: Reading, condition: AccumulateIr): Guard {
  const { name, pattern, of, by, as, is, binds } = condition
  const measured = name === 'sum' && of !== undefined && expressionIsClosed(of)
  const closed = pattern.open.length === 0 && by.length === 0 && (name === 'count' || measured)
  const counted = (): Guard => ({
    op: 'match',
    slot: reading.slotOf(pattern.type, pattern.closed, undefined),
    low: 1,
    high: infinity,
    bound: 1,
  })
  if ((name === 'all' || name === 'distinct') && by.length === 0 && is.length === 0 && (binds & reading.shared) === 0) {
    return always
  }
  if (!closed) {
    const needsFacts = by.length > 0 || name === 'min' || name === 'max' || name === 'average'
    return needsFacts ? both(counted(), opened(reading)) : opened(reading)
  }
  const slot = reading.slotOf(pattern.type, pattern.closed, measured ? of : undefined)
  const isShared = (binds & reading.shared) !== 0
  if (as !== noVariable && !isShared) {
    reading.slots ??= new Map()
    reading.slots.set(as, slot)
  }
  const parts = is.map(({ operator, right }) => guardValue(reading, slot, operator, right))
  if (isShared) parts.push(opened(reading))
  // A sum may be too large for a number; what is unknown then is left to the general path, so the bounds need not say it.
  if (measured && parts.length === 0) {
    return { op: 'atom', slot, low: -infinity, high: infinity, bound: -infinity }
  }
  const [only] = parts
  if (only === undefined) return always
  return parts.length === 1 ? only : { op: 'and', parts }
}

const expressionIsClosed = (expression: ExpressionIr): boolean => {
  if (expression.op === 'const' || expression.op === 'path') return true
  return expression.op !== 'var' && expression.args.every(expressionIsClosed)
}

function guardValue(reading: Reading, slot: number, operator: Operator, right: ExpressionIr): Guard {
  const range = rangeOf(operator, right)
  return range === undefined ? opened(reading) : { op: 'atom', slot, ...range }
}

// A test of a variable that holds a sum is a bound on that sum.
function guardTest(reading: Reading, test: TestIr): Guard {
  if (test.op === 'all') return { op: 'and', parts: test.tests.map((part) => guardTest(reading, part)) }
  if (test.op !== 'compare' || test.left.op !== 'var' || test.left.steps.length > 0) return opened(reading)
  const slot = reading.slots?.get(test.left.variable)
  return slot === undefined ? opened(reading) : guardValue(reading, slot, test.operator, test.right)
}

type Range = { low: number; high: number; bound: number }

/** The numbers for which the operator holds, when they form one interval; `bound` is its lower end as written. */
function rangeOf(operator: Operator, right: ExpressionIr): Range | undefined {
  if (operator === 'between') {
    const [low, high] = right.op === 'list' ? right.args : []
    if (low?.op !== 'const' || high?.op !== 'const' || !isNumber(low.value) || !isNumber(high.value)) return undefined
    return { low: low.value, high: high.value, bound: low.value }
  }
  if (right.op !== 'const' || !isNumber(right.value)) return undefined
  const { value } = right
  switch (operator) {
    case 'eq':
      return { low: value, high: value, bound: value }
    case 'gte':
      return { low: value, high: infinity, bound: value }
    case 'gt':
      return { low: nextUp(value), high: infinity, bound: value }
    case 'lte':
      return { low: -infinity, high: value, bound: -infinity }
    case 'lt':
      return { low: -infinity, high: -nextUp(-value), bound: -infinity }
    default:
      return undefined
  }
}

const bits = new DataView(new ArrayBuffer(8))

/** The next larger binary64 number (IEEE 754 nextUp). */
export function nextUp(value: number): number {
  if (value === infinity) return value
  if (value === -infinity) return -Number.MAX_VALUE
  if (value === 0) return Number.MIN_VALUE
  bits.setFloat64(0, value)
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? 1n : -1n))
  return bits.getFloat64(0)
}

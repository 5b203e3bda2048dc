// Why a rule fired, or why not, in facts and values: worked out only when somebody asks.
import { KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import { noFact, testFunction, valueFunction } from './functions.ts'
import {
  type AccumulateIr,
  type ConditionIr,
  type ExpressionIr,
  type FactIr,
  type Operator,
  type PatternIr,
  type RuleIr,
  type TestIr,
  testNeeds,
  type VariableSet,
  variableBit,
} from './ir.ts'
import {
  conditionMatcher,
  type FactsByType,
  type Matcher,
  newSearch,
  patternCost,
  patternTest,
  reduceFunction,
  type Search,
  sequence,
  spend,
  variablesOf,
} from './matcher.ts'
import type { RuleStore } from './rule-store.ts'
import type { Condition, ConditionReport, Explanation, Fact, Registry, Rule, Test } from './types.ts'
import { canonicalText, ownValue } from './values.ts'

type Asking = { rule: Rule; parsed: RuleIr; registry: Registry }
type TestReport = NonNullable<ConditionReport['tests']>[number]

const shownValues = 10

/** A search in given and inserted facts that some questions share, so that they have one budget together. */
export const newInquiry = (facts: FactsByType): Search => newSearch(facts, { budget: limits.ruleSteps })

export const beyondBudget = (budget: number): KramError =>
  new KramError('limit', 'budget_exceeded', `To say why takes more than ${budget} steps.`, {
    detail: { retryable: false },
  })

// An exhausted search has found nothing that could be relied on.
function checkBudget({ exhausted, budget }: Search): void {
  if (exhausted) throw beyondBudget(budget)
}

/** @throws KramError limit `budget_exceeded` */
export function explainRule(store: RuleStore, rule: number, times: number, search: Search): Explanation {
  const asking: Asking = { rule: store.source(rule), parsed: store.parsed(rule), registry: store.registry }
  const matches: Explanation['matches'][number][] = []
  if (times > 0) {
    store.runner(rule).match(search, () => {
      matches.push({ facts: [...new Set(search.chosen)], bound: boundIn(asking, search, ~0) })
      return matches.length === limits.explainedMatches
    })
  }
  search.chosen.length = 0
  const conditions = reportParts(asking, asking.parsed.when.parts, search, 0)
  checkBudget(search)
  return { rule: store.names[rule] as string, times, matches, conditions }
}

/** The bit by which a mask tells that `when[i]` is not met; it has room for the first 31. */
export const unmetBit = (i: number): number => (i < 31 ? 1 << i : 0)

/**
 * Bit i: `when[i]` is not met.
 * @throws KramError limit `budget_exceeded`
 */
export function unmetConditions(store: RuleStore, rule: number, search: Search): number {
  let unmet = 0
  judgeParts(store.parsed(rule).when.parts, store.registry, search, 0, (part, isMet) => {
    if (!isMet) unmet |= unmetBit(part.index)
  })
  checkBudget(search)
  return unmet
}

// Conditions one after the other, each together with those before it that are met. `report` is called while the
// variables of a match, or of those before, are bound.
function judgeParts(
  parts: readonly ConditionIr[],
  registry: Registry,
  search: Search,
  given: VariableSet,
  report: (part: ConditionIr, isMet: boolean) => void,
): void {
  const bindable = parts.reduce((all, part) => all | part.binds, given)
  const met: Matcher[] = []
  let bound = given
  for (const part of parts) {
    // What a condition that is not met would have bound is not there to be judged by.
    const canTell = (part.mentions & ~part.binds & bindable & ~bound) === 0
    const matcher = conditionMatcher(part, registry)
    const isMet =
      canTell &&
      sequence([...met, matcher])(search, () => {
        report(part, true)
        return true
      })
    search.chosen.length = 0
    if (isMet) {
      met.push(matcher)
      bound |= part.binds
      continue
    }
    sequence(met)(search, () => {
      report(part, false)
      return true
    })
    search.chosen.length = 0
  }
}

function reportParts(
  asking: Asking,
  parts: readonly ConditionIr[],
  search: Search,
  given: VariableSet,
): ConditionReport[] {
  const reports: ConditionReport[] = []
  judgeParts(parts, asking.registry, search, given, (part, isMet) => {
    reports[part.index] = reportOf(asking, part, isMet, search)
  })
  return reports
}

function reportOf(asking: Asking, condition: ConditionIr, met: boolean, search: Search): ConditionReport {
  const wanted = valueAt(asking.rule, condition.pointer) as Condition
  const base = { pointer: condition.pointer, met, wanted }
  switch (condition.op) {
    case 'fact':
      return { ...base, ...reportFact(asking, condition, met, search) }
    case 'accumulate':
      return { ...base, ...reportAccumulate(asking, condition, met, search) }
    case 'test':
      return { ...base, ...reportFreeTest(asking, condition.test, met, search), facts: [] }
    case 'not':
    case 'exists':
      return { ...base, actual: undefined, facts: [], parts: partReports(asking, [condition.part], search) }
    case 'any':
      return { ...base, actual: undefined, facts: [], parts: partReports(asking, condition.parts, search) }
    case 'all':
      return { ...base, actual: undefined, facts: [], parts: reportInside(asking, condition.parts, search) }
  }
}

// Each for itself.
const partReports = (asking: Asking, parts: readonly ConditionIr[], search: Search): ConditionReport[] =>
  parts.flatMap((part) => reportInside(asking, [{ ...part, index: 0 }], search))

// Under what is bound, and on the same budget.
function reportInside(asking: Asking, parts: readonly ConditionIr[], search: Search): ConditionReport[] {
  const inner = { ...search, environment: [...search.environment] }
  const reports = reportParts(asking, parts, inner, boundSet(search))
  search.steps = inner.steps
  search.exhausted = inner.exhausted
  return reports
}

const boundSet = ({ environment }: Search): VariableSet =>
  environment.reduce<number>((set, value, variable) => (value === undefined ? set : set | variableBit(variable)), 0)

function boundIn({ parsed }: Asking, search: Search, set: VariableSet): Record<string, unknown> {
  const bound = variablesOf(set).filter((variable) => search.environment[variable] !== undefined)
  return Object.fromEntries(
    bound.map((variable) => [parsed.variables[variable] as string, search.environment[variable]]),
  )
}

// ------------------------------------------------------------------------------------------------- fact conditions

function matching({ registry }: Asking, pattern: PatternIr, search: Search): Fact[] {
  const test = patternTest(pattern, registry)
  const facts = search.facts.get(pattern.type) ?? []
  return spend(search, facts.length * patternCost(pattern))
    ? []
    : facts.filter((fact) => test(fact, search.environment))
}

function reportFact(asking: Asking, condition: FactIr, met: boolean, search: Search) {
  const facts = matching(asking, condition.pattern, search)
  const actual = facts.length
  return met || actual > 0
    ? { actual, facts }
    : { actual, facts, tests: failedTests(asking, condition.pattern, search) }
}

// Tests that no fact passes; when there is none such, those that some fact fails.
function failedTests(asking: Asking, pattern: PatternIr, search: Search): TestReport[] {
  const facts = search.facts.get(pattern.type) ?? []
  if (facts.length === 0) return []
  const tests = [...pattern.closed, ...pattern.open].map((test) => {
    const passes = testFunction(test, asking.registry)
    return { test, failing: facts.filter((fact) => !passes(fact, search.environment)) }
  })
  const failed = tests.filter(({ failing }) => failing.length === facts.length)
  const shown = failed.length > 0 ? failed : tests.filter(({ failing }) => failing.length > 0)
  return shown.map(({ test, failing }) => ({
    pointer: test.pointer,
    wanted: valueAt(asking.rule, test.pointer) as Test,
    actual: distinctValues(failing.map((fact) => actualOf(asking, test, fact, search))),
  }))
}

function distinctValues(values: readonly unknown[]): unknown[] {
  const seen = new Map(values.map((value) => [canonicalText(value), value]))
  return [...seen.values()].slice(0, shownValues)
}

// The value that a comparison is about; for anything larger the values of all attributes that it reads.
function actualOf({ registry }: Asking, test: TestIr, fact: Fact, search: Search): unknown {
  const read = (expression: ExpressionIr): unknown => valueFunction(expression, registry)(fact, search.environment)
  const lefts = leftsOf(test)
  const [only] = lefts
  if (only !== undefined && new Set(lefts.map((left) => canonicalText(left))).size === 1) return read(only)
  return Object.fromEntries(lefts.map((left) => [nameOf(left), read(left)]))
}

const nameOf = (expression: ExpressionIr): string =>
  expression.op === 'path' ? expression.steps.join('.') : canonicalText(expression)

function leftsOf(test: TestIr): ExpressionIr[] {
  switch (test.op) {
    case 'compare':
      return [test.left]
    case 'predicate':
      return [...test.args]
    case 'not':
      return leftsOf(test.test)
    default:
      return test.tests.flatMap(leftsOf)
  }
}

// --------------------------------------------------------------------------------------------------- accumulations

function reportAccumulate(asking: Asking, condition: AccumulateIr, met: boolean, search: Search) {
  const facts = matching(asking, condition.pattern, search)
  if (condition.by.length > 0) return { actual: groupsOf(asking, condition, facts, search), facts }
  const actual = reduceOver(asking, condition, facts, search)
  const missing = met ? 0 : missingOf(asking, condition, actual, search)
  return missing > 0 ? { actual, facts, missing } : { actual, facts }
}

function reduceOver({ registry }: Asking, { name, of }: AccumulateIr, facts: readonly Fact[], search: Search): unknown {
  const value = of && valueFunction(of, registry)
  const values = value
    ? facts.map((fact) => value(fact, search.environment)).filter((each) => each !== undefined)
    : facts
  return reduceFunction(name, registry)(values)
}

// What each group comes to: [{<variable>: ..., value}].
function groupsOf(asking: Asking, condition: AccumulateIr, facts: readonly Fact[], search: Search): unknown[] {
  const by = condition.by.map(({ variable, value }) => ({
    name: asking.parsed.variables[variable] as string,
    value: valueFunction(value, asking.registry),
  }))
  const groups = new Map<string, { keys: Record<string, unknown>; facts: Fact[] }>()
  for (const fact of facts) {
    const keys = Object.fromEntries(by.map(({ name, value }) => [name, value(fact, search.environment)]))
    if (Object.values(keys).includes(undefined)) continue
    const text = canonicalText(keys)
    const known = groups.get(text)
    if (known === undefined) groups.set(text, { keys, facts: [fact] })
    else known.facts.push(fact)
  }
  return Array.from(groups.values(), ({ keys, facts: members }) => ({
    ...keys,
    value: reduceOver(asking, condition, members, search),
  }))
}

function missingOf({ registry }: Asking, { is }: AccumulateIr, actual: unknown, search: Search): number {
  const lacks = is.map(({ operator, right }) =>
    lackOf(operator, actual, valueFunction(right, registry)(noFact, search.environment)),
  )
  return Math.max(0, ...lacks)
}

function lackOf(operator: Operator, actual: unknown, wanted: unknown): number {
  const low = operator === 'between' && Array.isArray(wanted) ? wanted[0] : wanted
  const isLower = operator === 'gte' || operator === 'gt' || operator === 'eq' || operator === 'between'
  return isLower && typeof low === 'number' && typeof actual === 'number' ? low - actual : 0
}

function reportFreeTest(asking: Asking, test: TestIr, met: boolean, search: Search) {
  const actual = boundIn(asking, search, testNeeds(test))
  const missing = met ? 0 : lackOfTest(asking, test, search)
  return missing > 0 ? { actual, missing } : { actual }
}

function lackOfTest(asking: Asking, test: TestIr, search: Search): number {
  if (test.op === 'all') return Math.max(0, ...test.tests.map((part) => lackOfTest(asking, part, search)))
  if (test.op !== 'compare') return 0
  const [actual, wanted] = [test.left, test.right].map((side) =>
    valueFunction(side, asking.registry)(noFact, search.environment),
  )
  return lackOf(test.operator, actual, wanted)
}

/** What stands at a JSON Pointer of ours: steps without ~ escapes are names or positions. */
function valueAt(root: unknown, pointer: string): unknown {
  let at = root
  for (const step of pointer.split('/').slice(1)) at = Array.isArray(at) ? at[Number(step)] : ownValue(at, step)
  return at
}

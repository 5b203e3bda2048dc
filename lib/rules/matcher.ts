// Finds the matches of conditions by trying facts: the general path. It serves rules that join, rules on inserted
// facts, small rule bases, queries and explanations; what the index can decide never comes here.
import { assert } from '../base/assert.ts'
import { accumulatorKinds, sorted } from './accumulators.ts'
import {
  allOf,
  type Environment,
  holds,
  noFact,
  type TestFunction,
  testFunction,
  type ValueFunction,
  valueFunction,
} from './functions.ts'
import {
  type AccumulateIr,
  type AllIr,
  type AnyIr,
  type BindIr,
  type ConditionIr,
  expressionCost,
  expressionNeeds,
  type FactIr,
  noVariable,
  type PatternIr,
  testCost,
  testsCost,
  type VariableSet,
  variableBit,
} from './ir.ts'
import type { Fact, Registry } from './types.ts'
import { canonicalText, equalValues, ownValue, takeWork } from './values.ts'

/** The facts that conditions see, by type. */
export type FactsByType = ReadonlyMap<string, readonly Fact[]>

/**
 * One search. `steps` counts facts tried, tests made and matches found, each for about as many steps of the index as it
 * takes time; past `budget` everything stops and `exhausted` is set.
 */
export type Search = {
  facts: FactsByType
  environment: Environment
  /** Facts of the match at hand. */
  chosen: Fact[]
  steps: number
  budget: number
  exhausted: boolean
  /** Accumulations that depend on no variable, worked out once: what they read is complete by then (stratify.ts). */
  groups: Map<AccumulateIr, readonly Group[]>
}

export function newSearch(facts: FactsByType, { budget, steps = 0 }: { budget: number; steps?: number }): Search {
  // What others left behind.
  takeWork()
  return { facts, environment: [], chosen: [], steps, budget, exhausted: false, groups: new Map() }
}

/** Calls `next` for each match, with its variables bound; stops, and answers true, once `next` answers true. */
export type Matcher = (search: Search, next: () => boolean) => boolean

const none: readonly Fact[] = []
const stop = (): boolean => true

/** In steps of the index, which are a few nanoseconds each. */
const cost = { fact: 4, test: 4, match: 10, group: 40, insert: 100 } as const

/** What a rule spends on a fact that it inserts, besides finding the match. */
export const insertCost = cost.insert

/** What trying one fact takes. */
export const patternCost = ({ closed, open }: PatternIr): number =>
  cost.fact + cost.test * testsCost([...closed, ...open])
const bindCost = (bind: readonly BindIr[]): number =>
  cost.test * bind.reduce((sum, { value }) => sum + expressionCost(value), 0)

/** true: the budget is spent, everything stops. */
export function spend(search: Search, steps: number): boolean {
  search.steps += steps + takeWork()
  if (search.steps <= search.budget) return false
  search.exhausted = true
  return true
}

export function conditionMatcher(condition: ConditionIr, registry: Registry): Matcher {
  switch (condition.op) {
    case 'fact':
      return factMatcher(condition, registry)
    case 'accumulate':
      return accumulateMatcher(condition, registry)
    case 'all':
      return allMatcher(condition, registry)
    case 'any':
      return anyMatcher(condition, registry)
    case 'test': {
      const test = testFunction(condition.test, registry)
      const steps = cost.test * testCost(condition.test)
      return (search, next) => spend(search, steps) || (test(noFact, search.environment) && next())
    }
    default:
      return presenceMatcher(conditionMatcher(condition.part, registry), condition.op === 'exists')
  }
}

export const patternTest = (pattern: PatternIr, registry: Registry): TestFunction =>
  allOf([...pattern.closed, ...pattern.open].map((test) => testFunction(test, registry)))

const allMatcher = (condition: AllIr, registry: Registry): Matcher =>
  sequence(condition.parts.map((part) => conditionMatcher(part, registry)))

/** Matches of all parts together, each tried under what those before it bound. */
export function sequence(parts: readonly Matcher[]): Matcher {
  const [first, second] = parts
  if (first === undefined) return (_, next) => next()
  if (second === undefined) return first
  const matchFrom = (search: Search, at: number, next: () => boolean): boolean => {
    const part = parts[at]
    return part === undefined ? next() : part(search, () => matchFrom(search, at + 1, next))
  }
  return (search, next) => matchFrom(search, 0, next)
}

function presenceMatcher(part: Matcher, wanted: boolean): Matcher {
  return (search, next) => {
    const depth = search.chosen.length
    const found = part(search, stop)
    if (search.exhausted) return true
    if (!wanted) search.chosen.length = depth
    const stopped = found === wanted && next()
    if (!stopped) search.chosen.length = depth
    return stopped
  }
}

// ------------------------------------------------------------------------------------------------- fact conditions

type Bind = { variable: number; value: ValueFunction }

const bindFunctions = (bind: readonly BindIr[], registry: Registry): Bind[] =>
  bind.map(({ variable, value }) => ({ variable, value: valueFunction(value, registry) }))

/** Binds or compares one variable; false: it has another value. What was newly bound is added to `fresh`. */
function unify(environment: Environment, variable: number, value: unknown, fresh: number[]): boolean {
  const known = environment[variable]
  if (known !== undefined) return equalValues(known, value)
  if (value === undefined) return false
  environment[variable] = value
  fresh.push(variable)
  return true
}

function release(environment: Environment, fresh: readonly number[]): void {
  for (const variable of fresh) environment[variable] = undefined
}

function factMatcher({ pattern, bind, as }: FactIr, registry: Registry): Matcher {
  const test = patternTest(pattern, registry)
  const binds = bindFunctions(bind, registry)
  const steps = patternCost(pattern)
  const matchSteps = cost.match + bindCost(bind)
  const bindFact = (fact: Fact, environment: Environment, fresh: number[]): boolean => {
    if (as !== noVariable && !unifyFact(environment, as, fact, fresh)) return false
    return binds.every(({ variable, value }) => unify(environment, variable, value(fact, environment), fresh))
  }
  return (search, next) => {
    const { environment, chosen } = search
    for (const fact of search.facts.get(pattern.type) ?? none) {
      if (spend(search, steps)) return true
      if (!test(fact, environment)) continue
      if (spend(search, matchSteps)) return true
      const fresh: number[] = []
      const depth = chosen.length
      chosen.push(fact)
      const stopped = bindFact(fact, environment, fresh) && next()
      release(environment, fresh)
      // On a stop the chosen facts stay, for whoever wanted to see them.
      if (stopped) return true
      chosen.length = depth
    }
    return false
  }
}

// A whole fact is itself and no other, however equal.
function unifyFact(environment: Environment, variable: number, fact: Fact, fresh: number[]): boolean {
  const known = environment[variable]
  return known === undefined ? unify(environment, variable, fact, fresh) : known === fact
}

// --------------------------------------------------------------------------------------------------- accumulations

export type Reduce = (values: readonly unknown[]) => unknown

export function reduceFunction(name: string, registry: Registry): Reduce {
  if (Object.hasOwn(accumulatorKinds, name)) return accumulatorKinds[name as keyof typeof accumulatorKinds].reduce
  const found = ownValue(registry.accumulators, name)
  assert(typeof found === 'function', `accumulator ${name} is registered`)
  return (values) => found(sorted(values)) as unknown
}

/** One match of an accumulation, when `result` passes what it `is` asked for. */
type Group = { by: readonly unknown[]; facts: readonly Fact[]; result: unknown }
type OpenGroup = { by: readonly unknown[]; values: unknown[]; facts: Fact[] }

function accumulateMatcher(condition: AccumulateIr, registry: Registry): Matcher {
  const { as } = condition
  const is = condition.is.map(({ operator, right }) => ({ operator, right: valueFunction(right, registry) }))
  const by = condition.by.map(({ variable }) => variable)
  const collect = collector(condition, registry)
  const isClosed = accumulationIsClosed(condition)

  const groupsOf = (search: Search): readonly Group[] => {
    const known = isClosed ? search.groups.get(condition) : undefined
    const groups = known ?? collect(search)
    if (isClosed && !search.exhausted) search.groups.set(condition, groups)
    return groups
  }

  const matchGroup = (search: Search, group: Group, next: () => boolean): boolean => {
    const { environment, chosen } = search
    const { result } = group
    if (result === undefined || spend(search, cost.test * is.length)) return search.exhausted
    if (!is.every(({ operator, right }) => holds(operator, result, right(noFact, environment)))) return false
    const fresh: number[] = []
    const depth = chosen.length
    const bound =
      by.every((variable, i) => unify(environment, variable, group.by[i], fresh)) &&
      (as === noVariable || unify(environment, as, result, fresh))
    for (const fact of group.facts) chosen.push(fact)
    const stopped = spend(search, cost.match + group.facts.length) || (bound && next())
    release(environment, fresh)
    if (!stopped) chosen.length = depth
    return stopped
  }

  return (search, next) => {
    const groups = groupsOf(search)
    return search.exhausted || groups.some((group) => matchGroup(search, group, next))
  }
}

/** Whether its groups are the same whatever is bound. */
const accumulationIsClosed = ({ pattern, by, of }: AccumulateIr): boolean =>
  pattern.open.length === 0 &&
  by.every(({ value }) => expressionNeeds(value) === 0) &&
  (of === undefined || expressionNeeds(of) === 0)

function collector(condition: AccumulateIr, registry: Registry): (search: Search) => readonly Group[] {
  const { pattern } = condition
  const test = patternTest(pattern, registry)
  const by = bindFunctions(condition.by, registry)
  const of = condition.of === undefined ? undefined : valueFunction(condition.of, registry)
  const reduce = reduceFunction(condition.name, registry)
  const steps = patternCost(pattern)
  const ofCost = condition.of === undefined ? 0 : expressionCost(condition.of)
  const matchSteps = cost.match + bindCost(condition.by) + cost.test * ofCost + (by.length > 0 ? cost.group : 0)
  return (search) => {
    const groups = new Map<string, OpenGroup>()
    if (by.length === 0) groups.set('', { by: [], values: [], facts: [] })
    for (const fact of search.facts.get(pattern.type) ?? none) {
      if (spend(search, steps)) return []
      if (!test(fact, search.environment)) continue
      if (spend(search, matchSteps)) return []
      const keys = by.map(({ value }) => value(fact, search.environment))
      if (keys.includes(undefined)) continue
      const group = groupOf(groups, keys)
      const value = of === undefined ? fact : of(fact, search.environment)
      if (value !== undefined) group.values.push(value)
      group.facts.push(fact)
    }
    const found: Group[] = []
    for (const group of groups.values()) {
      found.push({ by: group.by, facts: group.facts, result: reduce(group.values) })
      if (spend(search, cost.match)) return []
    }
    return found
  }
}

function groupOf(groups: Map<string, OpenGroup>, by: readonly unknown[]): OpenGroup {
  const key = by.length === 0 ? '' : canonicalText(by)
  const known = groups.get(key)
  if (known !== undefined) return known
  const group = { by, values: [], facts: [] }
  groups.set(key, group)
  return group
}

// ------------------------------------------------------------------------------------------------------------ any

type Choice = { values: unknown[]; facts: readonly Fact[] }

function anyMatcher(condition: AnyIr, registry: Registry): Matcher {
  const parts = condition.parts.map((part) => conditionMatcher(part, registry))
  const variables = variablesOf(condition.binds)
  if (variables.length === 0) {
    return presenceMatcher((search, next) => parts.some((part) => part(search, next)), true)
  }
  const whole = variables.map((variable) => (condition.facts & variableBit(variable)) !== 0)

  const collect = (search: Search): Choice[] => {
    const choices = new Map<string, Choice>()
    const identities = new Map<unknown, number>()
    const depth = search.chosen.length
    const add = (): boolean => {
      const values = variables.map((variable) => search.environment[variable])
      const key = values.map((value, i) => (whole[i] ? `#${numberOf(identities, value)}` : canonicalText(value)))
      const text = key.join(' ')
      if (!choices.has(text)) choices.set(text, { values, facts: search.chosen.slice(depth) })
      return spend(search, cost.group)
    }
    parts.some((part) => part(search, add))
    return [...choices.values()]
  }

  return (search, next) => {
    const { environment, chosen } = search
    const choices = collect(search)
    if (search.exhausted) return true
    return choices.some(({ values, facts }) => {
      const fresh = variables.filter((variable) => environment[variable] === undefined)
      const depth = chosen.length
      variables.forEach((variable, i) => {
        environment[variable] = values[i]
      })
      chosen.push(...facts)
      const stopped = next()
      release(environment, fresh)
      if (!stopped) chosen.length = depth
      return stopped
    })
  }
}

function numberOf(identities: Map<unknown, number>, value: unknown): number {
  const known = identities.get(value)
  if (known !== undefined) return known
  identities.set(value, identities.size)
  return identities.size - 1
}

export function variablesOf(set: VariableSet): number[] {
  const variables: number[] = []
  for (let variable = 0; variable < 31; variable++) if ((set & variableBit(variable)) !== 0) variables.push(variable)
  return variables
}

// The rules of a base, kept as they were written; what running or explaining one needs is made when first asked for.

import type { RuleIr } from './ir.ts'
import { conditionMatcher, insertCost, type Matcher, type Search, spend } from './matcher.ts'
import { parseRule } from './parse.ts'
import { type FactFunction, factFunction, templateCost, templateNeeds } from './templates.ts'
import type { Fact, Registry, Rule } from './types.ts'

/** What runs one rule on the general path. */
export type Runner = {
  match: Matcher
  templates: readonly FactFunction[]
  /** What a match costs to fill them. */
  steps: number
  constant: readonly Fact[] | undefined
}

export type RuleStore = {
  readonly size: number
  readonly names: readonly string[]
  readonly registry: Registry
  source(rule: number): Rule
  parsed(rule: number): RuleIr
  runner(rule: number): Runner
}

export function createRuleStore(
  names: readonly string[],
  source: (rule: number) => Rule,
  registry: Registry,
): RuleStore {
  const parsedRules = new Map<number, RuleIr>()
  const runners = new Map<number, Runner>()
  const parsed = (rule: number): RuleIr => {
    const known = parsedRules.get(rule)
    if (known !== undefined) return known
    const made = parseRule(source(rule), '', registry)
    parsedRules.set(rule, made)
    return made
  }
  const runner = (rule: number): Runner => {
    const known = runners.get(rule)
    if (known !== undefined) return known
    const made = createRunner(parsed(rule), registry)
    runners.set(rule, made)
    return made
  }
  return { size: names.length, names, registry, source, parsed, runner }
}

function createRunner(rule: RuleIr, registry: Registry): Runner {
  const templates = rule.insert.map(({ template }) => factFunction(template, registry))
  const isConstant = rule.insert.every(({ template }) => templateNeeds(template) === 0)
  return {
    match: conditionMatcher(rule.when, registry),
    templates,
    steps: rule.insert.reduce((sum, { template }) => sum + insertCost + templateCost(template), 0),
    constant: isConstant ? templates.map((template) => template([])) : undefined,
  }
}

export type Run = { times: number; facts: readonly Fact[] }

/** All matches of one rule; when the search is exhausted what was found so far means nothing. */
export function runRule(runner: Runner, search: Search): Run {
  let times = 0
  const facts: Fact[] = []
  runner.match(search, () => {
    times++
    for (const template of runner.templates) facts.push(template(search.environment))
    return spend(search, runner.steps)
  })
  spend(search, 0)
  return { times, facts }
}

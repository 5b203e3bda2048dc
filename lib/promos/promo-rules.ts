// Each promo as a rule of lib/rules: window, goods and conditions that are decided first, for all promos at once.
import { limits } from '../base/limits.ts'
import type { CompileOptions, Condition, Registry, Rule } from '../rules/types.ts'
import { filterTests } from './filter.ts'
import { type ConditionNode, nodesOf, type Promo } from './promo.ts'
import { factMemo } from './rule-facts.ts'

/** Functions that rules of promos call. */
export const registry: Registry = {
  predicates: {
    /** Whether one of the numbers divides the first. */
    divides: (number, divisors) =>
      typeof number === 'number' && Array.isArray(divisors) && divisors.some((divisor) => number % divisor === 0),
  },
}

/** Found by their goods where they name some, so that promos near to a cart are those about its goods. */
export const compileOptions: CompileOptions = { registry, memo: factMemo, focus: 'product' }

/**
 * The rule of a promo. `isWhole` false: it would be larger than rules may be, so that it says less than the promo, and
 * who fires must be judged in words too.
 */
export function ruleOf(promo: Promo): { rule: Rule; isWhole: boolean } {
  if (promo.state === 'draft') return { rule: ruleWith(promo, [{ fact: 'nothing is of this type' }]), isWhole: true }
  const whole = ruleWith(promo, conditionsOf(promo))
  if (fits(whole)) return { rule: whole, isWhole: true }
  return { rule: ruleWith(promo, []), isWhole: false }
}

const ruleWith = (promo: Promo, conditions: readonly Condition[]): Rule => ({
  name: promo.id,
  when: [...windowOf(promo), ...conditions],
  insert: [{ type: 'promo', rank: promo.rank }],
})

function conditionsOf(promo: Promo): Condition[] {
  const goods = promo.filter ? filterTests(promo.filter) : []
  const conditions: Condition[] = []
  // A promo that codes open and that is about all goods is best found by its codes.
  if (promo.filter || !promo.codes) conditions.push({ exists: { fact: 'product', where: goods } })
  if (promo.state === 'test') conditions.push({ fact: 'tester' })
  if (promo.config.currency !== undefined) {
    conditions.push({ fact: 'order', where: [{ path: 'currency', eq: promo.config.currency }] })
  }
  if (promo.codes) {
    conditions.push({ exists: { fact: 'code', where: [{ path: 'value', in: [...promo.codes.keys()] }] } })
  }
  for (const node of nodesOf(promo.config)) if (!node.late) conditions.push(...nodeRules(node))
  return conditions

  function nodeRules(node: ConditionNode): Condition[] {
    if (node.kind === 'leaf') return node.judge.rule(goods)
    const parts = node.parts.map((part) => oneOf(nodeRules(part)))
    if (node.kind === 'all') return parts
    return [node.kind === 'any' ? { any: parts } : { not: parts[0]! }]
  }
}

const oneOf = (conditions: Condition[]): Condition => {
  const [only] = conditions
  return conditions.length === 1 && only ? only : { all: conditions }
}

// Hours that recur are judged for the few that fire.
function windowOf({ window: { startMs, finishMs } }: Promo): Condition[] {
  const bounds = {
    ...(Number.isFinite(startMs) ? { gte: startMs } : {}),
    ...(Number.isFinite(finishMs) ? { lt: finishMs } : {}),
  }
  return Object.keys(bounds).length === 0 ? [] : [{ fact: 'now', where: [{ path: 'at', ...bounds }] }]
}

type Size = { conditions: number; tests: number; depth: number }

function fits(rule: Rule): boolean {
  const { conditions, tests, depth } = sizeOf(rule.when)
  return conditions <= limits.ruleConditions && tests <= limits.ruleTests && depth <= limits.ruleDepth
}

// Counts whatever is nested as conditions and tests alike, which is never less than lib/rules counts.
function sizeOf(value: unknown): Size {
  const size: Size = { conditions: 0, tests: 0, depth: 0 }
  const walk = (part: unknown, depth: number): void => {
    if (typeof part !== 'object' || part === null) return
    size.depth = Math.max(size.depth, depth)
    if (Array.isArray(part)) {
      for (const entry of part) walk(entry, depth)
      return
    }
    if ('fact' in part || 'accumulate' in part || 'any' in part || 'all' in part || 'not' in part || 'exists' in part) {
      size.conditions++
    }
    if ('path' in part || 'predicate' in part || 'any' in part || 'all' in part || 'not' in part) size.tests++
    for (const [name, entry] of Object.entries(part)) if (name !== 'in' && name !== 'not_in') walk(entry, depth + 1)
  }
  walk(value, 0)
  return size
}

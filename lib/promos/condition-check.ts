// Finds conditions that no order can meet together, and those that stand where they mean nothing.
import type { Issue } from '../base/errors.ts'
import { pointerStep } from '../base/json.ts'
import { type Least, type Range, rangeOf } from './args.ts'
import type { Judge } from './condition.ts'
import { branchesOf, isLeaf } from './condition-tree.ts'
import { type ConditionConfig, type ConditionType, type LeafConfig, makeJudge } from './conditions.ts'
import { checkFilter } from './filter-check.ts'
import type { Filter } from './filter-schema.ts'
import { minorOf } from './written.ts'

/** A leaf that must be met itself, whatever else is, or must not be; with its place. */
type Demand = { pointer: string; config: LeafConfig; judge: Judge; negated: boolean }

/** Faults of conditions that their schema has passed. */
export function checkConditions(configs: readonly ConditionConfig[]): Issue[] {
  const demands: Demand[] = []
  const issues: Issue[] = []
  const walk = (config: ConditionConfig, pointer: string, demand: 'met' | 'unmet' | 'none', nested: boolean): void => {
    if (!isLeaf(config)) {
      for (const [name, branches] of branchesOf(config)) {
        const inner = demandInside(name, branches.length, demand)
        for (const [i, branch] of branches.entries()) {
          walk(branch, pointer + pointerStep(name) + (name === 'not' ? '' : pointerStep(i)), inner, true)
        }
      }
      return
    }
    if (config.type === 'line_not_discounted' && nested) {
      const message = 'picks lines, so it cannot stand inside any, all or not: write it beside the other conditions'
      issues.push({ pointer, message })
    }
    if (config.type === 'contains') issues.push(...checkFilter(config.filter as Filter, `${pointer}/filter`))
    if (demand !== 'none') demands.push({ pointer, config, judge: makeJudge(config), negated: demand === 'unmet' })
  }
  for (const [i, config] of configs.entries()) walk(config, `/order_filters/${i}`, 'met', false)
  return [...issues, ...clashesAmong(demands)]
}

// Of `any` no single branch must be met; that none is met says it of each, and the other way round for `all`.
function demandInside(name: 'any' | 'all' | 'not', branches: number, demand: 'met' | 'unmet' | 'none') {
  if (demand === 'none') return demand
  if (name === 'not') return demand === 'met' ? 'unmet' : 'met'
  if (branches === 1) return demand
  return (name === 'all') === (demand === 'met') ? demand : 'none'
}

function clashesAmong(demands: readonly Demand[]): Issue[] {
  const met = demands.filter(({ negated }) => !negated)
  for (const [i, later] of demands.entries()) {
    const other = demands.slice(0, i).find((earlier) => excludeEachOther(earlier, later))
    if (other) return [clash(later, other.config.type)]
  }
  return [...Map.groupBy(met, sameCount).values()].flatMap(noneLeft)
}

const clash = ({ pointer, config }: Demand, other: ConditionType): Issue => ({
  pointer,
  message: `can never be met together with the ${other === config.type ? 'other ' : ''}${other} condition`,
})

const sameCount = ({ config }: Demand): string => `${config.type} ${config.of ?? 'list'}`

// Of one kind and counted alike, several demands that share no value.
function noneLeft(group: readonly Demand[]): Issue[] {
  let among: readonly string[] | undefined
  for (const demand of group) {
    const { oneOf } = demand.judge
    if (oneOf) among = among ? among.filter((value) => oneOf.includes(value)) : oneOf
    if (among?.length === 0) return [clash(demand, demand.config.type)]
  }
  return []
}

function excludeEachOther(a: Demand, b: Demand): boolean {
  if (a.negated && b.negated) return false
  if (a.negated) return isCoveredBy(b, a)
  if (b.negated) return isCoveredBy(a, b)
  return areApart(a, b) || areApart(b, a)
}

/** Whether whatever meets `demanded` is what `excluded` excludes. */
function isCoveredBy(demanded: Demand, excluded: Demand): boolean {
  if (sameCount(demanded) !== sameCount(excluded)) return false
  const [own, theirs] = [demanded.judge, excluded.judge]
  if (own.oneOf && theirs.oneOf) return own.oneOf.every((value) => theirs.oneOf!.includes(value))
  if (own.range && theirs.range) return own.range.least >= theirs.range.least && own.range.most <= theirs.range.most
  return JSON.stringify(demanded.config) === JSON.stringify(excluded.config)
}

/** What the second counts is never less than what the first does. */
const neverLess: Partial<Record<ConditionType, readonly ConditionType[]>> = {
  total_value: ['total_value', 'order_total', 'total_with_delivery'],
  order_total: ['order_total', 'total_with_delivery'],
  total_with_delivery: ['total_with_delivery'],
  any_line_quantity: ['total_quantity'],
  total_quantity: ['total_quantity'],
  days_since_last_order: ['days_since_last_order'],
}

const moneyTypes = new Set<ConditionType>(['total_value', 'order_total', 'total_with_delivery'])

const boundsOf = ({ config }: Demand): Range =>
  moneyTypes.has(config.type) ? rangeOf(config.value as Least, minorOf) : rangeOf(config.value as Least)

function areApart(a: Demand, b: Demand): boolean {
  const [first, second] = [a.config, b.config]
  if (neverLess[first.type]?.includes(second.type) && (first.of ?? 'list') === (second.of ?? 'list')) {
    return boundsOf(a).least > boundsOf(b).most
  }
  if (first.type === 'loyalty_card' && second.type === 'loyalty_card')
    return first.value === false && second.value !== false
  if (first.type === 'first_order' && second.type === 'days_since_last_order') return true
  if (second.type !== 'nth_order') return false
  if (first.type === 'first_order') return !numbersOf(second).includes(1)
  if (first.type !== 'nth_order' || first.every === true) return false
  const allowed = numbersOf(second)
  return !numbersOf(first).some((n) => allowed.some((m) => (second.every === true ? n % m === 0 : n === m)))
}

const numbersOf = ({ value }: LeafConfig): readonly number[] => (Array.isArray(value) ? value : [Number(value)])

// Finds conditions that no order can meet together, and those that stand where they mean nothing.
import type { Issue } from '../base/errors.ts'
import { pointerStep } from '../base/json.ts'
import { type Least, type Names, type Range, rangeOf } from './args.ts'
import type { Judge } from './condition.ts'
import { branchesOf, isLeaf } from './condition-tree.ts'
import {
  type ConditionConfig,
  type ConditionType,
  type LeafConfig,
  makeJudge,
  type NestedConfig,
} from './conditions.ts'
import { checkFilter, checkTest } from './filter-check.ts'
import type { Filter, FilterTest } from './filter-schema.ts'
import { canonicalCode } from './order.ts'
import { listOf, minorOf } from './written.ts'

/** A leaf that must be met itself, whatever else is, or must not be; with its place. `name`: for other than conditions. */
type Demand = { pointer: string; config: LeafConfig; judge: Judge; negated: boolean; name?: string }

type Placed = { pointer: string; config: ConditionConfig }

/** What must hold at once, and the branches of each `any` that must: every one of them should be possible beside it. */
type Demands = { demands: Demand[]; options: Placed[] }

/** Faults of conditions that their schema has passed, of a promo with these codes. */
export function checkConditions(configs: readonly ConditionConfig[], codes?: readonly string[]): Issue[] {
  const placed = configs.map((config, i): Placed => ({ config, pointer: `/order_filters/${i}` }))
  return [...placed.flatMap((one) => misplaced(one, false)), ...faultsAmong(givenDemands(codes), demandsOf(placed))]
}

// What holds of every order that the promo applies to, without being written among its conditions.
function givenDemands(codes: readonly string[] = []): Demand[] {
  const given = (name: string, config: LeafConfig): Demand => {
    return { pointer: '', config, judge: makeJudge(config), negated: false, name }
  }
  const goods = given('any goods at all', { type: 'total_quantity', value: 1 })
  if (codes.length === 0) return [goods]
  return [goods, given('the codes of this promo', { type: 'promo_code', value: [...codes] })]
}

function misplaced({ config, pointer }: Placed, nested: boolean): Issue[] {
  if (!isLeaf(config)) return branchesAt({ config, pointer }).branches.flatMap((branch) => misplaced(branch, true))
  const issues: Issue[] = []
  if (config.type === 'line_not_discounted' && nested) {
    const message = 'picks lines, so it cannot stand inside any, all or not: write it beside the other conditions'
    issues.push({ pointer, message })
  }
  if (config.type === 'contains') issues.push(...checkFilter(config.filter as Filter, `${pointer}/filter`))
  if (config.type === 'customer_attribute') {
    issues.push(...checkTest(String(config.attribute), config.value as FilterTest, `${pointer}/value`))
  }
  return issues
}

function branchesAt({ config, pointer }: { config: NestedConfig; pointer: string }) {
  const [[name, branches]] = branchesOf(config)
  const here = pointer + pointerStep(name)
  const placed = branches.map(
    (branch, i): Placed => ({
      config: branch,
      pointer: name === 'not' ? here : here + pointerStep(i),
    }),
  )
  return { name, branches: placed }
}

function demandsOf(placed: readonly Placed[]): Demands {
  const found: Demands = { demands: [], options: [] }
  const walk = ({ config, pointer }: Placed, negated: boolean): void => {
    if (isLeaf(config)) {
      found.demands.push({ pointer, config, judge: makeJudge(config), negated })
      return
    }
    const { name, branches } = branchesAt({ config, pointer })
    const isEither = branches.length > 1 && (name === 'any') !== negated && name !== 'not'
    // That one of several is not met says nothing of any of them.
    if (isEither) found.options.push(...(negated ? [] : branches))
    else for (const branch of branches) walk(branch, negated !== (name === 'not'))
  }
  for (const one of placed) walk(one, false)
  return found
}

function faultsAmong(outer: readonly Demand[], { demands, options }: Demands): Issue[] {
  const all = [...outer, ...demands]
  const clashes = clashesAmong(all)
  return clashes.length > 0 ? clashes : options.flatMap((option) => faultsAmong(all, demandsOf([option])))
}

function clashesAmong(demands: readonly Demand[]): Issue[] {
  const met = demands.filter(({ negated }) => !negated)
  for (const [i, later] of demands.entries()) {
    const other = demands.slice(0, i).find((earlier) => excludeEachOther(earlier, later))
    if (other) return [clash(later, other)]
  }
  return [...Map.groupBy(met, sameCount).values()].flatMap(noneLeft)
}

const clash = ({ pointer, config }: Demand, other: Demand): Issue => {
  const { type } = other.config
  const name = other.name ?? `the ${type === config.type ? 'other ' : ''}${type} condition`
  return { pointer, message: `can never be met together with ${name}` }
}

const sameCount = ({ config }: Demand): string => `${config.type} ${config.of ?? 'list'}`

// Of one kind and counted alike, several demands that share no value.
function noneLeft(group: readonly Demand[]): Issue[] {
  let among: readonly string[] | undefined
  for (const demand of group) {
    const { oneOf } = demand.judge
    if (oneOf) among = among ? among.filter((value) => oneOf.includes(value)) : oneOf
    if (among?.length === 0) return [clash(demand, demand)]
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
  const [names, others] = [namesOf(demanded), namesOf(excluded)]
  if (names && others) return names.every((name) => others.includes(name))
  const [own, theirs] = [demanded.judge.range, excluded.judge.range]
  if (own && theirs) return own.least >= theirs.least && own.most <= theirs.most
  return JSON.stringify(demanded.config) === JSON.stringify(excluded.config)
}

// An order may have several codes, and its customer several groups.
function namesOf({ config: { type, value }, judge }: Demand): readonly string[] | undefined {
  if (type === 'promo_code') return listOf(value as Names).map(canonicalCode)
  return type === 'customer_group' ? listOf(value as Names) : judge.oneOf
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
  // What remains is never more than the list price.
  const isSame = (first.of ?? 'list') === (second.of ?? 'list')
  if (neverLess[first.type]?.includes(second.type) && (isSame || first.of === 'remaining')) {
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

// A promo made ready from its config: times as instants, money in minor units, conditions and actions bound.
import type { JsonValue } from '../base/json.ts'
import { remember } from '../base/remember.ts'
import type { Act } from './action.ts'
import { makeAct } from './actions.ts'
import { budgetOf } from './check.ts'
import type { Judge } from './condition.ts'
import { branchesOf, isLate, isLeaf } from './condition-tree.ts'
import { type ConditionConfig, makeJudge } from './conditions.ts'
import type { PromoConfig } from './config.ts'
import { compileFilter, type FilterNode, looksAtPrice } from './filter.ts'
import { canonicalCode } from './order.ts'
import { compileWindow, type PromoWindow } from './window.ts'

export type ConditionNode =
  | { kind: 'leaf'; type: string; pointer: string; judge: Judge; late: boolean }
  | { kind: 'any' | 'all' | 'not'; pointer: string; parts: readonly ConditionNode[]; late: boolean }

/** One action of a promo: the unit of application. */
export type PromoAction = {
  type: string
  /** In the promo's `actions`. */
  position: number
  act: Act
  /** Goods of its own; without, it acts on the promo's. */
  targets: FilterNode | undefined
  /** In minor units; without a cap, infinite. */
  maxMinor: number
}

export type CodeLimits = { uses?: number | undefined; customer_uses?: number | undefined }

export type Promo = {
  // First what every order that it applies to asks: of thousands of promos few are in the processor's cache.
  /** In its set: the place by priority, then id. */
  rank: number
  /** Bit s: some action is of stage s. */
  stages: number
  actions: readonly PromoAction[]
  filter: FilterNode | undefined
  /** Whether some action acts on goods of its own. */
  hasTargets: boolean
  /** Whether some action may lack goods, though all conditions are met. */
  hasNeeds: boolean
  /** Whether it looks at the price of goods to tell which it is about, or acts on. */
  looksAtPrice: boolean
  /** Whether its hours recur, so that it is not always open in its window. */
  recurs: boolean
  exclusive: boolean
  group: string | undefined
  /** Whether its redemptions are counted, so that placing an order must reserve them. */
  isLimited: boolean
  budgetMinor: number | undefined
  /** Whether some condition is judged only when the promo's turn comes. */
  late: boolean
  stop: boolean
  id: string
  version: number
  title: string | undefined
  /** Canonical code -> as written; undefined: it needs none. */
  codes: ReadonlyMap<string, string> | undefined
  state: 'draft' | 'test' | 'live'
  config: PromoConfig
  window: PromoWindow
  /** Whether it leaves out lines that an earlier promo made cheaper. */
  undiscountedOnly: boolean
  /** Canonical code -> its own limits; undefined: no code has any. */
  codeLimits: ReadonlyMap<string, CodeLimits> | undefined
  /** What `conditionsOf` remembers. */
  conditions: readonly ConditionNode[] | undefined
}

export type PromoIdentity = { rank: number; id: string; version: number; state: 'draft' | 'test' | 'live' }

/** Actions of promos ready to act; thousands of promos have but few different ones, which are then shared. */
export type ActionsOf = (config: PromoConfig) => readonly PromoAction[]

/** Longer ones are seldom written twice. */
const sharedChars = 200

/** Shares what it makes for as long as it is kept: for one set of promos. */
export function sharedActions(): ActionsOf {
  const shared = new Map<string, readonly PromoAction[]>()
  return (config) => {
    if (config.targets) return makeActions(config)
    const key = JSON.stringify(config.actions)
    if (key.length > sharedChars) return makeActions(config)
    let actions = shared.get(key)
    if (!actions) {
      actions = makeActions(config)
      shared.set(key, actions)
    }
    return actions
  }
}

function makeActions(config: PromoConfig): PromoAction[] {
  const targets = config.targets ? compileFilter(config.targets) : undefined
  return config.actions.map((action, position) => ({
    type: action.type,
    position,
    act: makeAct(action),
    targets: action.targets ? compileFilter(action.targets) : targets,
    maxMinor: action.max_minor ?? Number.POSITIVE_INFINITY,
  }))
}

/** Makes a promo of a config that `checkPromo` has passed. */
export function makePromo(
  config: PromoConfig,
  { rank, id, version, state }: PromoIdentity,
  timeZone: string,
  actionsOf: ActionsOf = makeActions,
): Promo {
  const actions = actionsOf(config)
  const window = compileWindow(config, timeZone)
  const filter = config.product_filters ? compileFilter(config.product_filters) : undefined
  const targets = actions.flatMap((action) => action.targets ?? [])
  return {
    rank,
    stages: actions.reduce((bits, { act }) => bits | (1 << act.stage), 0),
    actions,
    filter,
    hasTargets: targets.length > 0,
    hasNeeds: actions.some(({ act }) => act.need !== undefined),
    looksAtPrice: (filter !== undefined && looksAtPrice(filter)) || targets.some(looksAtPrice),
    recurs: window.recurrence !== undefined,
    exclusive: config.exclusive ?? false,
    group: groupOf(config),
    isLimited: config.limits !== undefined,
    budgetMinor: budgetOf(config.limits),
    late: (config.order_filters ?? []).some(isLate),
    stop: config.stop ?? false,
    id,
    version,
    title: config.title,
    codes: config.codes ? new Map(config.codes.map((code) => [canonicalCode(code), code.trim()])) : undefined,
    state,
    config,
    window,
    undiscountedOnly: (config.order_filters ?? []).some(
      (entry) => isLeaf(entry) && entry.type === 'line_not_discounted',
    ),
    codeLimits: codeLimitsOf(config),
    conditions: undefined,
  }
}

const groups = new Map<string, string>()

function groupOf({ group }: PromoConfig): string | undefined {
  const name = group?.trim()
  // Short cut: the same name is the same text, so that to tell whether two are alike takes no look at either.
  if (name !== undefined) return remember(groups, name, () => name)
  return name
}

/** The conditions of `order_filters`, ready to judge. */
export const nodesOf = ({ order_filters = [] }: PromoConfig): ConditionNode[] =>
  order_filters.map((condition, i) => nodeOf(condition, `/order_filters/${i}`))

/** The same, remembered for promos that are put into words: most are only ever decided by the evaluator. */
export function conditionsOf(promo: Promo): readonly ConditionNode[] {
  promo.conditions ??= nodesOf(promo.config)
  return promo.conditions
}

function nodeOf(config: ConditionConfig, pointer: string): ConditionNode {
  if (isLeaf(config)) {
    const judge = makeJudge(config)
    return { kind: 'leaf', type: config.type, pointer, judge, late: judge.late === true }
  }
  const [[kind, branches]] = branchesOf(config)
  const parts = branches.map((branch, i) => nodeOf(branch, `${pointer}/${kind}${kind === 'not' ? '' : `/${i}`}`))
  return { kind, pointer, parts, late: parts.some((part) => part.late) }
}

/** Canonical code -> its own limits; undefined: no code has any. */
export function codeLimitsOf({ codes, limits }: PromoConfig): ReadonlyMap<string, CodeLimits> | undefined {
  if (!limits?.codes && !limits?.each_code) return undefined
  const own = new Map(Object.entries(limits?.codes ?? {}).map(([code, limit]) => [canonicalCode(code), limit]))
  const found = new Map<string, CodeLimits>()
  for (const code of (codes ?? []).map(canonicalCode)) {
    const limit = { ...limits?.each_code, ...own.get(code) }
    if (limit.uses !== undefined || limit.customer_uses !== undefined) found.set(code, limit)
  }
  return found.size === 0 ? undefined : found
}

/** A condition of an answer: in words of data, for refusals, explanations and the admin page. */
export type ConditionReport = {
  type: string
  /** In the config; '' for what follows from several fields. */
  pointer: string
  met: boolean
  /** Money in minor units. */
  wanted: JsonValue
  actual: JsonValue
  missing: JsonValue
  /** Of any, all and not. */
  parts?: ConditionReport[]
}

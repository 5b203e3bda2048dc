// Judges one promo on one order, condition by condition, in words of data: for refusals, explanations and hints. The
// evaluator decides the same for all promos at once and without words (eligibility.ts).
import { type JsonValue, pointerStep } from '../base/json.ts'
import { type Instant, toInstant } from '../base/time.ts'
import type { Facts } from './condition.ts'
import type { PromoConfig } from './config.ts'
import { changedGoodsIndex, createGoodsIndex, type GoodsIndex } from './goods-index.ts'
import { canonicalCode, type Order, type PromoUsage } from './order.ts'
import { type CodeLimits, type ConditionNode, type ConditionReport, conditionsOf, type Promo } from './promo.ts'
import { isOpen, type PromoWindow } from './window.ts'

/** What a request says, beside the order. */
export type Situation = {
  order: Order
  nowMs: number
  tester: boolean
  codes: ReadonlySet<string>
  index: GoodsIndex
  /** How much of the delivery's price only stands for one that is not known yet; no total counts it. */
  standInMinor: number
}

export const situationOf = (order: Order, nowMs: number, tester: boolean): Situation => ({
  order,
  nowMs,
  tester,
  codes: codesOf(order),
  index: createGoodsIndex(order.lines),
  standInMinor: 0,
})

const codesOf = ({ codes }: Order): ReadonlySet<string> => new Set(codes?.map(canonicalCode))

/** The same request with another order, which is much the same too. */
export const changedSituation = (before: Situation, order: Order): Situation => ({
  ...before,
  order,
  codes: order.codes === before.order.codes ? before.codes : codesOf(order),
  index: changedGoodsIndex(before.index, order.lines),
})

/** Positions of the lines that `product_filters` matches. */
export const goodsOf = (promo: Promo, { index }: Situation): readonly number[] => index.ofPromo(promo)

/** Facts on list prices, before anything is taken off. */
export const listFacts = (
  { order, codes, tester, nowMs, standInMinor }: Situation,
  goods: readonly number[],
): Facts => ({
  order,
  codes,
  tester,
  nowMs,
  goods,
  lineMinor: (line) => order.lines[line]!.price_minor * order.lines[line]!.quantity,
  deliveryMinor: (order.delivery?.price_minor ?? 0) - standInMinor,
  isDiscounted: neverDiscounted,
})

const neverDiscounted = (): boolean => false

/** A condition with all that is nested in it. `late`: what those that wait for the promo's turn are judged on then. */
export function judgeNode(node: ConditionNode, facts: Facts, late = facts): ConditionReport {
  if (node.kind === 'leaf') {
    const { met, wanted, actual, missing } = node.judge.judge(node.late ? late : facts)
    return { type: node.type, pointer: node.pointer, met, wanted, actual, missing }
  }
  const parts = node.parts.map((part) => judgeNode(part, facts, late))
  const met =
    node.kind === 'not'
      ? !parts[0]!.met
      : node.kind === 'any'
        ? parts.some((part) => part.met)
        : parts.every((part) => part.met)
  return { type: node.kind, pointer: node.pointer, met, wanted: null, actual: null, missing: null, parts }
}

/** Every condition of the promo: those of `order_filters`, and those that its other fields make. */
export function judgePromo(promo: Promo, facts: Facts, usage: PromoUsage | undefined): ConditionReport[] {
  const reports: ConditionReport[] = []
  if (promo.state === 'draft') reports.push(draftReport)
  if (promo.state === 'test') reports.push(testerReport(facts.tester))
  addWindow(promo, facts, reports)
  addCurrency(promo, facts.order, reports)
  addGoods(promo, facts, reports)
  addCodes(promo, facts.codes, reports)
  for (const node of conditionsOf(promo)) reports.push(judgeNode(node, facts))
  addLimits(promo, facts.codes, usage, reports)
  return reports
}

const draftReport: ConditionReport = {
  type: 'state',
  pointer: '/state',
  met: false,
  wanted: 'live',
  actual: 'draft',
  missing: null,
}

const testerReport = (tester: boolean): ConditionReport => ({
  type: 'tester',
  pointer: '/state',
  met: tester,
  wanted: true,
  actual: tester,
  missing: null,
})

function addWindow({ window, config }: Promo, { nowMs }: Facts, reports: ConditionReport[]): void {
  if (config.start === undefined && config.finish === undefined && config.recurrence === undefined) return
  const met = isOpen(window, nowMs)
  const wanted = shownWindow(window, config)
  reports.push({ type: 'window', pointer: '', met, wanted, actual: shownNow(nowMs), missing: null })
}

let lastShown: { nowMs: number; now: Instant } | undefined

// All that is judged of one order is judged at one time.
function shownNow(nowMs: number): Instant {
  // Short cut
  if (lastShown?.nowMs === nowMs) return lastShown.now
  const now = toInstant(nowMs)
  // Short cut, for the next time.
  lastShown = { nowMs, now }
  return now
}

const shownWindows = new WeakMap<PromoWindow, JsonValue>()

function shownWindow(window: PromoWindow, { recurrence }: PromoConfig): JsonValue {
  // Short cut
  const known = shownWindows.get(window)
  // Short cut
  if (known) return known
  const shown: Record<string, JsonValue> = {}
  if (Number.isFinite(window.startMs)) shown.start = toInstant(window.startMs)
  if (Number.isFinite(window.finishMs)) shown.finish = toInstant(window.finishMs)
  if (recurrence) shown.recurrence = asJson(recurrence)
  // Short cut, for the next time.
  shownWindows.set(window, shown)
  return shown
}

// Configs came as JSON; their types only do not say so.
const asJson = (value: object): JsonValue => value as JsonValue

function addCurrency({ config: { currency: wanted } }: Promo, { currency }: Order, reports: ConditionReport[]): void {
  if (wanted === undefined) return
  const met = wanted === currency
  reports.push({ type: 'currency', pointer: '/currency', met, wanted, actual: currency, missing: null })
}

function addGoods({ config }: Promo, { goods, order }: Facts, reports: ConditionReport[]): void {
  if (config.product_filters === undefined && goods.length > 0) return
  const wanted = asJson(config.product_filters ?? {})
  const met = goods.length > 0
  const actual = goods.map((line) => order.lines[line]!.id)
  const missing = met ? null : wanted
  reports.push({ type: 'product_filters', pointer: '/product_filters', met, wanted, actual, missing })
}

function addCodes({ codes }: Promo, entered: ReadonlySet<string>, reports: ConditionReport[]): void {
  if (!codes) return
  const met = [...codes.keys()].some((code) => entered.has(code))
  const wanted = [...codes.values()]
  reports.push({ type: 'codes', pointer: '/codes', met, wanted, actual: [...entered], missing: met ? null : wanted })
}

/** The code under which the promo is redeemed: the first of its own that is entered and not spent. */
export function redeemedCode(
  promo: Promo,
  entered: ReadonlySet<string>,
  usage: PromoUsage | undefined,
): string | undefined {
  for (const code of promo.codes?.keys() ?? []) {
    if (!entered.has(code)) continue
    const limit = promo.codeLimits?.get(code)
    if (!limit || !isCodeSpent(limit, codeUsage(usage, code))) return code
  }
  return undefined
}

function codeUsage(usage: PromoUsage | undefined, code: string): CodeLimits {
  for (const [written, used] of Object.entries(usage?.codes ?? {})) if (canonicalCode(written) === code) return used
  return {}
}

const isCodeSpent = (limit: CodeLimits, used: CodeLimits): boolean =>
  (limit.uses !== undefined && (used.uses ?? 0) >= limit.uses) ||
  (limit.customer_uses !== undefined && (used.customer_uses ?? 0) >= limit.customer_uses)

/** Whether no limit stands in the way: none is spent, and of the codes entered one is left. */
export function isWithinLimits(
  promo: Promo,
  entered: ReadonlySet<string>,
  usageOf: (promo: Promo) => PromoUsage | undefined,
): boolean {
  if (!promo.isLimited) return true
  const { limits } = promo.config
  const usage = usageOf(promo)
  if (limits === undefined || usage === undefined) return true
  if (limits.uses !== undefined && (usage.uses ?? 0) >= limits.uses) return false
  if (limits.customer_uses !== undefined && (usage.customer_uses ?? 0) >= limits.customer_uses) return false
  if (promo.budgetMinor !== undefined && (usage.budget_minor ?? 0) >= promo.budgetMinor) return false
  return promo.codeLimits === undefined || redeemedCode(promo, entered, usage) !== undefined
}

function addLimits(
  promo: Promo,
  entered: ReadonlySet<string>,
  usage: PromoUsage | undefined,
  reports: ConditionReport[],
): void {
  const { limits } = promo.config
  if (limits === undefined) return
  const report = (type: string, pointer: string, limit: number | undefined, used = 0): void => {
    if (limit === undefined) return
    reports.push({ type, pointer, met: used < limit, wanted: limit, actual: used, missing: null })
  }
  report('limit_uses', '/limits/uses', limits.uses, usage?.uses)
  report('limit_customer_uses', '/limits/customer_uses', limits.customer_uses, usage?.customer_uses)
  const budget = limits.budget === undefined ? 'budget_minor' : 'budget'
  report('limit_budget', `/limits/${budget}`, promo.budgetMinor, usage?.budget_minor)
  const codes = [...(promo.codeLimits ?? [])].filter(([code]) => entered.has(code))
  const left = redeemedCode(promo, entered, usage) !== undefined
  for (const [code, limit] of codes) {
    const used = codeUsage(usage, code)
    const met = left || !isCodeSpent(limit, used)
    const wanted = { code, uses: limit.uses ?? null, customer_uses: limit.customer_uses ?? null }
    const shown = { code, uses: used.uses ?? 0, customer_uses: used.customer_uses ?? 0 }
    const written = Object.keys(limits.codes ?? {}).find((own) => canonicalCode(own) === code)
    const pointer = written === undefined ? '/limits/each_code' : `/limits/codes${pointerStep(written)}`
    reports.push({ type: 'limit_code', pointer, met, wanted, actual: shown, missing: null })
  }
}

// How a customer could come to a promo that does not apply: the steps, exactly, and the order after taking them.

import { limits } from '../base/limits.ts'
import { oncePer } from '../base/remember.ts'
import { type Added, leastFor, sumOf } from './added-goods.ts'
import type { Mend } from './condition.ts'
import { type FilterNode, looksAtPrice, matchesFilter } from './filter.ts'
import { exampleOf } from './filter-example.ts'
import { goodsText, pricesIn } from './filter-words.ts'
import type { Order, OrderLine } from './order.ts'
import type { ConditionNode, ConditionReport } from './promo.ts'

/** What the filter says that goods must pass: what it names, and between which prices; without, any goods, or nothing plain. */
export type NamedGoods = { goods?: string; price_from_minor?: number; price_to_minor?: number }

/** One thing to do. Several stand beside each other. */
export type HintStep =
  | ({ kind: 'sum'; missing_minor: number } & NamedGoods)
  /** `line`: units of this very line, whose goods have that name. */
  | ({ kind: 'units'; missing: number; line?: string; name?: string } & NamedGoods)
  | { kind: 'delivery' | 'payment' | 'channel'; value: string }
  | { kind: 'card'; value: string | null }
  | { kind: 'code'; value: string }

/** A step with what the changed order needs to know. */
export type Mending = { mend: Mend; missing: ConditionReport['missing'] }

/** Which of its parts an `any` is to be met by, by its pointer. */
export type Branches = ReadonlyMap<string, number>

/** What mends a condition that is not met; undefined: nothing does. `report` is of this very node. */
export function mendingsOf(node: ConditionNode, report: ConditionReport, branches: Branches): Mending[] | undefined {
  if (report.met) return []
  if (node.kind === 'leaf') {
    const { mend } = node.judge
    return mend && report.missing !== null ? [{ mend, missing: report.missing }] : undefined
  }
  if (node.kind === 'not') return undefined
  const parts = node.parts.map((part, i) => mendingsOf(part, report.parts![i]!, branches))
  if (node.kind === 'all') return parts.includes(undefined) ? undefined : parts.flatMap((part) => part ?? [])
  const branch = branches.get(node.pointer)
  if (branch !== undefined) return parts[branch]
  // Of alternatives the shortest, of equals the first.
  let best: Mending[] | undefined
  for (const part of parts) if (part && (!best || isShorter(part, best))) best = part
  return best
}

/**
 * Whether some take fewer steps than others; or as many, of which fewer are to buy something; or as many of the same kinds,
 * none of which lacks more, and one less.
 */
export function isShorter(some: readonly Mending[], others: readonly Mending[]): boolean {
  const more = some.length - others.length || bought(some) - bought(others)
  return more < 0 || (more === 0 && lacksLess(some, others))
}

// What is not bought is chosen or shown by its name.
const bought = (all: readonly Mending[]): number => all.filter(({ missing }) => typeof missing === 'number').length

const lackOf = ({ missing }: Mending): number => (typeof missing === 'number' ? missing : 0)

const lacksLess = (some: readonly Mending[], others: readonly Mending[]): boolean =>
  some.every((one, i) => one.mend.kind === others[i]!.mend.kind && lackOf(one) <= lackOf(others[i]!)) &&
  some.some((one, i) => lackOf(one) < lackOf(others[i]!))

/** What a mending changes an order for: the goods that the promo or action is about. `targets`: what each action acts on. */
export type MendGoods = {
  lines: readonly number[]
  filter: FilterNode | undefined
  targets: readonly (FilterNode | undefined)[]
  codes: readonly string[]
}

/**
 * The order after a step, with the step in words of data; undefined when it cannot be taken. `isUnpriced`: it added a line
 * of goods whose price nobody knows.
 */
export function takeStep(
  order: Order,
  { mend, missing }: Mending,
  goods: MendGoods,
): { order: Order; step: HintStep; isUnpriced?: boolean } | undefined {
  switch (mend.kind) {
    case 'sum': {
      if (typeof missing !== 'number') return undefined
      const about = mend.goods === 'own' ? goods : { ...goods, lines: [...order.lines.keys()], filter: undefined }
      const changed = addSum(order, missing, about)
      if (!changed) return undefined
      return { order: changed.order, step: { kind: 'sum', missing_minor: changed.sum, ...named(about.filter) } }
    }
    case 'units': {
      if (typeof missing !== 'number') return undefined
      const changed = addUnits(order, missing, mend.goods, goods.lines)
      const one = mend.goods === 'one_line' ? order.lines[lineToFill(order, 'one_line', goods.lines)!] : undefined
      const filter = typeof mend.goods === 'object' ? mend.goods : goods.filter
      const step = { kind: 'units' as const, missing, ...named(filter), ...(one ? nameOf(one) : {}) }
      const isUnpriced = changed?.lines[order.lines.length]?.price_minor === 0
      return changed && { order: changed, step, isUnpriced }
    }
    default:
      return choose(order, mend.kind, firstName(missing), goods)
  }
}

const anyGoods: NamedGoods = {}

const named = (filter: FilterNode | undefined): NamedGoods => (filter ? namesOf(filter) : anyGoods)

const namesOf = oncePer((filter: FilterNode): NamedGoods => {
  const step: NamedGoods = {}
  const goods = goodsText(filter)
  if (goods !== '') step.goods = goods
  if (!looksAtPrice(filter)) return step
  const { from, to } = pricesIn(filter)
  if (from > 0) step.price_from_minor = from
  if (Number.isFinite(to)) step.price_to_minor = to
  return step
})

const firstName = (missing: ConditionReport['missing']): string | undefined => {
  const [first] = Array.isArray(missing) ? missing : [missing]
  return typeof first === 'string' ? first : undefined
}

function choose(
  order: Order,
  kind: 'delivery' | 'payment' | 'channel' | 'card' | 'code',
  name: string | undefined,
  { codes }: Pick<MendGoods, 'codes'>,
) {
  if (kind === 'card') {
    const customer = { ...order.customer, loyalty_card: name ?? true }
    return { order: { ...order, customer }, step: { kind, value: name ?? null } }
  }
  const value = kind === 'code' ? (name ?? codes[0]) : name
  if (value === undefined) return undefined
  const step = { kind, value }
  if (kind === 'code') return { order: { ...order, codes: [...(order.codes ?? []), value] }, step }
  if (kind === 'channel') return { order: { ...order, channel: value }, step }
  return { order: { ...order, [kind]: { ...order[kind], method: value } }, step }
}

/** The order after a choice that is known already. */
export function takeChoice(order: Order, step: HintStep): Order {
  if (step.kind === 'sum' || step.kind === 'units') return order
  return choose(order, step.kind, step.value ?? undefined, { codes: [] })?.order ?? order
}

// Goods for exactly the missing sum where such goods can be; else for as little over it as possible.
function addSum(order: Order, missing: number, about: MendGoods): { order: Order; sum: number } | undefined {
  const { filter } = about
  const goods = goodsToAdd(order, missing, about)
  let [like] = goods
  // The lines pass the filter, as do others of the same goods, but for their price.
  let best: readonly Added[] = [[missing, 1]]
  if (filter && looksAtPrice(filter)) {
    best = []
    for (const line of goods) {
      const added = leastFor(missing, line, filter)
      if (added.length === 0 || (best.length > 0 && sumOf(added) >= sumOf(best))) continue
      best = added
      like = line
    }
  }
  if (like === undefined || best.length === 0) return undefined
  let changed = order
  for (const [price_minor, quantity] of best) {
    // The product's key stays, since it stands for all but the price.
    const added = { ...like, id: freeId(changed), price_minor, quantity, floor_minor: 0 }
    changed = { ...changed, lines: [...changed.lines, added] }
  }
  return { order: changed, sum: sumOf(best) }
}

/** Goods of which nothing is known. */
const anyGood: OrderLine = { id: '', price_minor: 0, quantity: 1 }

/** First those that the fewest actions act on, since a hint promises the least. */
function goodsToAdd(order: Order, price_minor: number, { lines, filter, targets }: MendGoods): readonly OrderLine[] {
  const known = lines.map((line) => order.lines[line]!)
  // Short cut
  if (targets.every((target) => target === filter)) return known
  const actionsOn = (line: OrderLine): number =>
    targets.filter((target) => !target || matchesFilter(target, { ...line, price_minor })).length
  const goods = filter ? known : [...known, anyGood]
  return goods.toSorted((a, b) => actionsOn(a) - actionsOn(b))
}

function addUnits(
  order: Order,
  missing: number,
  about: 'own' | 'one_line' | FilterNode,
  own: readonly number[],
): Order | undefined {
  if (typeof about === 'object') {
    const there = [...order.lines.keys()].filter((line) => matchesFilter(about, order.lines[line]!))
    const line = lineToFill(order, 'own', there)
    if (line !== undefined) return withMore(order, line, missing)
    const goods = exampleOf(about)
    if (!goods) return undefined
    const added: OrderLine = { id: freeId(order), quantity: missing, price_minor: goods.price_minor }
    return { ...order, lines: [...order.lines, { ...added, ...goods }] }
  }
  const line = lineToFill(order, about, own)
  return line === undefined ? undefined : withMore(order, line, missing)
}

/** The line of which most units are there; or for units of any goods, the cheapest. */
function lineToFill(order: Order, about: 'own' | 'one_line', own: readonly number[]): number | undefined {
  const measure = (line: number): number => {
    const { quantity, price_minor } = order.lines[line]!
    return about === 'one_line' ? -quantity : price_minor
  }
  let best = own[0]
  for (const line of own) if (measure(line) < measure(best!)) best = line
  return best
}

function nameOf({ id, attributes }: OrderLine): { line: string; name?: string } {
  const name = attributes && Object.hasOwn(attributes, 'name') ? attributes.name : undefined
  return { line: id, ...(typeof name === 'string' ? { name } : {}) }
}

function withMore(order: Order, line: number, units: number): Order | undefined {
  const { quantity } = order.lines[line]!
  if (quantity + units > limits.quantity) return undefined
  return {
    ...order,
    lines: order.lines.map((entry, i) => (i === line ? { ...entry, quantity: quantity + units } : entry)),
  }
}

function freeId(order: Order): string {
  const isTaken = (wanted: string): boolean => order.lines.some(({ id }) => id === wanted)
  let number = 1
  while (isTaken(`added-${number}`)) number++
  return `added-${number}`
}

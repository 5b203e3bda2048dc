// What customers read before, at and beyond the point where a promotion begins to give: tried on goods that it is about.

import type { Language } from '../../lib/base/languages.ts'
import { allocate } from '../../lib/promos/allocate.ts'
import type { Allocation } from '../../lib/promos/allocation.ts'
import type { PromoConfig } from '../../lib/promos/config.ts'
import { exampleOf } from '../../lib/promos/filter-example.ts'
import type { Order } from '../../lib/promos/order.ts'
import { type ConditionNode, conditionsOf, type Promo } from '../../lib/promos/promo.ts'
import { firstOpening } from '../../lib/promos/window.ts'
import { previewSet } from './preview-set.ts'

export const hintCases = ['page', 'below', 'at', 'above'] as const
export type HintCase = (typeof hintCases)[number]

export type HintPreview = { case: HintCase; text: string; applied: Allocation['applied'][number] | undefined }

type Options = { language: Language; currency: string; timeZone: string; nowMs: number }

/** One preview for each case; none when the filter says nothing that simple goods could be made of. */
export function hintPreviews(config: PromoConfig, { language, currency, timeZone, nowMs }: Options): HintPreview[] {
  const set = previewSet([{ id: 'preview', version: 0, state: 'live', config }], timeZone)
  const promo = set.promo(0)
  const opening = firstOpening(promo.window, nowMs) ?? firstOpening(promo.window)
  const goods = promo.filter ? exampleOf(promo.filter) : { price_minor: 0, attributes: {} }
  if (goods === undefined || opening === undefined) return []
  const { sum, units } = thresholdsOf(promo)
  return hintCases.map((name) => {
    const quantity = quantityFor(name, units)
    const worth = Math.max(goods.price_minor * quantity, worthFor(name, sum))
    const price_minor = Math.max(goods.price_minor, Math.ceil(worth / quantity))
    const lines = [{ id: 'l', ...goods, price_minor, quantity }]
    const order: Order = { currency: config.currency ?? currency, lines, ...(name === 'page' ? {} : choicesFor(promo)) }
    const { hints, applied } = allocate(order, set, opening, {}, { language, tester: true })
    return { case: name, text: hints[0]?.text ?? '', applied: applied[0] }
  })
}

/** What an order must have for the promotion to apply, as far as goods do not decide it. */
export function demandsOf(
  config: PromoConfig,
  timeZone: string,
): { sum: number; units: number; order: Partial<Order> } {
  const promo = previewSet([{ id: 'preview', version: 0, state: 'live', config }], timeZone).promo(0)
  return { ...thresholdsOf(promo), order: choicesFor(promo) }
}

/** Where no sum is asked for: goods worth 100. */
const usualMinor = 10_000

function worthFor(name: HintCase, sum: number): number {
  if (sum === 0) return usualMinor
  return { page: Math.ceil(sum * 0.4), below: Math.ceil(sum * 0.75), at: sum, above: Math.ceil(sum * 1.5) }[name]
}

const quantityFor = (name: HintCase, units: number): number =>
  ({ page: 1, below: Math.max(1, units - 1), at: Math.max(1, units), above: Math.max(1, units) * 2 })[name]

const leavesOf = (node: ConditionNode): ConditionNode[] =>
  node.kind === 'leaf' ? [node] : node.kind === 'not' ? [] : node.parts.flatMap(leavesOf)

/** The largest sum (minor units) and number of units that the promotion asks for; 0: none. */
function thresholdsOf(promo: Promo): { sum: number; units: number } {
  const found = { sum: 0, units: 0 }
  for (const node of conditionsOf(promo).flatMap(leavesOf)) {
    if (node.kind !== 'leaf' || !node.judge.range) continue
    const { kind } = node.judge.mend ?? {}
    if (kind === 'sum' || kind === 'units') found[kind] = Math.max(found[kind], node.judge.range.least)
  }
  for (const action of promo.config.actions) {
    const { type, buy, get, units, first_units, tiers, by } = action as Record<string, unknown> & { type: string }
    if (type === 'buy_x_get_y') found.units = Math.max(found.units, Number(buy) + Number(get))
    if (type === 'unit_groups') found.units = Math.max(found.units, Number(units))
    if (type === 'first_then_each_further') found.units = Math.max(found.units, Number(first_units ?? 1) + 1)
    if (type === 'tiers' && Array.isArray(tiers)) {
      const least = Math.min(...tiers.map(({ from }: { from: number }) => from))
      if (by === 'quantity') found.units = Math.max(found.units, least)
      else found.sum = Math.max(found.sum, Math.round(least * 100))
    }
  }
  return found
}

/** What a customer has to choose, chosen. */
function choicesFor(promo: Promo): Partial<Order> {
  const chosen: { -readonly [Name in keyof Order]?: Order[Name] } = { delivery: { price_minor: 1_500 } }
  if (promo.codes) chosen.codes = [...promo.codes.values()].slice(0, 1)
  for (const node of conditionsOf(promo).flatMap(leavesOf)) {
    if (node.kind !== 'leaf') continue
    const [value] = node.judge.oneOf ?? []
    if (value === undefined) continue
    if (node.type === 'selected_delivery') chosen.delivery = { ...chosen.delivery, method: value }
    if (node.type === 'selected_payment') chosen.payment = { method: value }
    if (node.type === 'channel') chosen.channel = value
    if (node.type === 'city' || node.type === 'country') chosen.delivery = { ...chosen.delivery, [node.type]: value }
  }
  return chosen
}

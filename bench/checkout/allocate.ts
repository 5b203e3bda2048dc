// `allocate` end to end beside the evaluator alone, on generated shops, with carts of goods that the process has seen;
// and what loading a set takes. Results are compared with the slow twin's first.
import { loadSnapshot, makeSnapshot } from '../../lib/app/promos/snapshot.ts'
import { assert } from '../../lib/base/assert.ts'
import type { JsonObject } from '../../lib/base/json.ts'
import { type AllocateOptions, allocate } from '../../lib/promos/allocate.ts'
import type { Allocation } from '../../lib/promos/allocation.ts'
import { situationOf } from '../../lib/promos/judging.ts'
import type { Order } from '../../lib/promos/order.ts'
import { compilePromos, type PromoSet } from '../../lib/promos/promo-set.ts'
import { factsOf } from '../../lib/promos/rule-facts.ts'
import { slowAllocate } from '../../tests/support/slow-allocate.ts'
import { timeTogether } from '../measure.ts'
import { generateOrders, generateShop, type Shop } from './generate.ts'

const settings = { timeZone: 'Europe/Kyiv' }
const cartCount = 200
const options: AllocateOptions = { audience: 'customer' }

/** What is measured, in this order. */
export const subjects = ['evaluator alone', 'amounts', '+ 10 refusals', '+ 3 hints', 'all'] as const
export type AllocateRow = { promos: number; lines: number; applied: number; p50: number[]; p99: number[] }

const read: Record<string, (allocation: Allocation) => unknown> = {
  amounts: () => undefined,
  '+ 10 refusals': (allocation) => allocation.refused,
  '+ 3 hints': (allocation) => allocation.hints,
  all: (allocation) => [allocation.refused, allocation.hints],
}

export async function measureAllocate(
  promos: number,
  sizes: readonly number[],
  { budgetMs, verified }: { budgetMs: number; verified: number },
): Promise<AllocateRow[]> {
  const shop = generateShop(promos)
  const set = compilePromos(shop.configs, { settings })
  const rows: AllocateRow[] = []
  for (const lines of sizes) {
    const orders = generateOrders(shop, { lines, count: cartCount })
    verify(shop, set, orders.slice(0, verified))
    const applied = orders.reduce((sum, order) => sum + allocate(order, set, shop.nowMs).applied.length, 0) / cartCount
    const timings = await timeTogether(timed(orders, set, shop.nowMs), { budgetMs })
    rows.push({
      promos,
      lines,
      applied,
      p50: subjects.map((name) => timings.get(name)?.p50 ?? Number.NaN),
      p99: subjects.map((name) => timings.get(name)?.p99 ?? Number.NaN),
    })
  }
  return rows
}

/** @throws when an order comes to something else than under the slow twin */
function verify({ configs, nowMs }: Shop, set: PromoSet, orders: readonly Order[]): void {
  const now = new Date(nowMs).toISOString()
  for (const order of orders) {
    const { lines, delivery_minor, applied } = allocate(order, set, nowMs)
    const slow = slowAllocate({ promos: configs, order, now }, settings.timeZone)
    const paid = lines.map(({ total_minor }) => total_minor)
    const slowPaid = slow.units.map((units) => units.reduce((sum, minor) => sum + minor, 0))
    assert(JSON.stringify([paid, delivery_minor]) === JSON.stringify([slowPaid, slow.delivery_minor]), 'same amounts')
    assert(JSON.stringify(applied.map(({ promo }) => promo)) === JSON.stringify(slow.applied), 'same promotions')
  }
}

function timed(orders: readonly Order[], set: PromoSet, nowMs: number) {
  const facts = orders.map((order) => factsOf(situationOf(order, nowMs, false)))
  return subjects.map((name) => {
    const part = read[name]
    const run = part
      ? each(orders, (order) => part(allocate(order, set, nowMs, {}, options)))
      : each(facts, (own) => set.rules.session(own).fire())
    return { name, run }
  })
}

function each<T>(items: readonly T[], run: (item: T) => unknown): () => unknown {
  let at = 0
  return () => run(items[at++ % items.length] as T)
}

export type LoadFigures = { bytes: number; compileMs: number; loadMs: number; firstMs: number }

/** Medians of some loads: of the configs alone, prebuilt, and prebuilt with the first cart. */
export function measureLoad(promos: number): LoadFigures {
  const shop = generateShop(promos)
  const [order] = generateOrders(shop, { lines: 20, count: 1 })
  assert(order, 'there is an order')
  const live = shop.configs.map((config) => ({ version: 1, config: { ...(config as JsonObject), state: 'live' } }))
  const { bytes } = makeSnapshot(1, live, settings)
  const configs = new TextEncoder().encode(JSON.stringify({ set: 1, format: 0, configs: live }))
  const loads = Array.from({ length: 5 }, () => {
    const begun = performance.now()
    const set = loadSnapshot(bytes, settings)
    const loaded = performance.now()
    const { applied, refused, hints } = allocate(order, set, shop.nowMs, {}, options)
    assert(applied.length + refused.length + hints.length > 0, 'promotions apply')
    return { loadMs: loaded - begun, firstMs: performance.now() - begun }
  })
  const compiles = Array.from({ length: 3 }, () => {
    const begun = performance.now()
    loadSnapshot(configs, settings)
    return performance.now() - begun
  })
  return {
    bytes: bytes.length,
    compileMs: median(compiles),
    loadMs: median(loads.map(({ loadMs }) => loadMs)),
    firstMs: median(loads.map(({ firstMs }) => firstMs)),
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

// `allocate` end to end beside the evaluator alone, on generated shops, carts known to the memo as in a warm process.
import { allocate } from '../../lib/promos/allocate.ts'
import type { Allocation } from '../../lib/promos/allocation.ts'
import { situationOf } from '../../lib/promos/judging.ts'
import type { Order } from '../../lib/promos/order.ts'
import { compilePromos, type PromoSet } from '../../lib/promos/promo-set.ts'
import { factsOf } from '../../lib/promos/rule-facts.ts'
import { short, timeTogether } from '../measure.ts'
import { generateOrders, generateShop } from './generate.ts'

const cartCount = 200

export type AllocateRow = { promos: number; lines: number; applied: number; p50: number[]; p99: number[] }

/** What is measured, in this order; each says more than the one before. */
export const subjects = ['evaluator alone', 'amounts', 'amounts, 10 refusals', 'amounts, 3 hints', 'all'] as const

type Wanted = (allocation: Allocation) => unknown
const wanted: Record<string, Wanted> = {
  amounts: () => undefined,
  'amounts, 10 refusals': (allocation) => allocation.refused.length,
  'amounts, 3 hints': (allocation) => allocation.hints.length,
  all: (allocation) => allocation.refused.length + allocation.hints.length,
}

export async function measureAllocate(
  promos: number,
  sizes: readonly number[],
  budgetMs: number,
): Promise<AllocateRow[]> {
  const shop = generateShop(promos)
  const set = compilePromos(shop.configs, { settings: { timeZone: 'Europe/Kyiv' } })
  const rows: AllocateRow[] = []
  for (const lines of sizes) {
    const orders = generateOrders(shop, { lines, count: cartCount })
    const applied = orders.reduce((sum, order) => sum + allocate(order, set, shop.nowMs).applied.length, 0) / cartCount
    const timings = await timeTogether(subjectsOf(orders, set, shop.nowMs), { budgetMs })
    rows.push({
      promos,
      lines,
      applied,
      p50: subjects.map((name) => timings.get(name)!.p50),
      p99: subjects.map((name) => timings.get(name)!.p99),
    })
  }
  return rows
}

function subjectsOf(orders: readonly Order[], set: PromoSet, nowMs: number) {
  const evaluator = {
    name: subjects[0] as string,
    run: each(
      orders.map((order) => factsOf(situationOf(order, nowMs, false))),
      (facts) => set.rules.session(facts).fire(),
    ),
  }
  const options = { audience: 'customer' } as const
  const whole = subjects.slice(1).map((name) => ({
    name,
    run: each(orders, (order) => wanted[name]!(allocate(order, set, nowMs, {}, options))),
  }))
  return [evaluator, ...whole]
}

function each<T>(items: readonly T[], run: (item: T) => unknown): () => unknown {
  let at = 0
  return () => run(items[at++ % items.length] as T)
}

if (process.argv[1] === import.meta.filename) {
  const [promos = 10_000, ...lines] = process.argv.slice(2).map(Number)
  for (const { lines: size, applied, p50, p99 } of await measureAllocate(
    promos,
    lines.length > 0 ? lines : [1, 5, 20, 100],
    1000,
  )) {
    console.log(
      promos,
      size,
      'applied',
      short(applied),
      subjects.map((name, i) => `${name} ${short(p50[i]!)} / ${short(p99[i]!)}`).join(', '),
    )
  }
}

// Watches what promotions give beside money off: an order has the cashback, the gifts and the vouchers of the very
// version of each promotion that it names, and the vouchers get to whom they were promised.
import { keys } from '../../lib/app/keys.ts'
import type { MemoryStore } from './memory-store.ts'
import type { OrderData, OrderPlacedData } from './order-data.ts'

type Action = { type: string; value: string | number }

const valuesOf = (actions: readonly Action[], type: string): (string | number)[] =>
  actions.flatMap((one) => (one.type === type ? [one.value] : []))

/** Half up, once for each line, of what is paid for it. */
const cashbackOf = (percent: number, { lines }: OrderPlacedData): number =>
  lines.reduce((sum, { total_minor }) => sum + Math.floor((total_minor * percent + 50) / 100), 0)

/** What is wrong with it; undefined: nothing. `configOf`: the promotion as it was saved, as text. */
export function wronglyGiven(
  order: OrderPlacedData,
  configOf: (promo: string, version: number) => string | undefined,
): string | undefined {
  for (const { id, version, cashback_minor, gifts = [], vouchers = [] } of order.promos) {
    const config = configOf(id, version)
    if (config === undefined) return `names version ${version} of ${id}, which nobody saved`
    const { actions, limits } = JSON.parse(config) as { actions: Action[]; limits?: { budget?: number } }
    const cashback = cashbackOf(Number(valuesOf(actions, 'cashback')[0] ?? 0), order)
    const given = [cashback_minor, ...gifts.map(({ sku }) => sku), ...vouchers.map(({ kind }) => kind)]
    // What is left of a budget may be less.
    const least = limits?.budget === undefined ? cashback : Math.min(cashback, cashback_minor)
    const due = [least, ...valuesOf(actions, 'gift'), ...valuesOf(actions, 'voucher')]
    if (given.join() !== due.join()) return `has ${given} of version ${version} of ${id}, should have ${due}`
  }
  return undefined
}

/** Vouchers that orders promised, and that nobody has. */
export const missingVouchers = (orders: Iterable<OrderData>, store: MemoryStore): string[] =>
  [...orders].flatMap(({ id, customer_id, promos }) =>
    promos
      .flatMap(({ vouchers = [] }) => vouchers)
      .map((_, i) => `order#${id}#${i + 1}`)
      .filter((voucher) => !store.peek(keys.voucher(customer_id, voucher))),
  )

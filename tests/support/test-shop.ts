// A shop for tests of use cases: the SQLite table in memory, a bus that collects, a clock that stands still.
import { onTestFinished } from 'vitest'
import { countStock } from '../../functions/count-stock.ts'
import { greetCity } from '../../functions/greet-city.ts'
import { scoreCustomer } from '../../functions/score-customer.ts'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { type Deps, defaultSettings } from '../../lib/app/deps.ts'
import type { Handle } from '../../lib/app/handle.ts'
import { grantVouchers } from '../../lib/app/orders/grant-vouchers.ts'
import { storeCancellation, storeOrder, storeReturn } from '../../lib/app/orders/order-events.ts'
import { recordPurchase } from '../../lib/app/record-purchase.ts'
import { storeCustomer } from '../../lib/app/store-customer.ts'
import { storeProduct } from '../../lib/app/store-product.ts'
import { storeVoucher } from '../../lib/app/store-voucher.ts'
import { toMs } from '../../lib/base/time.ts'
import type { Item, Table } from '../../lib/ports/table.ts'
import { type CollectingBus, createCollectingBus } from './collecting-bus.ts'
import { sortNames } from './sort-names.ts'

export type TestShop = Omit<Deps, 'objects'> & { bus: CollectingBus; clock: { now(): number; nowMs: number } }

export type Subscriber = { name: string; type: string; handle: Handle; takesReplays: boolean }

/** Who takes what: the projections, then the reactors. */
export const projections: Subscriber[] = [
  { name: 'on-new-customer', type: 'new_customer', handle: storeCustomer, takesReplays: true },
  { name: 'on-new-product', type: 'new_product', handle: storeProduct, takesReplays: true },
  { name: 'on-customer-buys-product', type: 'customer_buys_product', handle: recordPurchase, takesReplays: true },
  { name: 'count-stock', type: 'customer_buys_product', handle: countStock, takesReplays: true },
  { name: 'on-voucher-granted', type: 'voucher_granted', handle: storeVoucher, takesReplays: true },
  { name: 'on-order-placed', type: 'order_placed', handle: storeOrder, takesReplays: true },
  { name: 'on-order-cancelled', type: 'order_cancelled', handle: storeCancellation, takesReplays: true },
  { name: 'on-order-returned', type: 'order_returned', handle: storeReturn, takesReplays: true },
]
export const reactors: Subscriber[] = [
  { name: 'greet-city', type: 'new_customer', handle: greetCity, takesReplays: false },
  { name: 'score-customer', type: 'customer_updated', handle: scoreCustomer, takesReplays: false },
  { name: 'grant-vouchers', type: 'order_placed', handle: grantVouchers, takesReplays: false },
]

/** Stands at noon of the day after every time that the tests use; closed when the test is over. */
export function createTestShop({ now = '2022-12-31T12:00:00.000Z' } = {}): TestShop {
  const table = createSqliteTable({ path: ':memory:' })
  onTestFinished(() => table.close())
  const clock = { nowMs: toMs(now), now: () => clock.nowMs }
  return { table, bus: createCollectingBus(), clock, random: { next: () => 0.5 }, settings: defaultSettings }
}

/** Items whose key begins with one of these are the handlers' own business; all others are what a rebuild must make. */
const bookkeeping = /^(?:seen|outbox|decided)#/

/** The shop's state as text, without what handlers keep for themselves. */
export async function stateOf(table: Table): Promise<string> {
  const items = (await Array.fromAsync(table.scan())).filter(({ pk }) => !bookkeeping.test(pk))
  return items.map((item) => JSON.stringify(sortNames(item))).join('\n')
}

/** Items of the table by the beginning of their pk. */
export const itemsOf = (table: Table, prefix: string): Promise<Item[]> => Array.fromAsync(table.scan({ prefix }))

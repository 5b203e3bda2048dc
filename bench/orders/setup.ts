// What the measurements of orders share: a shop of goods and customers over files of its own, and a run of orders.
import { join } from 'node:path'
import { makeEvent } from '../../events/event.ts'
import { newCustomer } from '../../events/new-customer.ts'
import { newProduct } from '../../events/new-product.ts'
import { countStock } from '../../functions/count-stock.ts'
import { createEmbeddedBus, type EmbeddedBus } from '../../lib/adapters/bus/embedded/bus.ts'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { defaultSettings } from '../../lib/app/deps.ts'
import type { Handle } from '../../lib/app/handle.ts'
import { storeOrder } from '../../lib/app/orders/order-events.ts'
import { placeOrder } from '../../lib/app/orders/place-order.ts'
import { isOutbox, relayOutbox } from '../../lib/app/outbox.ts'
import { recordEvents } from '../../lib/app/record-events.ts'
import { recordPurchase } from '../../lib/app/record-purchase.ts'
import { toInstant } from '../../lib/base/time.ts'
import type { Subscription } from '../../lib/ports/bus.ts'
import type { Objects } from '../../lib/ports/objects.ts'
import type { Item, Key, Table, WriteOp } from '../../lib/ports/table.ts'
import { allocate } from '../../lib/promos/allocate.ts'
import { compilePromos } from '../../lib/promos/promo-set.ts'

const customers = 1_000
const products = 100

const set = compilePromos(
  [
    {
      id: 'hot',
      state: 'live',
      codes: ['FRIDAY'],
      actions: [{ type: 'percent_off', value: 10 }],
      limits: { uses: 1_000_000, customer_uses: 1_000 },
    },
    { id: 'back', state: 'live', actions: [{ type: 'cashback', value: 5 }] },
  ],
  { settings: defaultSettings, number: 1 },
)
const engine = { live: { current: async () => ({ set }) }, allocate }

const clock = { now: Date.now }
const random = { next: Math.random }
// The set is handed over; nothing asks the objects.
const objects = {} as Objects

export type BenchShop = {
  table: Table
  bus: EmbeddedBus
  /** Every write since the shop was filled, if `kept`; and every key that was asked for. */
  writes: (readonly WriteOp[])[]
  asked: Key[]
  /** How many writes there were. */
  written(): number
  /** Resolves when the relay has sent everything. */
  relayed(): Promise<void>
  close(): Promise<void>
}

type BenchOptions = {
  /** What is written from now on is sent to the bus. */
  relay: boolean
  subscriptions?: readonly Subscription[]
  /** Keeps what is asked and written: not where it is timed, since what is kept is work for the garbage collector. */
  kept?: boolean
}

/** Filled. */
export async function openBenchShop(
  folder: string,
  { relay, subscriptions = [], kept = false }: BenchOptions,
): Promise<BenchShop> {
  const bus = createEmbeddedBus({ path: join(folder, 'bus.sqlite'), clock, random, subscriptions })
  const relays = new Set<Promise<unknown>>()
  let filled = false
  const onCommitted = (items: Item[]): void => {
    if (!filled) return
    const running = relayOutbox({ bus, table: stored }, items)
    relays.add(running)
    running.finally(() => relays.delete(running))
  }
  const stored = createSqliteTable({
    path: join(folder, 'table.sqlite'),
    ...(relay && { onCommitted, watched: isOutbox }),
  })
  await fill(stored)
  filled = true
  const writes: (readonly WriteOp[])[] = []
  let written = 0
  const asked: Key[] = []
  const table: Table = {
    ...stored,
    get: (keys) => {
      if (kept) asked.push(...keys)
      return stored.get(keys)
    },
    write: (ops) => {
      written++
      if (kept) writes.push(ops)
      return stored.write(ops)
    },
  }
  return {
    table,
    bus,
    writes,
    asked,
    written: () => written,
    async relayed() {
      while (relays.size > 0) await Promise.all(relays)
    },
    async close() {
      await bus.close()
      await stored.close()
    },
  }
}

async function fill(table: Table): Promise<void> {
  const context = (id: string) => ({ id, time: toInstant(Date.now() - 60_000) })
  const people = Array.from({ length: customers }, (_, i) =>
    makeEvent(
      newCustomer,
      { id: `c${i}`, first_name: 'Ola', last_name: 'Kosiak', address: 'ul. Polna 1\n30-001 Kraków' },
      context(`c${i}`),
    ),
  )
  const goods = Array.from({ length: products }, (_, i) =>
    makeEvent(
      newProduct,
      { id: `p${i}`, name: `Chleb wiejski ${i}`, type: 'chleb', price: 1 + i / 4 },
      context(`p${i}`),
    ),
  )
  const none = { publish: async () => ({ accepted: [], rejected: [] }) } as never
  // Each by itself, so that they share transactions.
  await Promise.all(
    [...people, ...goods].map((event) => recordEvents({ table, clock, bus: none }, [event], { via: 'table' })),
  )
}

/** Places orders of three lines with a code that everybody enters, so many at once; the milliseconds that each took. */
export async function placeOrders(
  { table }: BenchShop,
  { count, callers }: { count: number; callers: number },
): Promise<number[]> {
  const deps = { table, objects, clock, settings: defaultSettings }
  const latencies: number[] = []
  let next = 0
  const caller = async (): Promise<void> => {
    for (let i = next++; i < count; i = next++) {
      const began = performance.now()
      const lines = [0, 1, 2].map((n) => ({ product_id: `p${(i * 7 + n) % products}`, quantity: 1 + n }))
      await placeOrder(
        deps,
        {
          orderId: `0d5f9c1e-6f0a-5c1b-9d2e-${String(i).padStart(12, '0')}`,
          cart: { customer_id: `c${i % customers}`, lines, codes: ['friday'] },
          expectedTotalMinor: Number.MAX_SAFE_INTEGER,
          expectedPromos: ['hot'],
          tester: false,
          correlationId: `r${i}`,
        },
        engine,
      )
      latencies.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return latencies
}

const projections: { [subscription: string]: { type: string; handle: Handle } } = {
  'on-order-placed': { type: 'order_placed', handle: storeOrder },
  'on-customer-buys-product': { type: 'customer_buys_product', handle: recordPurchase },
  'count-stock': { type: 'customer_buys_product', handle: countStock },
}

/** What follows from orders on the bus, with the shop's own handlers. */
export const orderSubscriptions: Subscription[] = Object.entries(projections).map(([name, { type }]) => ({
  name,
  pattern: { 'detail-type': [type] },
  takesReplays: true,
  retry: { attempts: 8, maxAgeSeconds: 3_600 },
}))

/** Begins to deliver. */
export function startHandlers({ bus, table }: BenchShop): void {
  bus.start(async (name, event, delivery) => {
    await projections[name]?.handle({ table, clock }, event.detail, delivery)
  })
}

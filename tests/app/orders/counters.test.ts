// What a process remembers of limits: it spares reads and evaluations, and never lets an order past a limit, nor keeps
// one from what is free.
import { expect, test } from 'vitest'
import type { Engine } from '../../../lib/app/checkout/apply-promos.ts'
import { checkOut } from '../../../lib/app/checkout/check-out.ts'
import { cancelOrder } from '../../../lib/app/orders/change-order.ts'
import { limits } from '../../../lib/base/limits.ts'
import type { Key, Table } from '../../../lib/ports/table.ts'
import { customer } from '../../support/events.ts'
import {
  countersOf,
  createOrderShop,
  createOrderShopOn,
  engineOf,
  type OrderShop,
  place,
  record,
} from '../../support/order-shop.ts'

const percent = (value: number, more: object) => ({ actions: [{ type: 'percent_off', value }], ...more })
const cart = (customer_id = 'c1') => ({ customer_id, lines: [{ product_id: 'p1', quantity: 1 }] })

/** The shop with what it reads of counters, and the engine with how often it is asked. */
async function watched(promos: Parameters<typeof engineOf>[0]) {
  const shop = await createOrderShop(...['c2', 'c3'].map((id) => customer(id, { id })))
  const read: string[] = []
  const table: Table = {
    ...shop.table,
    get(keys: readonly Key[]) {
      read.push(...keys.flatMap(({ pk }) => (pk.startsWith('redeemed#') ? [pk] : [])))
      return shop.table.get(keys)
    },
  }
  const plain = engineOf(promos)
  let evaluations = 0
  const engine: Engine = {
    ...plain,
    allocate(...asked) {
      evaluations++
      return plain.allocate(...asked)
    },
  }
  const since = async (act: () => Promise<unknown>) => {
    const before = evaluations
    read.length = 0
    await act()
    return { evaluations: evaluations - before, read: [...new Set(read)] }
  }
  return { shop: { ...shop, table } as OrderShop, engine, since }
}

const totalOf = async (shop: OrderShop, engine: Engine, customerId?: string): Promise<number> =>
  (await checkOut(shop, cart(customerId), { tester: false }, engine)).answer.total_minor

test('a limit that nothing is spent of is read once in three seconds, and the cart evaluated once', async () => {
  const { shop, engine, since } = await watched({ hot: percent(10, { limits: { uses: 6_400 } }) })
  await place(shop, engine, { lines: { p1: 1 } })
  shop.clock.nowMs += limits.counterMs
  const first = await since(() => totalOf(shop, engine))
  expect(first).toMatchObject({ evaluations: 1 })
  expect(first.read).toHaveLength(64)
  expect(await since(() => totalOf(shop, engine))).toEqual({ evaluations: 1, read: [] })
  expect(await since(() => place(shop, engine, { lines: { p1: 1 }, orderId: 'o2' }))).toEqual({
    evaluations: 1,
    read: [],
  })
  shop.clock.nowMs += limits.counterMs
  expect((await since(() => place(shop, engine, { lines: { p1: 1 }, orderId: 'o3' }))).read).toHaveLength(64)
})

test.each([
  ['a budget that something was taken of', { budget: 100 }, 900],
  ['a limit that is spent', { uses: 1 }, 1_000],
])('%s is known before the cart is evaluated', async (_name, own, total) => {
  const { shop, engine, since } = await watched({ hot: percent(10, { limits: own }) })
  await place(shop, engine, { lines: { p1: 1 } })
  shop.clock.nowMs += limits.counterMs
  expect(await since(() => totalOf(shop, engine))).toMatchObject({ evaluations: 2 })
  expect(await since(async () => expect(await totalOf(shop, engine)).toBe(total))).toEqual({ evaluations: 1, read: [] })
})

test('a customer’s own limit is read each time', async () => {
  const { shop, engine, since } = await watched({ once: percent(10, { limits: { customer_uses: 1 } }) })
  await place(shop, engine, { lines: { p1: 1 }, customer_id: 'c2' })
  expect(await since(() => totalOf(shop, engine))).toEqual({ evaluations: 1, read: ['redeemed#once#customer#c1'] })
  expect(await totalOf(shop, engine, 'c2')).toBe(1_000)
  expect(await totalOf(shop, engine, 'c1')).toBe(900)
})

test('what this process takes and gives back shows at once', async () => {
  const { shop, engine } = await watched({ two: percent(10, { limits: { uses: 2 } }) })
  expect(await totalOf(shop, engine)).toBe(900)
  await place(shop, engine, { lines: { p1: 1 }, orderId: 'a' })
  await place(shop, engine, { lines: { p1: 1 }, orderId: 'b' })
  expect(await totalOf(shop, engine)).toBe(1_000)
  await cancelOrder(shop, { orderId: 'a', correlationId: 'r' })
  expect(await totalOf(shop, engine)).toBe(900)
})

/** Another process: it has the same table, and remembers by itself. */
const beside = (shop: OrderShop): OrderShop => ({ ...shop, table: { ...shop.table } })

test('what another process has taken is found out by the order’s own write, and told', async () => {
  const shop = await createOrderShop()
  const engine = engineOf({ two: percent(10, { limits: { uses: 2 } }) })
  const other = beside(shop)
  await place(shop, engine, { lines: { p1: 1 }, orderId: 'a' })
  expect(await totalOf(other, engine)).toBe(900)
  await place(shop, engine, { lines: { p1: 1 }, orderId: 'b' })
  // Three seconds at most.
  expect(await totalOf(other, engine)).toBe(900)
  const asked = { lines: { p1: 1 }, orderId: 'c', expectedTotalMinor: 900 }
  expect(await place(other, engine, asked)).toMatchObject({ code: 'order_changed', allocation: { total_minor: 1_000 } })
  expect(await totalOf(other, engine)).toBe(1_000)
  expect(await countersOf(shop.table, 'redeemed#two')).toMatchObject({ uses: 2 })
})

test('what another process gave back is had by an order at once, and shown within three seconds', async () => {
  const shop = await createOrderShop()
  const engine = engineOf({ one: percent(10, { limits: { uses: 1 } }) })
  const other = beside(shop)
  await place(shop, engine, { lines: { p1: 1 }, orderId: 'a' })
  expect(await totalOf(other, engine)).toBe(1_000)
  await cancelOrder(shop, { orderId: 'a', correlationId: 'r' })
  expect(await totalOf(other, engine)).toBe(1_000)
  const placed = await place(other, engine, { lines: { p1: 1 }, orderId: 'b', expectedTotalMinor: 900 })
  expect(placed).toMatchObject({ order: { total_minor: 900 } })
  await cancelOrder(shop, { orderId: 'b', correlationId: 'r' })
  shop.clock.nowMs += limits.counterMs
  expect(await totalOf(other, engine)).toBe(900)
})

test('two processes that each remember give exactly what there is, spread or not, with codes of their own', async () => {
  for (const uses of [10, 800]) {
    const shop = await createOrderShop()
    const own = { uses, each_code: { uses: uses - 3 } }
    const engine = engineOf({ hot: percent(10, { codes: ['A', 'B'], limits: own }) })
    const both = [shop, beside(shop)]
    let given = 0
    for (let i = 0; i < uses + 20; i++) {
      const codes = [i % 4 === 0 ? 'B' : 'A', i % 4 === 0 ? 'A' : 'B'].slice(0, i > uses ? 2 : 1)
      const outcome = await place(both[i % 2]!, engine, { lines: { p1: 1 }, orderId: `o${i}`, codes })
      if ('order' in outcome && outcome.order.discount_minor > 0) given++
    }
    expect(given).toBe(uses)
    expect(await countersOf(shop.table, 'redeemed#hot')).toMatchObject({ uses })
    const [a, b] = await Promise.all(['A', 'B'].map((code) => countersOf(shop.table, `redeemed#hot#code#${code}`)))
    expect(Number(a?.uses) + Number(b?.uses)).toBe(uses)
  }
})

test('an order that only counts leaves shards that the next limit binds', async () => {
  const shop = await createOrderShopOn((await createOrderShop()).table)
  await record(shop, [customer('c9', { id: 'c9' })])
  const under = (own: object) => engineOf({ hot: percent(10, { limits: own }) })
  for (let i = 0; i < 5; i++) await place(shop, under({ customer_uses: 50 }), { lines: { p1: 1 }, orderId: `o${i}` })
  expect(await countersOf(shop.table, 'redeemed#hot')).toMatchObject({ uses: 5 })
  const outcomes = []
  for (let i = 5; i < 10; i++) {
    outcomes.push(await place(shop, under({ customer_uses: 50, uses: 7 }), { lines: { p1: 1 }, orderId: `o${i}` }))
  }
  expect(outcomes.map((outcome) => 'order' in outcome && outcome.order.discount_minor)).toEqual([100, 100, 0, 0, 0])
})

test('of many who order at once under a new limit, or one that was read long ago, one reads and levels it for all', async () => {
  const people = Array.from({ length: 20 }, (_, i) => `crowd-${i}`)
  const shop = await createOrderShop(...people.map((id) => customer(id, { id })))
  const engine = engineOf({ hot: percent(10, { limits: { uses: 6_400 } }) })
  let reads = 0
  let levellings = 0
  const table: Table = {
    ...shop.table,
    get(keys) {
      if (keys.some(({ pk }) => pk === 'redeemed#hot#shard#0')) reads++
      return shop.table.get(keys)
    },
    write(ops) {
      if (ops.length === 64) levellings++
      return shop.table.write(ops)
    },
  }
  const rush = async (name: string) => {
    reads = levellings = 0
    const orders = people.map((customer_id) =>
      place({ ...shop, table }, engine, { lines: { p1: 1 }, customer_id, orderId: `${name}-${customer_id}` }),
    )
    for (const outcome of await Promise.all(orders)) expect(outcome).toHaveProperty('order.discount_minor', 100)
    return { reads, levellings }
  }
  // Before the evaluation, when no shard keeps to the limit, and when all do.
  expect(await rush('first')).toEqual({ reads: 3, levellings: 1 })
  expect(await rush('next')).toEqual({ reads: 0, levellings: 0 })
  shop.clock.nowMs += limits.counterMs
  expect(await rush('later')).toEqual({ reads: 1, levellings: 0 })
  expect(await countersOf(shop.table, 'redeemed#hot')).toEqual({ uses: 60, budget_minor: 6_000 })
})

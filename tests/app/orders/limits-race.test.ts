// 150 checkouts at once on a limit of 100 give exactly 100, over and over, on every table there is; and so do budgets,
// spread limits and orders that are cancelled while others are placed.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { describe, expect, test } from 'vitest'
import { createDynamodbTable } from '../../../lib/adapters/table/dynamodb.ts'
import { createSqliteTable } from '../../../lib/adapters/table/sqlite.ts'
import { cancelOrder } from '../../../lib/app/orders/change-order.ts'
import { shardKey } from '../../../lib/app/orders/meters.ts'
import type { Table, WriteOp } from '../../../lib/ports/table.ts'
import { onEndpoint } from '../../support/aws.ts'
import { createDynamodbTestTable } from '../../support/dynamodb-table.ts'
import { customer } from '../../support/events.ts'
import { temporaryFolder } from '../../support/folder.ts'
import {
  countersOf,
  createOrderShopOn,
  engineOf,
  type OrderShop,
  type Outcome,
  place,
} from '../../support/order-shop.ts'
import { itemsOf } from '../../support/test-shop.ts'

const percent = (value: number, limits: { [name: string]: number }) => ({
  actions: [{ type: 'percent_off', value }],
  limits,
})

const crowd = (count: number) => Array.from({ length: count }, (_, i) => customer(`crowd-${i}`, { id: `crowd-${i}` }))

type Rush = { orders: number; engine: ReturnType<typeof engineOf>; expectedTotalMinor: number; name: string }

/** Everybody at once; who is told of another total asks for no more. */
const rush = (shop: OrderShop, { orders, engine, expectedTotalMinor, name }: Rush): Promise<Outcome[]> =>
  Promise.all(
    Array.from({ length: orders }, (_, i) =>
      place(shop, engine, { lines: { p1: 1 }, customer_id: `crowd-${i}`, orderId: `${name}-${i}`, expectedTotalMinor }),
    ),
  )

const placedOf = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap((outcome) => ('order' in outcome ? [outcome.order] : []))

// Emulators of DynamoDB take seconds for what they take one after the other.
const timeout = 300_000

function limitsHold(open: () => Promise<Table>, rounds: number): void {
  test(`150 at once on a limit of 100: exactly 100, ${rounds} times`, { timeout }, async () => {
    for (let round = 0; round < rounds; round++) {
      const table = await open()
      const shop = await createOrderShopOn(table, ...crowd(150))
      const engine = engineOf({ hundred: percent(10, { uses: 100 }) })
      const outcomes = await rush(shop, { orders: 150, engine, expectedTotalMinor: 900, name: `r${round}` })
      expect(placedOf(outcomes)).toHaveLength(100)
      // Nobody is sent away but with the price without the promotion.
      for (const outcome of outcomes) {
        if ('code' in outcome)
          expect(outcome).toMatchObject({ code: 'order_changed', allocation: { total_minor: 1_000 } })
      }
      expect(await countersOf(table, 'redeemed#hundred')).toEqual({ uses: 100, budget_minor: 10_000 })
      expect(await itemsOf(table, 'order#')).toHaveLength(100)
      await table.close()
    }
  })

  test('a budget: whoever still fits gets it, and not a grosz more is given', { timeout }, async () => {
    const table = await open()
    const shop = await createOrderShopOn(table, ...crowd(60))
    const engine = engineOf({ cheap: percent(10, { budget: 43.21 }) })
    const outcomes = await rush(shop, { orders: 60, engine, expectedTotalMinor: 1_000, name: 'b' })
    const discounts = placedOf(outcomes).map(({ discount_minor }) => discount_minor)
    expect(discounts).toHaveLength(60)
    expect(discounts.reduce((sum, minor) => sum + minor, 0)).toBe(4_321)
    expect(await countersOf(table, 'redeemed#cheap')).toMatchObject({ budget_minor: 4_321 })
    await table.close()
  })

  test('64 shards, 40 of which have one use left: 60 at once get exactly those', { timeout }, async () => {
    const table = await open()
    const shop = await createOrderShopOn(table, ...crowd(60))
    const shards = Array.from({ length: 64 }, (_, shard): WriteOp => {
      const uses = shard % 8 < 5 ? 99 : 100
      const own = shard === 0 ? { last: 63 } : {}
      return { op: 'put', item: { ...shardKey({ pk: 'redeemed#wide' }, shard), uses, ...own } }
    })
    await table.write(shards)
    const engine = engineOf({ wide: percent(10, { uses: 6_400 }) })
    const outcomes = await rush(shop, { orders: 60, engine, expectedTotalMinor: 900, name: 'w' })
    expect(placedOf(outcomes)).toHaveLength(40)
    expect(await countersOf(table, 'redeemed#wide')).toMatchObject({ uses: 6_400 })
    await table.close()
  })

  test('what cancelled orders gave back can be had again, and never more', { timeout }, async () => {
    const table = await open()
    const shop = await createOrderShopOn(table, ...crowd(60))
    const engine = engineOf({ few: percent(10, { uses: 20 }) })
    const first = placedOf(await rush(shop, { orders: 30, engine, expectedTotalMinor: 900, name: 'x' }))
    expect(first).toHaveLength(20)
    const [outcomes] = await Promise.all([
      rush(shop, { orders: 60, engine, expectedTotalMinor: 900, name: 'y' }),
      ...first.slice(0, 8).map(({ id }) => cancelOrder(shop, { orderId: id, correlationId: 'c' })),
    ])
    const more = placedOf(await rush(shop, { orders: 30, engine, expectedTotalMinor: 900, name: 'z' }))
    expect(placedOf(outcomes).length + more.length).toBe(8)
    expect(await countersOf(table, 'redeemed#few')).toEqual({ uses: 20, budget_minor: 2_000 })
    await table.close()
  })
}

describe('sqlite', () => {
  limitsHold(async () => createSqliteTable({ path: `${temporaryFolder()}/table.sqlite` }), 5)

  test('a limit that is spread over shards: 900 at once on 800 give exactly 800', async () => {
    const table = createSqliteTable({ path: ':memory:' })
    const shop = await createOrderShopOn(table, ...crowd(900))
    const engine = engineOf({ hot: percent(10, { uses: 800 }) })
    const outcomes = await rush(shop, { orders: 900, engine, expectedTotalMinor: 900, name: 's' })
    expect(placedOf(outcomes)).toHaveLength(800)
    expect(await itemsOf(table, 'redeemed#hot')).toHaveLength(8 + 800)
    await table.close()
  })

  test('a budget that is spread over shards is given to the last grosz, in uneven pieces at once', async () => {
    const table = createSqliteTable({ path: ':memory:' })
    const shop = await createOrderShopOn(table, ...crowd(80))
    const engine = engineOf({ wide: percent(90, { budget: 10_000 }) })
    const outcomes = await Promise.all(
      Array.from({ length: 80 }, (_, i) =>
        place(shop, engine, { lines: { p1: 1 + ((i * 17) % 40) }, customer_id: `crowd-${i}`, orderId: `w${i}` }),
      ),
    )
    const discounts = placedOf(outcomes).map(({ discount_minor }) => discount_minor)
    expect(discounts).toHaveLength(80)
    expect(discounts.reduce((sum, minor) => sum + minor, 0)).toBe(1_000_000)
    expect(await countersOf(table, 'redeemed#wide')).toMatchObject({ budget_minor: 1_000_000 })
    await table.close()
  })

  test('the very last use of a spread limit is found in whatever shard it lies', async () => {
    const table = createSqliteTable({ path: ':memory:' })
    const shop = await createOrderShopOn(table, ...crowd(20))
    // Every shard holds what its part allows but one, a different one each time.
    for (let free = 0; free < 8; free++) {
      for (let shard = 0; shard < 8; shard++) {
        const uses = shard === free ? 99 : 100
        const own = shard === 0 ? { last: 7 } : {}
        await table.write([{ op: 'put', item: { ...shardKey({ pk: `redeemed#p${free}` }, shard), uses, ...own } }])
      }
      const engine = engineOf({ [`p${free}`]: percent(10, { uses: 800 }) })
      const outcomes = await rush(shop, { orders: 20, engine, expectedTotalMinor: 900, name: `l${free}` })
      expect(placedOf(outcomes)).toHaveLength(1)
      expect((await countersOf(table, `redeemed#p${free}`)).uses).toBe(800)
    }
    await table.close()
  })
})

onEndpoint(
  'limits on dynamodb',
  (endpoint) => {
    limitsHold(async () => {
      const tableName = await createDynamodbTestTable(endpoint)
      const client = new DynamoDBClient({ ...endpoint, maxAttempts: 1 })
      return createDynamodbTable({ tableName, client, random: { next: Math.random }, tries: 200 })
    }, 2)
  },
  'AWS_ENDPOINT_URL_DYNAMODB',
)

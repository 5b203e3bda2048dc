// The largest legal order: 200 lines and 20 limited promotions on each of them, under codes, with the longest names. What
// it writes must fit DynamoDB's transaction (100 actions, 400 KB an item, 4 MB in all) and its event EventBridge's 1 MB.
import { expect, test } from 'vitest'
import type { KramEvent } from '../../../events/catalog.ts'
import { purchasesOf } from '../../../lib/app/orders/purchases.ts'
import type { JsonObject } from '../../../lib/base/json.ts'
import { limits } from '../../../lib/base/limits.ts'
import type { Envelope } from '../../../lib/ports/bus.ts'
import type { Table, WriteOp } from '../../../lib/ports/table.ts'
import { product } from '../../support/events.ts'
import { countersOf, createOrderShop, engineOf, place } from '../../support/order-shop.ts'

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

const longName = (i: number) => `${i} `.padEnd(limits.nameChars, 'щ')

/** Ids as long as a body of 64 KiB lets 200 lines have. */
const idOf = (i: number) => `p${i}-`.padEnd(limits.idChars, 'x')

const promos = (more: JsonObject): { [id: string]: JsonObject } =>
  Object.fromEntries(
    Array.from({ length: limits.limitedPromosPerOrder }, (_, i) => [
      `promo-${i}-`.padEnd(limits.idChars, 'y'),
      {
        actions: [i % 2 === 0 ? { type: 'percent_off', value: 2 + i } : { type: 'cashback', value: 1 + i }],
        codes: [`CODE-${i}-`.padEnd(limits.idChars, 'Z')],
        limits: { uses: 1_000_000, customer_uses: 10, budget: 9_999_999, each_code: { uses: 1_000, customer_uses: 5 } },
        title: longName(i),
        ...more,
      } as JsonObject,
    ]),
  )

async function placeLargest(configs: { [id: string]: JsonObject }) {
  const ids = Array.from({ length: limits.cartLines }, (_, i) => idOf(i))
  const shop = await createOrderShop(
    ...ids.map((id, i) =>
      product(`e${i}`, { id, name: longName(i), type: 'т'.repeat(limits.productTypeChars), price: 20 + i }),
    ),
  )
  const writes: (readonly WriteOp[])[] = []
  const table: Table = {
    ...shop.table,
    write: (ops) => {
      writes.push(ops)
      return shop.table.write(ops)
    },
  }
  const codes = Object.values(configs).flatMap((config) => (config.codes ?? []) as string[])
  const lines = Object.fromEntries(ids.map((id) => [id, 7]))
  const outcome = await place({ ...shop, table }, engineOf(configs), { lines, codes })
  if (!('order' in outcome)) throw new Error(outcome.code)
  const ops = writes.at(-1) ?? []
  const items = ops.map((op) => bytes(op.op === 'put' ? op.item : op))
  const event = ops.flatMap((op) =>
    op.op === 'put' && op.item.event ? [op.item.event as unknown as Envelope] : [],
  )[0]!
  return { shop, order: outcome.order, ops, items, event }
}

test('20 limited promotions under codes on 200 lines: 65 actions, and every item within its bound', async () => {
  const configs = promos({})
  const { shop, order, ops, items, event } = await placeLargest(configs)
  expect(order.promos_failed).toBeUndefined()
  expect(
    order.lines.every(({ discounts = {}, cashback = {} }) => Object.keys({ ...discounts, ...cashback }).length === 20),
  ).toBe(true)
  const whole = items.reduce((sum, size) => sum + size, 0)
  console.info(
    `largest order: ${ops.length} actions, largest item ${Math.max(...items)} bytes, event ${bytes(event)} bytes, ` +
      `write ${whole} bytes`,
  )
  expect(ops).toHaveLength(5 + 3 * 20)
  expect(Math.max(...items)).toBeLessThan(limits.itemBytes)
  expect(bytes(event)).toBeLessThan(limits.eventBytes)
  expect(bytes(event)).toBeLessThanOrEqual(limits.orderBytes)
  expect(whole).toBeLessThan(4 * 1024 * 1024)
  const purchases = purchasesOf(event)
  expect(purchases).toHaveLength(200)
  expect(new Set(purchases.map(({ id }) => id)).size).toBe(200)
  for (const id of Object.keys(configs))
    expect(await countersOf(shop.table, `redeemed#${id}`)).toMatchObject({ uses: 1 })
})

test('what would not fit any more is placed at list prices, and says so', async () => {
  const tens: { [id: string]: JsonObject } = {}
  for (let i = 0; i < 80; i++) tens[`unlimited-${i}`] = { actions: [{ type: 'cashback', value: 0.5 }] }
  const { order, event } = await placeLargest({ ...tens, ...promos({}) })
  expect(order).toMatchObject({ promos_failed: 'unrecordable', promos: [], discount_minor: 0 })
  expect(bytes(event as unknown as KramEvent)).toBeLessThan(limits.orderBytes)
})

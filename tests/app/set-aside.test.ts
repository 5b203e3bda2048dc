// Events that lie aside: sent again when their reason is gone, discarded with a reason, and never lost on the way.
import { expect, test } from 'vitest'
import { relayOutbox } from '../../lib/app/outbox.ts'
import { recordUnknownEvent } from '../../lib/app/record-unknown-event.ts'
import { type AsideFilter, countAside, discardAside, listAside, sendAgain } from '../../lib/app/set-aside.ts'
import { limits } from '../../lib/base/limits.ts'
import { customer, product } from '../support/events.ts'
import { createTestShop, itemsOf, type TestShop } from '../support/test-shop.ts'

const unsent = [customer('u1', { id: 'c1' }), customer('u2', { id: 'c2' }), product('u3')]

/** A shop in whose outbox lies what the bus refused for good. */
async function withUnsent(): Promise<TestShop> {
  const shop = createTestShop()
  for (const event of unsent) {
    const code = event.type === 'new_product' ? 'too_large' : 'conflict'
    const item = { pk: `outbox#${event.id}`, sk: '0', event, rejected: { code, message: 'no' } }
    await shop.table.write([{ op: 'put', item, list: { name: 'outbox_rejected', sort: code } }])
  }
  return shop
}

const unknown = (id: string, type: string) => ({
  ...{ version: '0', id: `eb-${id}`, 'detail-type': type, source: 'kram.walls', account: '1', region: 'eu' },
  ...{ time: '2022-04-24T19:41:07Z', resources: [], detail: { id, time: '2022-04-24T19:41:06.123Z' } },
})

const listed = async (shop: TestShop, list: Parameters<typeof listAside>[1]) =>
  (await listAside(shop, list)).items.map(({ event_id }) => event_id)

test('a dry run names them and changes nothing', async () => {
  const shop = await withUnsent()
  const before = await itemsOf(shop.table, 'outbox#')
  expect(await sendAgain(shop, { filter: {}, dryRun: true })).toEqual({ events: ['u1', 'u2', 'u3'], more: false })
  const request = { kind: 'unsent', reason: 'r', filter: { code: 'conflict' }, dryRun: true } as const
  expect(await discardAside(shop, request)).toEqual({ events: ['u1', 'u2'], more: false })
  expect(await itemsOf(shop.table, 'outbox#')).toEqual(before)
})

test.each<[string, AsideFilter, string[]]>([
  ['one', { id: 'u2' }, ['u2']],
  ['those of a type', { type: 'new_customer' }, ['u1', 'u2']],
  ['those of a reason', { code: 'too_large' }, ['u3']],
  ['all', {}, ['u1', 'u2', 'u3']],
  ['none', { id: 'u1', code: 'too_large' }, []],
])('sent again: %s', async (_name, filter, ids) => {
  const shop = await withUnsent()
  expect((await sendAgain(shop, { filter, dryRun: false })).events).toEqual(ids)
  await relayOutbox(shop, await itemsOf(shop.table, 'outbox#'))
  expect(shop.bus.events.map(({ id }) => id).sort()).toEqual(ids)
  expect(await listed(shop, 'unsent')).toEqual(['u1', 'u2', 'u3'].filter((id) => !ids.includes(id)))
})

test('what is refused again lies there again, with the newer reason', async () => {
  const shop = await withUnsent()
  await sendAgain(shop, { filter: { id: 'u1' }, dryRun: false })
  expect(await listed(shop, 'unsent')).not.toContain('u1')
  const rejected = [{ id: 'u1', code: 'too_large', retryable: false, message: 'still no' }]
  const bus = { ...shop.bus, publish: async () => ({ accepted: [], rejected }) }
  await relayOutbox({ ...shop, bus }, await itemsOf(shop.table, 'outbox#u1'))
  expect((await listAside(shop, 'unsent')).items).toContainEqual(
    expect.objectContaining({ event_id: 'u1', code: 'too_large', message: 'still no' }),
  )
})

test('what is discarded is in no list but that of the discarded, is counted no more, and is not sent', async () => {
  const shop = await withUnsent()
  await recordUnknownEvent(shop, unknown('x1', 'shop_painted'))
  await recordUnknownEvent(shop, unknown('x2', 'shop_sold'))
  const about = { reason: 'a test', dryRun: false }
  expect(await discardAside(shop, { kind: 'unsent', filter: { id: 'u1' }, ...about })).toMatchObject({ events: ['u1'] })
  const sold = { kind: 'unknown', filter: { type: 'shop_sold' }, ...about } as const
  expect(await discardAside(shop, sold)).toMatchObject({ events: ['x2'] })
  expect(await discardAside(shop, sold)).toEqual({ events: [], more: false })
  expect(await listed(shop, 'discarded')).toEqual(['u1', 'x2'])
  expect((await listAside(shop, 'discarded')).items).toMatchObject([{ discarded: 'a test' }, { discarded: 'a test' }])
  expect(await listed(shop, 'unknown')).toEqual(['x1'])
  expect([await countAside(shop, 'unknown', 10), await countAside(shop, 'unsent', 10)]).toEqual([1, 2])
  expect(await sendAgain(shop, { filter: { id: 'u1' }, dryRun: false })).toEqual({ events: [], more: false })
  // It comes over the bus once more.
  await recordUnknownEvent(shop, unknown('x2', 'shop_sold'))
  expect(await listed(shop, 'unknown')).toEqual(['x1'])
})

/** The shop as somebody has it who is held back before each write until `first` was done. */
const after = (shop: TestShop, first: () => Promise<unknown>): TestShop => ({
  ...shop,
  table: { ...shop.table, write: async (ops) => first().then(() => shop.table.write(ops)) },
})
const one = { filter: { id: 'u1' }, dryRun: false }
const discardOne = { kind: 'unsent', reason: 'a test', ...one } as const

test('what somebody has discarded meanwhile is not sent again', async () => {
  const shop = await withUnsent()
  const held = after(shop, () => discardAside(shop, discardOne))
  expect(await sendAgain(held, one)).toEqual({ events: [], more: false })
  expect(await listed(shop, 'discarded')).toEqual(['u1'])
  await relayOutbox(shop, await itemsOf(shop.table, 'outbox#'))
  expect(shop.bus.events).toEqual([])
})

test('what somebody has sent again meanwhile is not discarded', async () => {
  const shop = await withUnsent()
  const held = after(shop, () => sendAgain(shop, one))
  expect(await discardAside(held, discardOne)).toEqual({ events: [], more: false })
  await relayOutbox(shop, await itemsOf(shop.table, 'outbox#'))
  expect(shop.bus.events.map(({ id }) => id)).toEqual(['u1'])
  expect(await listed(shop, 'discarded')).toEqual([])
})

test('a relay that hears late what the bus refuses leaves what was discarded by then, and holds nothing up', async () => {
  const shop = await withUnsent()
  await sendAgain(shop, { filter: {}, dryRun: false })
  const items = await itemsOf(shop.table, 'outbox#')
  const rejected = ['u1', 'u3'].map((id) => ({ id, code: 'too_large', retryable: false, message: 'no' }))
  const refusing = (first: () => Promise<unknown>) => ({
    ...shop.bus,
    publish: async () => first().then(() => ({ accepted: ['u2'], rejected })),
  })
  const once = { ...shop, bus: refusing(async () => {}) }
  const late = refusing(() => relayOutbox(once, items).then(() => discardAside(shop, discardOne)))
  await relayOutbox({ ...shop, bus: late }, items)
  expect((await listAside(shop, 'discarded')).items).toMatchObject([{ event_id: 'u1', discarded: 'a test' }])
  expect(await listed(shop, 'unsent')).toEqual(['u3'])
  expect((await itemsOf(shop.table, 'outbox#')).map(({ pk }) => pk)).toEqual(['outbox#u1', 'outbox#u3'])
})

test('one request changes so many, and says that more are left', async () => {
  const shop = createTestShop()
  const count = limits.asideChanged + 3
  for (let i = 0; i < count; i++) await recordUnknownEvent(shop, unknown(`x${i}`, 'shop_painted'))
  const all = { kind: 'unknown', reason: 'a test', filter: {}, dryRun: false } as const
  const first = await discardAside(shop, all)
  expect([first.events.length, first.more]).toEqual([limits.asideChanged, true])
  expect(await discardAside(shop, all)).toMatchObject({ events: { length: 3 }, more: false })
})

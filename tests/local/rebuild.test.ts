// Replay and rebuild over the whole embedded shop: real log, real tables, every function of serverless.yml.
import '../support/quiet.ts'
import { expect, test } from 'vitest'
import { catalog } from '../../events/catalog.ts'
import { makeEvent } from '../../events/event.ts'
import { recordEvents } from '../../lib/app/record-events.ts'
import { rebuild } from '../../lib/local/rebuild.ts'
import { openShop, type Shop } from '../../lib/local/shop.ts'
import type { Table } from '../../lib/ports/table.ts'
import { temporaryFolder } from '../support/folder.ts'
import { kram } from '../support/kram.ts'

const retry = { attempts: 1, maxAgeSeconds: 60 }
const at = (second: number) => new Date(Date.UTC(2022, 3, 24, 19, 41, second)).toISOString()

const customer = (id: string, second: number) =>
  makeEvent(
    catalog.new_customer,
    { id, first_name: 'Anna', last_name: 'Świgoń', address: 'plac 1\n12-612 Dąbrowa Górnicza' },
    { id: `c-${id}`, time: at(second) },
  )
const product = (id: string, price: number, second: number) =>
  makeEvent(catalog.new_product, { id, name: id, type: 'chleb', price }, { id: `p-${id}-${second}`, time: at(second) })
const purchase = (n: number, second: number) =>
  makeEvent(
    catalog.customer_buys_product,
    { customer_id: `c${n % 3}`, product_id: `b${n % 2}`, quantity: 1 + (n % 4) },
    { id: `buy-${n}`, time: at(second) },
  )

const bytes = async (table: Table): Promise<string> => JSON.stringify(await Array.fromAsync(table.scan()))

async function liveShop(dataDir: string): Promise<Shop> {
  const shop = await openShop({ dataDir, retry })
  await shop.start()
  const purchases = Array.from({ length: 40 }, (_, n) => purchase(n, 10 + n))
  // Both ways in, and purchases before their customers.
  await recordEvents(shop.deps, [product('b0', 0.5, 1), product('b1', 0.96, 2), product('b0', 0.6, 30)], {
    via: 'table',
  })
  await recordEvents(shop.deps, [...purchases, customer('c0', 3), customer('c1', 4)], { via: 'bus' })
  await recordEvents(shop.deps, [customer('c2', 5)], { via: 'bus' })
  await shop.idle()
  // Purchases of unknown customers are tried again by themselves; dead letters are sent again here.
  const arrived = async () => {
    await shop.bus.deadLetters.redrive({})
    await shop.idle()
    const items = await Array.fromAsync(shop.table.scan({ prefix: 'customer#' }))
    return items.filter(({ sk }) => sk.startsWith('purchase#')).length
  }
  await expect.poll(arrived, { timeout: 20_000 }).toBe(40)
  return shop
}

test('replaying everything twice changes no byte, and no reactor hears of it', async () => {
  const shop = await liveShop(temporaryFolder())
  const before = await bytes(shop.table)
  const range = { from: '2000-01-01T00:00:00.000Z', to: '9999-01-01T00:00:00.000Z' }
  const names = [(await shop.bus.replay(range)).name, (await shop.bus.replay(range)).name]
  await shop.idle()
  for (const name of names) {
    expect(await shop.bus.replayStatus(name)).toMatchObject({ state: 'completed' })
  }
  expect(await bytes(shop.table)).toBe(before)
  await shop.stop()
})

test('a rebuild comes out equal, and names the purchases whose price came late', async () => {
  const dataDir = temporaryFolder()
  const shop = await liveShop(dataDir)
  // The price at second 20 is told of when purchases of that time are long in their documents.
  await shop.bus.publish([product('b1', 0.01, 20)])
  await shop.idle()
  const late = (await Array.fromAsync(shop.table.scan({ prefix: 'customer#' }))).filter(
    ({ sk, id, event_time }) => sk.startsWith('purchase#') && id === 'b1' && String(event_time) >= at(20),
  )
  await shop.stop()

  const report = await rebuild({ dataDir })
  expect(report).toMatchObject({ ok: true, differences: [], difference_count: 0, unhandled: [] })
  expect(report.equal).toMatchObject({ customers: 3, products: 2, prices: 4, vouchers: expect.any(Number) })
  expect(report.late_prices.map(({ key }) => key).toSorted()).toEqual(
    late.map(({ pk, sk }) => `${pk}/${sk}`).toSorted(),
  )
  expect(report.late_prices.length).toBeGreaterThan(5)
  expect(report.equal.purchases).toBe(40 - report.late_prices.length)
}, 30_000)

test('a rebuild finds what was lost, changed and invented in the table', async () => {
  const dataDir = temporaryFolder()
  const shop = await liveShop(dataDir)
  const items = await Array.fromAsync(shop.table.scan({ prefix: 'customer#c0' }))
  const [lost, changed] = items.filter(({ sk }) => sk.startsWith('purchase#'))
  const invented = { ...changed!, sk: `${changed!.sk}-again` }
  await shop.table.write([
    { op: 'delete', key: lost! },
    { op: 'put', item: { ...changed!, quantity: 99 } },
    { op: 'put', item: invented },
  ])
  await shop.stop()

  const printed = await kram(['rebuild', '--json'], { dataDir })
  expect(printed.code).toBe(1)
  const report = JSON.parse(printed.stdout)
  const key = ({ pk, sk }: { pk: string; sk: string }) => `${pk}/${sk}`
  expect(report.differences).toHaveLength(3)
  expect(report.differences).toContainEqual({ key: key(lost!), kind: 'purchases', how: 'extra', fields: [] })
  expect(report.differences).toContainEqual({
    key: key(changed!),
    kind: 'purchases',
    how: 'different',
    fields: ['quantity'],
  })
  expect(report.differences).toContainEqual({ key: key(invented), kind: 'purchases', how: 'missing', fields: [] })
  expect((await kram(['rebuild'], { dataDir })).stdout).toMatch(/3 differences; the first:\n {2}customer#c0\/purchase#/)
}, 30_000)

test('a replay of a live table repairs what was missed', async () => {
  const shop = await liveShop(temporaryFolder())
  const all = await bytes(shop.table)
  const lost = (await Array.fromAsync(shop.table.scan({ prefix: 'product#' }))).filter(({ sk }) =>
    sk.startsWith('price#'),
  )
  const markers = lost.map(({ event_id }) => ({ pk: `seen#${event_id}`, sk: 'on-new-product' }))
  await shop.table.write([...lost, ...markers].map(({ pk, sk }) => ({ op: 'delete', key: { pk, sk } })))
  expect(await bytes(shop.table)).not.toBe(all)
  const range = { from: '2000-01-01T00:00:00.000Z', to: '9999-01-01T00:00:00.000Z' }
  await shop.bus.replay({ ...range, pattern: { 'detail-type': ['new_product'] }, subscriptions: ['on-new-product'] })
  await shop.idle()
  expect(await bytes(shop.table)).toBe(all)
  await shop.stop()
})

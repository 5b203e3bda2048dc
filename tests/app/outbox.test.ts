// The outbox: what a write decided reaches the bus at least once, and goes only when the bus has it.
import { expect, test } from 'vitest'
import { isOutboxItem, outboxAgeMs, relayOutbox, sweepOutbox } from '../../lib/app/outbox.ts'
import { relayStream } from '../../lib/app/relay-stream.ts'
import { storeCustomer } from '../../lib/app/store-customer.ts'
import type { Item } from '../../lib/ports/table.ts'
import { customer } from '../support/events.ts'
import { createTestShop, itemsOf, type TestShop } from '../support/test-shop.ts'

/** A shop with one `customer_updated` waiting for each of the ids. */
async function shopWaiting(...ids: string[]): Promise<TestShop> {
  const shop = createTestShop()
  for (const id of ids) await storeCustomer(shop, customer(`e-${id}`, { id }), {})
  return shop
}

const waiting = (shop: TestShop): Promise<Item[]> => itemsOf(shop.table, 'outbox#')
const sent = (shop: TestShop) => shop.bus.events.map(({ subject }) => subject).sort()
const busy = { code: 'throttled', retryable: true, message: 'busy' }
const tooLarge = { code: 'too_large', retryable: false, message: 'The event is too large.' }

test('what the bus accepts goes from the outbox, what it rejects stays', async () => {
  const shop = await shopWaiting('c1', 'c2', 'c3')
  shop.bus.refuse = ({ subject }) => (subject === 'c2' ? busy : undefined)
  const result = await relayOutbox(shop, await waiting(shop))
  expect(result.sent).toHaveLength(2)
  expect(result.rejected).toMatchObject([busy])
  expect(sent(shop)).toEqual(['c1', 'c3'])
  expect((await waiting(shop)).map(({ event }) => (event as { subject: string }).subject)).toEqual(['c2'])
  shop.bus.refuse = () => undefined
  await sweepOutbox(shop)
  expect(sent(shop)).toEqual(['c1', 'c2', 'c3'])
  expect(await waiting(shop)).toEqual([])
})

test('the age of what waits is told: nothing waits, nothing for long, and the oldest', async () => {
  const shop = await shopWaiting('c1')
  const made = Date.parse((await waiting(shop)).map(({ event }) => (event as { time: string }).time)[0]!)
  const ageAt = (ms: number) => outboxAgeMs({ table: shop.table, clock: { now: () => made + ms } })
  expect(await ageAt(60_000)).toBe(0)
  expect(await ageAt(90_000)).toBe(90_000)
  await sweepOutbox(shop)
  expect(await ageAt(90_000)).toBe(0)
})

test('what no retry can help is set aside with its reason: not lost, and not in the way of the rest', async () => {
  const shop = await shopWaiting('c1', 'c2')
  shop.bus.refuse = ({ subject }) => (subject === 'c1' ? tooLarge : undefined)
  await sweepOutbox(shop)
  const [aside, ...others] = await waiting(shop)
  expect(others).toEqual([])
  expect(aside).toMatchObject({ event: { subject: 'c1' }, rejected: { code: 'too_large' } })
  expect(aside && isOutboxItem(aside)).toBe(false)
  expect((await shop.table.list({ name: 'outbox' })).items).toEqual([])
  expect((await shop.table.list({ name: 'outbox_rejected' })).items).toHaveLength(1)
  expect(await sweepOutbox(shop)).toEqual({ sent: [], rejected: [] })
})

test('an item that holds no event is set aside, and the others are sent', async () => {
  const shop = await shopWaiting('c1')
  const list = { name: 'outbox', sort: '2022-04-24T12:00:00.000Z#broken' }
  await shop.table.write([{ op: 'put', item: { pk: 'outbox#broken', sk: '0', event: { id: 'broken' } }, list }])
  expect((await sweepOutbox(shop)).sent).toHaveLength(1)
  expect(await waiting(shop)).toMatchObject([{ pk: 'outbox#broken', rejected: { code: 'invalid_event' } }])
  expect((await shop.table.list({ name: 'outbox' })).items).toEqual([])
})

test('the sweep leaves young items to the relay, and goes through every page', async () => {
  const shop = await shopWaiting(...Array.from({ length: 230 }, (_, i) => `c${i}`))
  shop.clock.nowMs = Date.parse('2022-04-24T12:01:00.000Z')
  expect((await sweepOutbox(shop)).sent).toEqual([])
  shop.clock.nowMs += 1
  expect((await sweepOutbox(shop)).sent).toHaveLength(230)
  expect(await waiting(shop)).toEqual([])
})

test('items that are none of the outbox are passed over', async () => {
  const shop = await shopWaiting('c1')
  const all = await Array.fromAsync(shop.table.scan())
  expect(all.length).toBeGreaterThan(1)
  expect((await relayOutbox(shop, all)).sent).toHaveLength(1)
})

/** A batch of DynamoDB's stream, as Lambda hands it over (its fields that the relay does not read left out). */
const batch = (items: readonly Pick<Item, 'pk' | 'sk'>[]) => ({
  Records: items.map(({ pk, sk }, i) => ({
    eventID: String(i),
    eventName: 'INSERT',
    eventSource: 'aws:dynamodb',
    dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } }, SequenceNumber: `1${i}`, StreamViewType: 'KEYS_ONLY' },
  })),
})

test('the stream: each outbox item is sent once, and a record whose event was not taken comes again', async () => {
  const shop = await shopWaiting('c1', 'c2')
  const items = await Array.fromAsync(shop.table.scan())
  shop.bus.refuse = ({ subject }) => (subject === 'c2' ? busy : undefined)
  const { batchItemFailures } = await relayStream(shop, batch(items))
  const [left] = await waiting(shop)
  expect(batchItemFailures).toEqual([{ itemIdentifier: `1${items.findIndex(({ pk }) => pk === left?.pk)}` }])
  shop.bus.refuse = () => undefined
  expect(await relayStream(shop, batch(items))).toEqual({ batchItemFailures: [] })
  expect(sent(shop)).toEqual(['c1', 'c2'])
  expect(await relayStream(shop, batch([]))).toEqual({ batchItemFailures: [] })
})

test('the stream: what is not a batch is refused', async () => {
  await expect(relayStream(createTestShop(), { Records: [{}] })).rejects.toMatchObject({ code: 'invalid_stream' })
})

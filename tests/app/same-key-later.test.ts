// A request whose answer was lost and that is sent again under its Idempotency-Key makes the same event at a later time.
// A bus that knows its ids takes one; EventBridge takes both, and then this is what holds.
import { describe, expect, test } from 'vitest'
import type { KramEvent } from '../../events/catalog.ts'
import { createDirectoryObjects } from '../../lib/adapters/objects/directory.ts'
import { archiveEvents, createObjectArchive } from '../../lib/app/archive.ts'
import { foldLog } from '../../lib/app/rebuild.ts'
import { toInstant, toMs } from '../../lib/base/time.ts'
import type { Envelope } from '../../lib/ports/bus.ts'
import { openBus } from '../support/embedded-bus.ts'
import { customer, product, purchase } from '../support/events.ts'
import { temporaryFolder } from '../support/folder.ts'
import { createTestShop, itemsOf, projections, stateOf, type TestShop } from '../support/test-shop.ts'

const [asked, later] = ['2022-04-24T12:00:00.000Z', '2022-04-24T12:00:03.000Z']
const dearer = product('price@2022-04-24T12:00:01.000Z', { price: 9 })
const before = [customer('a@2022-04-24T11:00:00.000Z'), product('b@2022-04-24T11:00:00.000Z', { price: 5 }), dearer]

/** Each as it was asked for, and as it was asked for again. */
const twice: [string, [KramEvent, KramEvent]][] = [
  ['a purchase', [purchase(`x@${asked}`), purchase(`x@${later}`)]],
  ['a price', [product(`x@${asked}`, { price: 7 }), product(`x@${later}`, { price: 7 })]],
  ['a customer', [customer(`x@${asked}`, { id: 'c2' }), customer(`x@${later}`, { id: 'c2' })]],
]

async function deliver(shop: TestShop, events: readonly KramEvent[], replay = false): Promise<void> {
  for (const event of events) {
    for (const { type, handle } of projections) if (type === event.type) await handle(shop, event, { replay })
  }
}

async function stateAfter(...events: KramEvent[]): Promise<string> {
  const shop = createTestShop()
  await deliver(shop, [...before, ...events])
  return await stateOf(shop.table)
}

describe.each(twice)('%s, asked for twice', (_name, [first, second]) => {
  test('the embedded bus takes the first, in its log too', async () => {
    const bus = openBus(`${temporaryFolder()}/bus.sqlite`)
    expect((await bus.publish([first])).accepted).toEqual([first.id])
    expect((await bus.publish([second])).accepted).toEqual([first.id])
    const always = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' }
    const log = await Array.fromAsync(bus.archive.read(always))
    expect(log.map(({ event }) => event.time)).toEqual([first.time])
    await bus.close()
  })

  test('what is handled first stays, whatever comes again in whatever order', async () => {
    for (const [one, other] of [
      [first, second],
      [second, first],
    ] as const) {
      const shop = createTestShop()
      await deliver(shop, [...before, one])
      const state = await stateOf(shop.table)
      expect(state).toBe(await stateAfter(one))
      await deliver(shop, [other, one, other])
      await deliver(shop, [other, one], true)
      expect(await stateOf(shop.table)).toBe(state)
    }
  })

  test('the log of the bucket, read in its order, has the first; a rebuild makes what it says', async () => {
    const objects = createDirectoryObjects({ root: temporaryFolder() })
    const all = [...before, first, second]
    // Written batch by batch, the later one before: what counts is when the bus took them.
    for (const [i, event] of [...all.entries()].reverse()) {
      const takenAt = toInstant(toMs(later) + i * 1_000)
      await archiveEvents({ objects }, [{ takenAt, event: { 'detail-type': event.type, detail: event } }])
    }
    const shop = createTestShop()
    const parts = projections.map(({ name, type, handle }) => ({
      name,
      wants: (event: Envelope) => event.type === type,
      apply: (event: Envelope) => handle(shop, event, { replay: true }),
    }))
    expect(await foldLog(createObjectArchive({ objects }), parts)).toMatchObject({ events: 4, unhandled: [] })
    expect(await stateOf(shop.table)).toBe(await stateAfter(first))
  })
})

test('one variant is kept whole: a purchase has the price of the moment that it stands at', async () => {
  const [first, second] = twice[0]![1]
  for (const [event, price] of [
    [first, 500],
    [second, 900],
  ] as const) {
    const shop = createTestShop()
    await deliver(shop, [...before, event, first, second])
    const [item, ...others] = (await itemsOf(shop.table, 'customer#c1')).filter(({ sk }) => sk.startsWith('purchase#'))
    expect(others).toEqual([])
    expect(item).toMatchObject({ price_minor: price, event_time: event.time })
  }
})

// What no rule knows is kept where people see it.
import { expect, test } from 'vitest'
import { recordUnknownEvent } from '../../lib/app/record-unknown-event.ts'
import { createTestShop, itemsOf } from '../support/test-shop.ts'

const event = (detail: unknown) => ({
  version: '0',
  id: 'b1',
  'detail-type': 'shop_painted',
  source: 'kram.walls',
  account: '1',
  time: '2022-04-24T19:41:07Z',
  region: 'eu-central-1',
  resources: [],
  detail,
})
const ours = { specversion: '1.0', id: 'e1', time: '2022-04-24T19:41:06.123Z', data: { colour: 'red' } }

test('an envelope is kept under its own id and time, once', async () => {
  const shop = createTestShop()
  await recordUnknownEvent(shop, event(ours))
  await recordUnknownEvent(shop, { ...event(ours), id: 'b2' })
  const items = await itemsOf(shop.table, 'unknown#')
  expect(items).toEqual([
    {
      pk: 'unknown#e1',
      sk: 'event',
      event_id: 'e1',
      event_time: '2022-04-24T19:41:06.123Z',
      type: 'shop_painted',
      source: 'kram.walls',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      bytes: JSON.stringify(ours).length,
      event: JSON.stringify(ours),
    },
  ])
  expect((await shop.table.list({ name: 'unknown' })).items).toMatchObject([{ sort: '2022-04-24T19:41:06.123Z' }])
})

test.each<[string, unknown]>([
  ['text', 'hello'],
  ['nothing', null],
  ['an id that is none', { id: 7 }],
  ['a list', [1, 2]],
])('%s in place of an envelope is kept under the id of the bus', async (_name, detail) => {
  const shop = createTestShop()
  await recordUnknownEvent(shop, event(detail))
  const [item] = await itemsOf(shop.table, 'unknown#')
  expect(item).toMatchObject({
    pk: 'unknown#b1',
    event_time: '2022-04-24T19:41:07.000Z',
    event: JSON.stringify(detail),
  })
})

test('one that is too large is told of, its text left to the archive', async () => {
  const shop = createTestShop()
  await recordUnknownEvent(shop, event({ ...ours, data: 'x'.repeat(500_000) }))
  const [item] = await itemsOf(shop.table, 'unknown#')
  expect(item?.bytes).toBeGreaterThan(500_000)
  expect(item).not.toHaveProperty('event')
})

test('the same id with other content is a conflict; what is no event of a bus is refused', async () => {
  const shop = createTestShop()
  await recordUnknownEvent(shop, event(ours))
  const other = recordUnknownEvent(shop, event({ ...ours, data: { colour: 'blue' } }))
  await expect(other).rejects.toMatchObject({ code: 'event_conflict', retryable: false })
  await expect(recordUnknownEvent(shop, { hello: 1 })).rejects.toMatchObject({ code: 'invalid_bus_event' })
})

// Both ways into the shop: over the bus, and straight into the table with the bus told afterwards.
import { expect, test } from 'vitest'
import { customerPicture } from '../../lib/app/customer-picture.ts'
import { sweepOutbox } from '../../lib/app/outbox.ts'
import { getCustomer } from '../../lib/app/read-customers.ts'
import { recordEvents } from '../../lib/app/record-events.ts'
import { recordPurchase } from '../../lib/app/record-purchase.ts'
import { customer, product, purchase } from '../support/events.ts'
import { createTestShop, itemsOf, stateOf } from '../support/test-shop.ts'

test('via bus: the bus has it, the table nothing', async () => {
  const shop = createTestShop()
  const answer = await recordEvents(shop, [customer('e1'), product('e2')], { via: 'bus' })
  expect(answer).toEqual({ accepted: ['e1', 'e2'], rejected: [] })
  expect(shop.bus.events.map(({ id }) => id)).toEqual(['e1', 'e2'])
  expect(await Array.fromAsync(shop.table.scan())).toEqual([])
})

test('via table: it is there at once, the same event reaches the bus, and its delivery does nothing', async () => {
  const shop = createTestShop()
  const events = [customer('e1'), product('e2'), purchase('e3')]
  expect(await recordEvents(shop, events, { via: 'table' })).toEqual({ accepted: ['e1', 'e2', 'e3'], rejected: [] })
  expect(shop.bus.events).toEqual([])
  const { customer: document } = await getCustomer(shop, 'c1')
  expect(document.products).toHaveLength(1)
  await sweepOutbox(shop)
  expect(shop.bus.events).toEqual(expect.arrayContaining(events))
  expect(shop.bus.events).toHaveLength(5)
  const before = await stateOf(shop.table)
  await recordPurchase(
    shop,
    shop.bus.events.find(({ id }) => id === 'e3'),
    {},
  )
  expect(await stateOf(shop.table)).toBe(before)
  expect(await itemsOf(shop.table, 'outbox#')).toEqual([])
})

test('via table: each event is rejected or accepted by itself, with a reason', async () => {
  const shop = createTestShop()
  await recordEvents(shop, [customer('e1')], { via: 'table' })
  const [picture] = (await itemsOf(shop.table, 'outbox#')).map(({ event }) => event)
  expect(picture).toBeDefined()
  const { accepted, rejected } = await recordEvents(
    shop,
    [
      purchase('e3'),
      product('e2'),
      customer('e1', { first_name: 'Inna' }),
      purchase('e4'),
      customerPicture(customer('e1'), 'any', customer('e1').data, { change: 'profile' }),
      product('e5@2099-01-01T00:00:00.000Z'),
    ],
    { via: 'table' },
  )
  expect(accepted).toEqual(['e2', 'e4'])
  expect(rejected.map(({ code, retryable }) => [code, retryable])).toEqual([
    ['unknown_product', true],
    ['event_conflict', false],
    ['no_projection', false],
    ['event_from_the_future', false],
  ])
})

test('via bus: an event from the future never gets there, and what the bus rejects is passed on', async () => {
  const shop = createTestShop()
  shop.bus.refuse = ({ id }) => (id === 'e2' ? { code: 'throttled', retryable: true, message: 'busy' } : undefined)
  const events = [customer('e1'), customer('e2'), customer('e3@2099-01-01T00:00:00.000Z')]
  const { accepted, rejected } = await recordEvents(shop, events, { via: 'bus' })
  expect(accepted).toEqual(['e1'])
  expect(rejected.map(({ id, code }) => `${id} ${code}`)).toEqual(['e3 event_from_the_future', 'e2 throttled'])
  expect(await recordEvents(shop, [], { via: 'bus' })).toEqual({ accepted: [], rejected: [] })
})

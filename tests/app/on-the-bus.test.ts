// The handlers on the embedded bus, with the relay behind every commit: out of order, with the table away, beside a
// handler that always fails, for customers and products that are not there yet.
import { expect, onTestFinished, test } from 'vitest'
import { createEmbeddedBus, type EmbeddedBus } from '../../lib/adapters/bus/embedded/bus.ts'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import type { HandlerDeps } from '../../lib/app/handle.ts'
import { relayOutbox } from '../../lib/app/outbox.ts'
import { getCustomer } from '../../lib/app/read-customers.ts'
import { getProduct, priceHistory, unitsBought } from '../../lib/app/read-products.ts'
import { recordEvents } from '../../lib/app/record-events.ts'
import { KramError } from '../../lib/base/errors.ts'
import type { DeadLetter } from '../../lib/ports/bus.ts'
import type { Table } from '../../lib/ports/table.ts'
import { customer, product, purchase } from '../support/events.ts'
import { itemsOf, projections, reactors, type Subscriber } from '../support/test-shop.ts'

const clock = { now: Date.now }
/** How long a poll may take on a machine that is busy with other things. */
const patience = { timeout: 25_000, interval: 10 }

const spoiled: Subscriber = {
  name: 'always-fails',
  type: 'customer_buys_product',
  takesReplays: false,
  handle: async () => {
    throw new TypeError('x is not a function')
  },
}

/** A running shop, and a switch that takes its table away. */
function startShop({ attempts = 2, more = [] as Subscriber[] } = {}) {
  const subscribers = [...projections, ...reactors, ...more]
  const bus: EmbeddedBus = createEmbeddedBus({
    path: ':memory:',
    clock,
    random: { next: () => 0.01 },
    subscriptions: subscribers.map(({ name, type, takesReplays }) => ({
      name,
      pattern: { 'detail-type': [type] },
      takesReplays,
      retry: { attempts, maxAgeSeconds: 3_600 },
    })),
  })
  const relays = new Set<Promise<unknown>>()
  const onCommitted: Parameters<typeof createSqliteTable>[0]['onCommitted'] = (items) => {
    const relay = relayOutbox({ bus, table }, items).finally(() => relays.delete(relay))
    relays.add(relay)
  }
  const table = createSqliteTable({ path: ':memory:', onCommitted })
  let away = false
  const perhaps = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      if (away) throw new KramError('unavailable', 'store_away', 'The table is away.')
      return await call(...args)
    }
  }
  const { get, query, write } = table
  const deps: HandlerDeps & { table: Table } = {
    clock,
    table: { ...table, get: perhaps(get), query: perhaps(query), write: perhaps(write) },
  }
  bus.start(async (name, event, delivery) => {
    await subscribers.find((subscriber) => subscriber.name === name)?.handle(deps, event.detail, delivery)
  })
  onTestFinished(async () => {
    await bus.close()
    await table.close()
  })
  return {
    ...{ bus, table, clock },
    takeAway: (gone: boolean) => {
      away = gone
    },
    /** Until nothing is due, and nothing waits for the bus. */
    async settled(): Promise<void> {
      await expect
        .poll(async () => {
          await bus.idle()
          await Promise.all(relays)
          await bus.idle()
          return relays.size
        }, patience)
        .toBe(0)
    },
    deadLetters: async (): Promise<DeadLetter[]> => (await bus.deadLetters.list({ limit: 1_000 })).items,
  }
}

test('events in any order make the shop, what follows included', async () => {
  const shop = startShop({ attempts: 20 })
  const events = [
    purchase('e4', { quantity: 9 }),
    purchase('e5', { product_id: 'p2' }),
    product('e3', { id: 'p2', type: 'masło', price: 0.85 }),
    customer('e1'),
    product('e2'),
  ]
  for (const event of events) expect((await recordEvents(shop, [event], { via: 'bus' })).rejected).toEqual([])
  await expect
    .poll(
      async () => (await getCustomer(shop, 'c1').catch(() => undefined))?.customer.vouchers.map(({ id }) => id),
      patience,
    )
    .toEqual(['butter#c1#2022-04', 'welcome#c1'])
  await shop.settled()
  const { customer: document } = await getCustomer(shop, 'c1')
  expect(document.products.map(({ id, quantity, price_minor }) => [id, quantity, price_minor])).toEqual([
    ['p1', 9, 38],
    ['p2', 2, 85],
  ])
  expect(await unitsBought(shop, 'p1')).toBe(9)
  expect(await itemsOf(shop.table, 'outbox#')).toEqual([])
  expect(await shop.deadLetters()).toEqual([])
})

test('while the table is away the bus holds everything; when it is back nothing is lost', async () => {
  const shop = startShop()
  await recordEvents(shop, [customer('e1'), product('e2')], { via: 'bus' })
  await shop.settled()
  shop.takeAway(true)
  const bought = Array.from({ length: 20 }, (_, i) => purchase(`b${i}`, { quantity: 1 }))
  expect((await recordEvents(shop, bought, { via: 'bus' })).accepted).toHaveLength(20)
  // For the projection and for count-stock.
  await expect.poll(async () => (await shop.deadLetters()).length, patience).toBe(40)
  expect((await shop.deadLetters())[0]).toMatchObject({ code: 'store_away', retryable: true, tries: 3 })
  expect((await getCustomer(shop, 'c1')).customer.products).toEqual([])
  shop.takeAway(false)
  await shop.bus.deadLetters.redrive({})
  await expect.poll(shop.deadLetters, patience).toEqual([])
  await shop.settled()
  expect((await getCustomer(shop, 'c1')).customer.products).toHaveLength(20)
  expect(await unitsBought(shop, 'p1')).toBe(20)
})

test('a handler that always throws gets dead letters, and the others go on', async () => {
  const shop = startShop({ more: [spoiled] })
  await recordEvents(shop, [customer('e1'), product('e2')], { via: 'bus' })
  await shop.settled()
  const bought = Array.from({ length: 5 }, (_, i) => purchase(`b${i}`))
  await recordEvents(shop, bought, { via: 'bus' })
  await expect.poll(async () => (await shop.deadLetters()).length, patience).toBe(5)
  await shop.settled()
  const letters = await shop.deadLetters()
  expect(new Set(letters.map(({ subscription }) => subscription))).toEqual(new Set(['always-fails']))
  expect(letters[0]).toMatchObject({ tries: 3, message: 'x is not a function' })
  expect((await getCustomer(shop, 'c1')).customer.products).toHaveLength(5)
  expect(await unitsBought(shop, 'p1')).toBe(10)
})

test('a purchase of a product that never came is a dead letter with a reason; sent again after it came, it counts', async () => {
  const shop = startShop()
  await recordEvents(shop, [customer('e1'), purchase('e3')], { via: 'bus' })
  await expect.poll(async () => (await shop.deadLetters()).length, patience).toBe(1)
  const [letter] = await shop.deadLetters()
  expect(letter).toMatchObject({
    subscription: 'on-customer-buys-product',
    code: 'unknown_product',
    message:
      'There is no product p1: the customer_buys_product event e3 waits until its new_product message has arrived.',
    retryable: true,
    tries: 3,
  })
  expect(letter?.nextTryAt).toBeDefined()
  await recordEvents(shop, [product('e2')], { via: 'bus' })
  await shop.settled()
  await shop.bus.deadLetters.redrive({ code: 'unknown_product' })
  await expect.poll(shop.deadLetters, patience).toEqual([])
  await shop.settled()
  expect((await getCustomer(shop, 'c1')).customer.products).toHaveLength(1)
})

test('a burst of events for one product and one customer is folded whole, though all write the same items', async () => {
  const shop = startShop()
  const time = (i: number) => new Date(1650801600000 + i).toISOString()
  const events = Array.from({ length: 300 }, (_, i) => [
    product(`p${i}@${time(i)}`, { price: i / 100 }),
    customer(`c${i}@${time(i)}`, { first_name: `Nr ${i}` }),
  ]).flat()
  await recordEvents(shop, events, { via: 'bus' })
  await shop.settled()
  await expect.poll(async () => (await getProduct(shop, 'p1')).price_minor, patience).toBe(299)
  await expect.poll(shop.deadLetters, patience).toEqual([])
  expect((await getCustomer(shop, 'c1')).customer.first_name).toBe('Nr 299')
  expect((await priceHistory(shop, 'p1', { limit: 1_000 })).items).toHaveLength(300)
})

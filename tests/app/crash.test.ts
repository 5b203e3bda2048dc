// A process that dies between any two calls of a port: after redelivery nothing is lost and nothing is doubled.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KramEvent } from '../../events/catalog.ts'
import { sweepOutbox } from '../../lib/app/outbox.ts'
import { getCustomer } from '../../lib/app/read-customers.ts'
import { unitsBought } from '../../lib/app/read-products.ts'
import { recordEvents } from '../../lib/app/record-events.ts'
import { customer, product, purchase } from '../support/events.ts'
import { type Fault, faultyShop } from '../support/faulty.ts'
import { createTestShop, itemsOf, projections, reactors, stateOf, type TestShop } from '../support/test-shop.ts'

const overTheBus: KramEvent[] = [
  customer('e1'),
  product('e2'),
  product('e3', { id: 'p2', type: 'masło', name: 'Masło ekstra', price: 0.85 }),
  purchase('e4@2022-04-24T13:00:00.000Z', { quantity: 3 }),
  customer('e5@2022-04-25T13:00:00.000Z', { first_name: 'Ola' }),
]
const viaTable: KramEvent[] = [
  customer('t1', { id: 'c2' }),
  purchase('t2@2022-04-24T14:00:00.000Z', { customer_id: 'c2', product_id: 'p2', quantity: 9 }),
]

/** Whoever calls, calls again until it went well, as clients and the bus do; only so often, lest a fault go unseen. */
async function untilDone(act: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await act()
    } catch (error) {
      if (tries === 30) throw error
    }
  }
}

const record = (shop: TestShop, events: KramEvent[], via: 'bus' | 'table') =>
  untilDone(async () => {
    const { rejected } = await recordEvents(shop, events, { via })
    if (rejected.length > 0) throw new Error(rejected[0]?.message)
  })

/** The bus delivers each event to everyone who takes it, from `from` on; answers how far it came. */
async function deliverFrom(shop: TestShop, from: number): Promise<number> {
  let at = from
  for (; at < shop.bus.events.length; at++) {
    const event = shop.bus.events[at]
    for (const { type, handle } of [...projections, ...reactors]) {
      if (type === event?.type) await untilDone(() => handle(shop, event, {}))
    }
  }
  return at
}

/** Plays the story until nothing is left to do. */
async function play(shop: TestShop): Promise<void> {
  await record(shop, overTheBus, 'bus')
  let delivered = await deliverFrom(shop, 0)
  await record(shop, viaTable, 'table')
  for (;;) {
    await untilDone(async () => void (await sweepOutbox(shop)))
    if (delivered === shop.bus.events.length) return
    delivered = await deliverFrom(shop, delivered)
  }
}

/** All that anybody can see of a shop: its items, and what the bus was told. */
async function picture(shop: TestShop) {
  expect(await itemsOf(shop.table, 'outbox#')).toEqual([])
  return { items: await stateOf(shop.table), events: shop.bus.events }
}

async function playWith(plan: (call: number) => Fault) {
  const shop = createTestShop()
  const faulty = faultyShop(shop, plan)
  await play(faulty)
  return { shop, calls: faulty.calls() }
}

test('the story itself, with no fault', async () => {
  const { shop } = await playWith(() => undefined)
  const { customer: first } = await getCustomer(shop, 'c1')
  expect(first).toMatchObject({ first_name: 'Ola', products: [{ quantity: 3, price_minor: 38 }] })
  expect(first.vouchers.map(({ id }) => id)).toEqual(['butter#c1#2022-04', 'welcome#c1'])
  const { customer: second } = await getCustomer(shop, 'c2')
  expect(second).toMatchObject({ products: [{ quantity: 9, price_minor: 85 }], vouchers: [{ id: 'welcome#c2' }] })
  expect(await unitsBought(shop, 'p2')).toBe(9)
  const told = Map.groupBy(shop.bus.events, ({ type }) => type)
  expect(Object.fromEntries([...told].map(([type, events]) => [type, events.length]))).toEqual({
    new_customer: 3,
    new_product: 2,
    customer_buys_product: 2,
    customer_updated: 8,
    voucher_granted: 3,
  })
})

test('one fault, at every call in turn, before it and after it, leaves the same shop', async () => {
  const { shop, calls } = await playWith(() => undefined)
  const expected = await picture(shop)
  expect(calls).toBeGreaterThan(80)
  for (const fault of ['before', 'after'] as const) {
    for (let at = 0; at < calls; at++) {
      const faulty = await playWith((call) => (call === at ? fault : undefined))
      expect(await picture(faulty.shop), `${fault} call ${at}`).toEqual(expected)
    }
  }
})

test('faults all over the place leave the same shop', async () => {
  const expected = await picture((await playWith(() => undefined)).shop)
  const fault = fc.oneof(
    { weight: 8, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant('before' as const) },
    { weight: 1, arbitrary: fc.constant('after' as const) },
  )
  const property = fc.asyncProperty(fc.array(fault, { minLength: 150, maxLength: 150 }), async (faults) => {
    const { shop } = await playWith((call) => faults[call])
    expect(await picture(shop)).toEqual(expected)
  })
  await fc.assert(property, { seed: 20220425, numRuns: 60 })
})

// A process that dies between any two calls of a port while orders are placed, cancelled and returned: whoever asked asks
// again under the same key, and in the end there is one of everything.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cancelOrder, returnUnits } from '../../../lib/app/orders/change-order.ts'
import { placeOrder } from '../../../lib/app/orders/place-order.ts'
import { sweepOutbox } from '../../../lib/app/outbox.ts'
import { KramError } from '../../../lib/base/errors.ts'
import { type Fault, faultyShop } from '../../support/faulty.ts'
import { createOrderShop, engineOf, type OrderShop, request } from '../../support/order-shop.ts'
import { itemsOf, projections, stateOf } from '../../support/test-shop.ts'

const engine = engineOf({
  ten: { actions: [{ type: 'percent_off', value: 10 }], codes: ['TEN'], limits: { uses: 3, each_code: { uses: 3 } } },
  back: { actions: [{ type: 'cashback', value: 5 }], limits: { budget: 1.2 } },
})
const chain = { correlationId: 'r' }

/** Whoever calls, calls again until it went well; a refusal is an answer. */
async function untilDone(act: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await act()
      return
    } catch (error) {
      if (error instanceof KramError) return
      if (tries === 30) throw error
    }
  }
}

async function play(shop: OrderShop): Promise<void> {
  for (const orderId of ['a', 'b', 'c']) {
    await untilDone(() => placeOrder(shop, request({ orderId, lines: { p1: 2 }, codes: ['TEN'] }), engine))
  }
  await untilDone(() => cancelOrder(shop, { orderId: 'b', ...chain }))
  const lines = [{ line_id: 'p1', quantity: 1 }]
  await untilDone(() => returnUnits(shop, { orderId: 'a', returnId: 'r1', lines, ...chain }))
  await untilDone(() => returnUnits(shop, { orderId: 'a', returnId: 'r2', lines, ...chain }))
  await untilDone(() => placeOrder(shop, request({ orderId: 'd', lines: { p1: 1 }, codes: ['TEN'] }), engine))
  for (let delivered = 0; ; ) {
    shop.clock.nowMs += 61_000
    await untilDone(() => sweepOutbox(shop))
    if (delivered === shop.bus.events.length) return
    for (; delivered < shop.bus.events.length; delivered++) {
      const event = shop.bus.events[delivered]
      for (const { type, handle } of projections) {
        if (type === event?.type) await untilDone(() => handle(shop, event, {}))
      }
    }
  }
}

async function playWith(plan: (call: number) => Fault) {
  const shop = await createOrderShop()
  const faulty = faultyShop(shop, plan)
  const ordering = { ...faulty, objects: shop.objects } as OrderShop & { calls(): number }
  await play(ordering)
  expect(await itemsOf(shop.table, 'outbox#')).toEqual([])
  return { picture: { items: await stateOf(shop.table), events: shop.bus.events }, calls: faulty.calls() }
}

test('the story itself, with no fault', async () => {
  const { picture } = await playWith(() => undefined)
  const told = Map.groupBy(picture.events, ({ type }) => type)
  expect(told.get('order_placed')).toHaveLength(4)
  expect(told.get('customer_buys_product')).toHaveLength(4)
  expect(told.get('order_cancelled')).toHaveLength(1)
  expect(told.get('order_returned')).toHaveLength(2)
})

test('one fault, at every call in turn, before it and after it, leaves the same shop', async () => {
  const { picture, calls } = await playWith(() => undefined)
  expect(calls).toBeGreaterThan(60)
  for (const fault of ['before', 'after'] as const) {
    for (let at = 0; at < calls; at++) {
      const faulty = await playWith((call) => (call === at ? fault : undefined))
      expect(faulty.picture, `${fault} call ${at}`).toEqual(picture)
    }
  }
})

test('faults all over the place leave the same shop', async () => {
  const { picture } = await playWith(() => undefined)
  const fault = fc.oneof(
    { weight: 8, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant('before' as const) },
    { weight: 1, arbitrary: fc.constant('after' as const) },
  )
  const property = fc.asyncProperty(fc.array(fault, { minLength: 150, maxLength: 150 }), async (faults) => {
    expect((await playWith((call) => faults[call])).picture).toEqual(picture)
  })
  await fc.assert(property, { seed: 20221122, numRuns: 60 })
})

// People who order, cancel and send back, each until the shop has answered.

import { liveSetOf } from '../../lib/app/promos/live-set.ts'
import type { KramError } from '../../lib/base/errors.ts'
import { allocate } from '../../lib/promos/allocate.ts'
import type { Action } from './actions.ts'
import type { Oracle } from './oracle.ts'
import type { Parts, SimDeps } from './parts.ts'

/** Asks the shop for something until it has answered; `done` says whether that will do. */
export type Ask = <T>(
  what: string,
  act: (deps: SimDeps) => Promise<T>,
  done: (value: T) => boolean,
  refused?: (error: KramError) => boolean,
) => unknown

type Options = {
  ask: Ask
  parts: Parts
  oracle: Oracle
  fail: (text: string) => void
  save: (action: Action & { do: 'save' }) => void
}

/** Why an order may fail though there is nothing wrong with it: never because of promotions. */
const honest = new Set([
  'crashed',
  'store_away',
  'throttled',
  'timeout',
  'contended',
  'unknown_customer',
  'unknown_product',
  'order_changed',
])

export function orderRequests({ ask, parts, oracle, fail, save }: Options) {
  function place({ order, customer, units, codes, shown, engineFails }: Action & { do: 'order' }): void {
    let expectedTotalMinor = shown
    let mostAgreed = shown
    const cart = { customer_id: customer, lines: [{ product_id: 'p1', quantity: units }], codes }
    const act = (deps: SimDeps) => {
      const broken = (): never => {
        throw new Error('the engine is broken')
      }
      const engine = { live: liveSetOf(deps), allocate: engineFails ? broken : allocate }
      const request = { orderId: order, cart, expectedTotalMinor, tester: false, correlationId: order }
      return parts.placeOrder(deps, request, engine)
    }
    const refused = (error: KramError): boolean => {
      const ofPromos = error.message.startsWith('objects.') || !honest.has(error.code)
      // A second request under the key, with the total that the first was told, is another request.
      if (ofPromos && error.code !== 'conflict') fail(`the order ${order} was blocked: ${error.code} ${error.message}`)
      if (error.code !== 'order_changed') return false
      expectedTotalMinor = (error.detail.allocation as { total_minor: number }).total_minor
      mostAgreed = Math.max(mostAgreed, expectedTotalMinor)
      return true
    }
    ask(
      `order ${order}`,
      act,
      ({ order: placed }) => {
        if (placed.id !== order || !oracle.orders.orders.has(order)) {
          fail(`the order ${order} was acknowledged, and is nowhere`)
        }
        const [line] = placed.lines
        if (placed.customer_id !== customer || line?.quantity !== units) {
          fail(`${customer} asked for ${units}, and was told of ${line?.quantity} for ${placed.customer_id}`)
        }
        if (placed.total_minor > mostAgreed) {
          fail(`the order ${order} came to ${placed.total_minor}, and ${mostAgreed} was agreed`)
        }
        return true
      },
      refused,
    )
  }

  return {
    place,
    limit({ promo, config, bounds }: Action & { do: 'limit' }): void {
      oracle.orders.bound(promo, bounds)
      save({ do: 'save', promo, config, reason: 'a hot limit' })
    },
    cancel({ order }: Action & { do: 'cancel' }): void {
      const act = (deps: SimDeps) => parts.cancelOrder(deps, { orderId: order, correlationId: `cancel-${order}` })
      ask(`cancel ${order}`, act, ({ state }) => {
        if (state !== 'cancelled') fail(`the order ${order} was said to be cancelled, and is ${state}`)
        return true
      })
    },
    giveBack({ order, key, units }: Action & { do: 'return' }): void {
      const lines = [{ line_id: 'p1', quantity: units }]
      oracle.orders.asked.add(key)
      const act = (deps: SimDeps) =>
        parts.returnUnits(deps, { orderId: order, returnId: key, lines, correlationId: key })
      ask(`return of ${order}`, act, () => true)
    },
  }
}

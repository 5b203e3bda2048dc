// Orders on the shop's files, when no shop runs: placed, cancelled and returned as the API does it; what follows from
// them waits in the log.
import { checkOut } from '../app/checkout/check-out.ts'
import type { Deps } from '../app/deps.ts'
import { cancelOrder, getOrder, returnUnits } from '../app/orders/change-order.ts'
import { placeOrder } from '../app/orders/place-order.ts'
import { getCustomer } from '../app/read-customers.ts'
import { eventIdOf } from '../lambda/publish.ts'
import type { Caller } from '../lambda/roles.ts'
import { postOrderReturns, postOrders } from '../lambda/routes/orders.ts'
import type { OrdersClient } from './orders-client.ts'
import { freshId } from './stamps.ts'

/** `subject`: who the command line is to the API, so that a key means the same order on both ways. */
export function ordersOnFiles(deps: Deps, subject: string): OrdersClient {
  const caller: Caller = { subject, roles: ['admin'] }
  const idOf = (route: string, idempotencyKey: string): string =>
    eventIdOf({ caller, route, idempotencyKey, clock: deps.clock })
  const begin = () => ({ correlationId: freshId() })
  return {
    totalMinor: async (cart) =>
      (await checkOut(deps, { ...cart, explain: false }, { tester: false })).answer.total_minor,
    async place({ expected_total_minor, expected_promos, ...cart }, key) {
      const { order } = await placeOrder(deps, {
        orderId: idOf(postOrders.name, key),
        cart,
        expectedTotalMinor: expected_total_minor,
        ...(expected_promos && { expectedPromos: expected_promos }),
        tester: false,
        ...begin(),
      })
      return order
    },
    get: (id) => getOrder(deps, id),
    ofCustomer: async (id) => (await getCustomer(deps, id, { limit: 1 })).customer.orders,
    cancel: (orderId) => cancelOrder(deps, { orderId, ...begin() }),
    takeBack: (orderId, lines, key) =>
      returnUnits(deps, { orderId, lines, returnId: idOf(`${postOrderReturns.name} ${orderId}`, key), ...begin() }),
  }
}

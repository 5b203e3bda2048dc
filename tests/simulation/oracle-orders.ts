// Watches orders: placed once, never more redeemed than a limit allows, counters equal to what orders have taken, and
// nothing of an order told to the bus that is not told whole.

import { keys } from '../../lib/app/keys.ts'
import type { Item } from '../../lib/ports/table.ts'
import type { Change, MemoryStore } from './memory-store.ts'
import type { OrderPlacedData } from './order-data.ts'

/** What a promotion may give at most; whoever plays the marketer says so before anybody orders. */
export type Bounds = { uses?: number; customer_uses?: number; budget_minor?: number }

type Options = { fail: (text: string) => void; store: () => MemoryStore; onBus: (id: string) => boolean }

const isOrder = ({ key }: Change): boolean => key.pk.startsWith('order#') && key.sk === 'order'

export function orderOracle({ fail, store, onBus }: Options) {
  const bounds = new Map<string, Bounds>()
  const orders = new Map<string, OrderPlacedData>()

  const counted = (pk: string, attribute: string): number => {
    let sum = 0
    for (const shard of store().collection(pk)) sum += Number(shard[attribute] ?? 0)
    return sum
  }

  function checkBounds(promo: string): void {
    const { uses, customer_uses, budget_minor } = bounds.get(promo) ?? {}
    const at = `redeemed#${promo}`
    if (uses !== undefined && counted(at, 'uses') > uses)
      fail(`${promo} was redeemed ${counted(at, 'uses')} times of ${uses}`)
    if (budget_minor !== undefined && counted(at, 'budget_minor') > budget_minor) {
      fail(`${promo} has given ${counted(at, 'budget_minor')} of a budget of ${budget_minor}`)
    }
    if (customer_uses === undefined) return
    for (const customer of ['c1', 'c2', 'c3']) {
      const own = counted(`${at}#customer#${customer}`, 'uses')
      if (own > customer_uses) fail(`${customer} has redeemed ${promo} ${own} times of ${customer_uses}`)
    }
  }

  /** Counters hold what the orders that stand have taken: no more, no less. */
  function checkTaken(promo: string): void {
    let [uses, budget] = [0, 0]
    // What came back of an order has given its share of the budget back.
    let partly = false
    for (const { state, promos } of orders.values()) {
      const taken = promos.find(({ id, redeemed }) => id === promo && redeemed)
      if (!taken || state === 'cancelled' || state === 'returned') continue
      uses++
      partly ||= state === 'partly_returned'
      budget += taken.discount_minor
    }
    const at = `redeemed#${promo}`
    if (counted(at, 'uses') !== uses) fail(`${promo} counts ${counted(at, 'uses')} uses, and ${uses} orders have it`)
    const given = counted(at, 'budget_minor')
    if (partly ? given > budget : given !== budget) {
      fail(`${promo} counts ${counted(at, 'budget_minor')} given, and orders have ${budget}`)
    }
  }

  function changed({ key, before, after, op }: Change, changes: readonly Change[]): void {
    const id = key.pk.slice('order#'.length)
    if (op.op === 'delete' || !after) fail(`the order ${id} was deleted`)
    const order = after as Item & OrderPlacedData
    const handlers = changes.filter((one) => one.key.pk.startsWith('seen#')).map((one) => one.key.sk)
    const expected = before ? ['on-order-cancelled', 'on-order-returned'] : ['on-order-placed']
    if (!handlers.some((handler) => expected.includes(handler)))
      fail(`the order ${id} was ${before ? 'written over' : 'placed without a marker'}`)
    const lines = order.lines.reduce((sum, { total_minor }) => sum + total_minor, 0)
    if (lines + order.delivery_minor !== order.total_minor) fail(`the order ${id} does not add up`)
    orders.set(id, order)
    const summary = store().peek(keys.orderSummary(order.customer_id, order.placed_at, id))
    if (summary?.state !== order.state) fail(`the document of ${order.customer_id} does not show the order ${id}`)
    const placed = [...orders.values()].filter(
      (one) => one.customer_id === order.customer_id && one.state !== 'cancelled',
    )
    const stats = Number(store().peek(keys.orderStats(order.customer_id))?.placed ?? 0)
    if (stats !== placed.length) fail(`${order.customer_id} has ${placed.length} orders, and ${stats} are counted`)
  }

  return {
    orders,
    bound: (promo: string, to: Bounds): void => void bounds.set(promo, to),
    observe(changes: readonly Change[]): void {
      for (const change of changes) if (isOrder(change)) changed(change, changes)
      const touched = changes.some((change) => isOrder(change) || change.key.pk.startsWith('redeemed#'))
      if (!touched) return
      for (const promo of bounds.keys()) {
        checkBounds(promo)
        checkTaken(promo)
      }
    },
    /** An order has left the outbox. */
    checkTold(data: OrderPlacedData): void {
      for (const { id } of data.lines) {
        if (!onBus(`${data.order_id}:${id}`))
          fail(`the order ${data.order_id} left the outbox, and its line ${id} is not on the bus`)
      }
    },
  }
}

// Watches orders: placed once, never more redeemed than a limit allows, counters equal to what orders have taken, and
// nothing of an order told to the bus that is not told whole.

import { keys } from '../../lib/app/keys.ts'
import type { Item } from '../../lib/ports/table.ts'
import type { Change, MemoryStore } from './memory-store.ts'
import type { OrderData, OrderPlacedData, ReturnedData } from './order-data.ts'

/** What a promotion may give at most; whoever plays the marketer says so before anybody orders. */
export type Bounds = { uses?: number; customer_uses?: number; budget_minor?: number }

type Options = { fail: (text: string) => void; store: () => MemoryStore; onBus: (id: string) => boolean }

const isReturn = ({ key }: Change): boolean => key.pk.startsWith('order#') && key.sk.startsWith('return#')
const isOrder = ({ key }: Change): boolean => key.pk.startsWith('order#') && key.sk === 'order'

export function orderOracle({ fail, store, onBus }: Options) {
  const bounds = new Map<string, Bounds>()
  const orders = new Map<string, OrderData>()
  /** What returns gave back to budgets: order and place of the promotion -> minor units. */
  const released = new Map<string, number>()

  /** What all shards of a counter hold together: `<pk> <attribute>`. */
  const counters = new Map<string, number>()
  const counted = (pk: string, attribute: string): number => counters.get(`${pk} ${attribute}`) ?? 0

  function count({ key, before, after }: Change): void {
    const pk = key.pk.replace(/#shard#\d+$/, '')
    for (const [item, sign] of [[before, -1] as const, [after, 1] as const]) {
      for (const [name, value] of Object.entries(item ?? {})) {
        if (typeof value === 'number') counters.set(`${pk} ${name}`, counted(pk, name) + sign * value)
      }
    }
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

  /** Counters hold what the orders that stand have taken, less what came back of them: no more, no less. */
  function checkTaken(promo: string): void {
    let [uses, budget] = [0, 0]
    for (const { id, state, promos } of orders.values()) {
      const at = promos.findIndex((one) => one.id === promo && one.redeemed)
      const taken = promos[at]
      if (!taken || state === 'cancelled') continue
      uses += state === 'returned' ? 0 : 1
      budget += taken.discount_minor - (released.get(`${id} ${at}`) ?? 0)
    }
    const at = `redeemed#${promo}`
    if (counted(at, 'uses') !== uses) fail(`${promo} counts ${counted(at, 'uses')} uses, and ${uses} orders have it`)
    if (counted(at, 'budget_minor') !== budget) {
      fail(`${promo} counts ${counted(at, 'budget_minor')} given, and orders have ${budget}`)
    }
  }

  /** Units of an order have come back: never more than it has, and never more money than was paid or given for them. */
  function returned({ key, before, after, op }: Change): void {
    const order = orders.get(key.pk.slice('order#'.length))
    if (op.op === 'delete' || before || !after || !order) {
      fail(`the return ${key.sk} was written over or deleted`)
      return
    }
    const { lines, releases } = after as Item & ReturnedData
    for (const { line_id, quantity } of lines) {
      const line = order.lines.find(({ id }) => id === line_id)
      const back = order.returned[line_id] ?? 0
      if (!line || back > line.quantity || quantity > back)
        fail(`${back} of ${line?.quantity} came back of ${order.id}`)
    }
    for (const { promo, budget_minor } of releases) {
      const at = `${order.id} ${promo}`
      released.set(at, (released.get(at) ?? 0) + budget_minor)
      const given = order.promos[promo]?.discount_minor ?? 0
      const back = released.get(at) ?? 0
      if (back > given || (order.state === 'returned' && back < given)) {
        fail(`${order.id}: ${back} of ${given} has come back to the budget, and the order is ${order.state}`)
      }
    }
    const paid = order.lines.reduce((sum, { total_minor }) => sum + total_minor, 0)
    const { refund_minor } = order.given_back
    if (refund_minor > paid || (order.state === 'returned' && refund_minor < paid)) {
      fail(`${refund_minor} of ${paid} was given back for ${order.id}, which is ${order.state}`)
    }
  }

  function changed({ key, before, after, op }: Change, changes: readonly Change[]): void {
    const id = key.pk.slice('order#'.length)
    if (op.op === 'delete' || !after) fail(`the order ${id} was deleted`)
    const order = after as Item & OrderData
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
    /** Of limits that were changed the wider one: for a moment somebody may still know of the one before. */
    bound(promo: string, to: Bounds): void {
      const before = bounds.get(promo)
      const wider = (name: keyof Bounds): Bounds => {
        const both = [to[name], (before ?? to)[name]]
        return both.includes(undefined) ? {} : { [name]: Math.max(...(both as number[])) }
      }
      bounds.set(promo, { ...wider('uses'), ...wider('customer_uses'), ...wider('budget_minor') })
    },
    observe(changes: readonly Change[]): void {
      for (const change of changes) if (isOrder(change)) changed(change, changes)
      for (const change of changes) if (isReturn(change)) returned(change)
      const redeemed = changes.filter(({ key }) => key.pk.startsWith('redeemed#'))
      for (const change of redeemed) count(change)
      if (redeemed.length === 0 && !changes.some(isOrder)) return
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

// Watches orders: placed once, never more redeemed than a limit allows, counters equal to what orders have taken, and
// nothing of an order told to the bus that is not told whole.

import type { KramEvent } from '../../events/catalog.ts'
import { keys } from '../../lib/app/keys.ts'
import type { Item } from '../../lib/ports/table.ts'
import type { Change, MemoryStore } from './memory-store.ts'
import { wronglyGiven } from './oracle-given.ts'
import { type OrderData, type OrderPlacedData, type ReturnedData, takenOf } from './order-data.ts'

/** What a promotion may give at most; whoever plays the marketer says so before anybody orders. */
export type Bounds = {
  uses?: number
  customer_uses?: number
  budget_minor?: number
  /** Of each code. */
  code_uses?: number
  /** Of each code, by each customer. */
  code_customer_uses?: number
}

const customers = ['c1', 'c2', 'c3']
const codes = ['A', 'B']

type Options = {
  fail: (text: string) => void
  store: () => MemoryStore
  onBus: (id: string) => boolean
  /** A promotion as it was saved, as text. */
  configOf: (promo: string, version: number) => string | undefined
}

const isReturn = ({ key }: Change): boolean => key.pk.startsWith('order#') && key.sk.startsWith('return#')
const isOrder = ({ key }: Change): boolean => key.pk.startsWith('order#') && key.sk === 'order'

export function orderOracle({ fail, store, onBus, configOf }: Options) {
  const bounds = new Map<string, Bounds>()
  const orders = new Map<string, OrderData>()
  /** Returns that somebody asked for, by their ids. */
  const asked = new Set<string>()
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
    const { uses, customer_uses, budget_minor, code_uses, code_customer_uses } = bounds.get(promo) ?? {}
    const at = `redeemed#${promo}`
    const within = (counter: string, name: string, most: number | undefined): void => {
      if (most === undefined || counted(counter, name) <= most) return
      fail(`${counter}: ${counted(counter, name)} ${name} were taken of ${most}`)
    }
    within(at, 'uses', uses)
    within(at, 'budget_minor', budget_minor)
    for (const code of codes) within(`${at}#code#${code}`, 'uses', code_uses)
    for (const customer of customers) {
      const own = `${at}#customer#${customer}`
      within(own, 'uses', customer_uses)
      for (const code of codes) within(own, `code:${code}`, code_customer_uses)
    }
  }

  /** Counters hold what the orders that stand have taken, less what came back of them: no more, no less. */
  function checkTaken(promo: string): void {
    const at = `redeemed#${promo}`
    const expected = new Map<string, number>()
    const add = (name: string, by: number): void => void expected.set(name, (expected.get(name) ?? 0) + by)
    for (const { id, customer_id, state, promos } of orders.values()) {
      const place = promos.findIndex((one) => one.id === promo && one.redeemed)
      const taken = promos[place]
      if (!taken || state === 'cancelled') continue
      add(`${at} budget_minor`, takenOf(taken) - (released.get(`${id} ${place}`) ?? 0))
      if (state === 'returned') continue
      const code = taken.redeemed?.code?.toUpperCase()
      add(`${at} uses`, 1)
      add(`${at}#customer#${customer_id} uses`, 1)
      if (code !== undefined) {
        add(`${at}#code#${code} uses`, 1)
        add(`${at}#customer#${customer_id} code:${code}`, 1)
      }
    }
    for (const [name, value] of counters) {
      if (!name.startsWith(at) || name.endsWith(' last') || value === (expected.get(name) ?? 0)) continue
      fail(`${name}: ${value} is counted, and orders have ${expected.get(name) ?? 0}`)
    }
    for (const [name, value] of expected) {
      if (value !== 0 && !counters.has(name)) fail(`${name}: nothing is counted, and orders have ${value}`)
    }
  }

  /** Units of an order have come back: never more than it has, and never more money than was paid or given for them. */
  function returned({ key, before, after, op }: Change): void {
    const order = orders.get(key.pk.slice('order#'.length))
    if (op.op === 'delete' || before || !after || !order) {
      fail(`the return ${key.sk} was written over or deleted`)
      return
    }
    if (!asked.has(key.sk.slice('return#'.length))) fail(`nobody asked for the return ${key.sk} of ${order.id}`)
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
      const given = order.promos[promo] ? takenOf(order.promos[promo]) : 0
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
    const wrong = before ? undefined : wronglyGiven({ ...order, order_id: id }, configOf)
    if (wrong !== undefined) fail(`the order ${id} ${wrong}`)
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
    asked,
    /** Of limits that were changed the wider one: for a moment somebody may still know of the one before. */
    bound(promo: string, to: Bounds): void {
      const before = bounds.get(promo)
      const wider = (name: keyof Bounds): Bounds => {
        const both = [to[name], (before ?? to)[name]]
        return both.includes(undefined) ? {} : { [name]: Math.max(...(both as number[])) }
      }
      bounds.set(promo, {
        ...wider('uses'),
        ...wider('customer_uses'),
        ...wider('budget_minor'),
        ...wider('code_uses'),
        ...wider('code_customer_uses'),
      })
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
    /** What is bought with an order is what was ordered, at what was agreed. */
    checkPurchase({ id, data }: KramEvent<'customer_buys_product'>): void {
      const line = orders.get(data.order_id ?? '')?.lines.find((one) => one.id === data.line_id)
      if (!line) return
      const { product_id, quantity, price_minor, discount_minor } = line
      const agreed = [product_id, quantity, price_minor, discount_minor].join()
      const bought = [data.product_id, data.quantity, data.price_minor, data.discount_minor].join()
      if (bought !== agreed) fail(`the purchase ${id} is of ${bought}, and ${agreed} was ordered`)
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

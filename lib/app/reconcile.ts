// Whether the table's parts agree with each other: orders, customers' documents, counters of limits, stock, statistics.
// Each is written together with the others or follows from the same event, so the expected difference is none.
import type { DeadLetter } from '../ports/bus.ts'
import type { Item, Table } from '../ports/table.ts'
import {
  asPlaced,
  budgetOf,
  cancellationOf,
  type Order,
  type Returned,
  summaryOf,
  withCancellation,
  withReturn,
} from '../shop/order.ts'
import { vouchersOf } from '../shop/vouchers.ts'
import type { Settings } from './deps.ts'
import { keys, redeemedKeys } from './keys.ts'
import { shardOfItem } from './orders/meters.ts'
import { storedOrderOf } from './orders/order-events.ts'
import { recordedRedemption } from './orders/usage.ts'
import { isOutboxItem } from './outbox.ts'
import { countedOps } from './promos/count-orders.ts'

/** `expected` follows from the orders and purchases, `actual` is what the table says; 0 where there is nothing. */
export type Disagreement = { what: string; key: string; expected: number | string; actual: number | string }

export type Reconciled = {
  orders: number
  purchases: number
  counters: number
  products: number
  /** Counters of what was ordered and given, by day and in all time. */
  statistics: number
  /** Purchases that somebody discarded as dead letters: bought by no document, and expected so. */
  discarded: number
  /** Events in the outbox, which the bus has not: what follows from them is missing yet. */
  waiting: number
  /** How many there are; the first `disagreementsShown` of them follow. */
  disagreement_count: number
  disagreements: Disagreement[]
}

const disagreementsShown = 50

type Totals = Map<string, number>

const add = (totals: Totals, key: string, by: number): void => void totals.set(key, (totals.get(key) ?? 0) + by)

/** What one pass over the table gathers. */
type Gathered = {
  orders: Map<string, Order>
  /** Summaries in customers' documents, by order. */
  summaries: Map<string, Item>
  /** Purchases by event id: `<order>:<line>` for those of orders. */
  purchases: Map<string, Item>
  /** Vouchers, by id. */
  vouchers: Map<string, Item>
  /** Counters of limits: `<pk> <attribute>`. */
  counters: Totals
  /** Orders with returns as they follow from these, by id. */
  folded: Map<string, Order>
  /** What returns gave back to limits. */
  released: Totals
  stock: Totals
  /** Units bought, by product. */
  bought: Totals
  /** What count-orders has counted: `<pk>/<sk> <attribute>`. */
  statistics: Totals
  /** Event ids of purchases that somebody discarded. */
  discarded: Set<string>
  /** Items that cannot be read, with the reason. */
  damaged: Map<string, string>
  waiting: number
}

const counterPrefix = redeemedKeys.promo('')

type Releases = readonly { promo: number; uses: number; budget_minor: number }[]

function addRedeemed(totals: Totals, order: Order, amounts: Releases, sign: 1 | -1): void {
  for (const { promo: at, uses, budget_minor } of amounts) {
    const promo = order.promos[at]
    if (!promo?.redeemed) continue
    const { redeemed, id } = promo
    const meters = recordedRedemption({ id, redeemed }, order.customer_id, { uses, budget_minor })
    for (const meter of [meters.promo, meters.customer, meters.code]) {
      for (const [name, by] of Object.entries(meter?.add ?? {})) add(totals, `${meter?.pk} ${name}`, sign * by)
    }
  }
}

async function gather(table: Table): Promise<Gathered> {
  const gathered: Gathered = {
    orders: new Map(),
    summaries: new Map(),
    purchases: new Map(),
    vouchers: new Map(),
    counters: new Map(),
    folded: new Map(),
    released: new Map(),
    stock: new Map(),
    bought: new Map(),
    statistics: new Map(),
    discarded: new Set(),
    damaged: new Map(),
    waiting: 0,
  }
  for await (const item of table.scan()) {
    try {
      take(gathered, item)
    } catch (error) {
      gathered.damaged.set(`${item.pk}/${item.sk}`, error instanceof Error ? error.message : String(error))
    }
  }
  return gathered
}

/** A dead letter that somebody discarded: its event stays without the effect that one function has. */
export type Discarded = Pick<DeadLetter, 'event' | 'subscription'>

// What a discarded purchase would have added, had both functions handled it; those that did so later are left out.
async function addDiscarded(table: Table, gathered: Gathered, letters: readonly Discarded[]): Promise<void> {
  const totals = { 'on-customer-buys-product': gathered.bought, 'count-stock': gathered.stock }
  for (const { event, subscription } of letters) {
    const [, sums] = Object.entries(totals).find(([name]) => name === subscription) ?? []
    const { product_id, quantity } = event.data
    if (!sums || (await table.get([keys.seen(event.id, subscription)]))[0]) continue
    if (sums === gathered.bought) gathered.discarded.add(event.id)
    add(sums, String(product_id), Number(quantity))
  }
}

function take(gathered: Gathered, item: Item): void {
  const { orders, folded, summaries, purchases, vouchers, counters, released, stock, bought, statistics } = gathered
  const { pk, sk } = item
  if (pk.startsWith('order#') && sk === 'order') {
    const { order } = storedOrderOf(item)
    orders.set(order.id, order)
  } else if (pk.startsWith('order#') && sk.startsWith('return#')) {
    // Sorted behind its order, which is therefore known.
    const order = orders.get(pk.slice('order#'.length))
    if (!order) return
    const returned = item as unknown as Returned
    addRedeemed(released, order, returned.releases, 1)
    folded.set(order.id, withReturn(folded.get(order.id) ?? withoutReturns(order), returned))
  } else if (pk.startsWith('customer#') && sk.startsWith('order#')) {
    summaries.set(String(item.id), item)
  } else if (pk.startsWith('customer#') && sk.startsWith('purchase#')) {
    purchases.set(String(item.event_id), item)
    add(bought, String(item.id), Number(item.quantity))
  } else if (pk.startsWith('customer#') && sk.startsWith('voucher#')) {
    vouchers.set(String(item.id), item)
  } else if (pk.startsWith(counterPrefix)) {
    const { counter, amounts } = shardOfItem(item)
    for (const [name, value] of Object.entries(amounts)) add(counters, `${counter} ${name}`, value)
  } else if (pk.startsWith('stock#')) {
    add(stock, pk.slice('stock#'.length), Number(item.units))
  } else if (isOutboxItem(item)) {
    gathered.waiting++
  } else if (pk.startsWith('statistics#')) {
    for (const [name, value] of Object.entries(item))
      if (typeof value === 'number') add(statistics, `${pk}/${sk} ${name}`, value)
  }
}

const withoutReturns = (order: Order): Order =>
  order.state === 'cancelled' ? withCancellation(asPlaced(order), cancellationOf(order)) : asPlaced(order)

const cameBack = ({ state, given_back, returned }: Order): Map<string, number | string> =>
  new Map<string, number | string>([
    ['state', state],
    ...Object.entries(given_back),
    ...Object.entries(returned).map(([line, units]): [string, number] => [`units of ${line}`, units]),
  ])

/** Each order with its cancellation and its returns. */
function* comparedReturns({ orders, folded }: Gathered): Generator<Disagreement> {
  for (const order of orders.values()) {
    const [should, is] = [cameBack(folded.get(order.id) ?? withoutReturns(order)), cameBack(order)]
    for (const name of new Set([...should.keys(), ...is.keys()])) {
      const [expected, actual] = [should.get(name) ?? 0, is.get(name) ?? 0]
      if (expected !== actual) yield { what: 'return', key: `${order.id} ${name}`, expected, actual }
    }
  }
}

/** What the orders have taken of limits and not given back. */
function redeemedBy({ orders, released }: Gathered): Totals {
  const totals: Totals = new Map()
  for (const order of orders.values()) {
    const taken = order.promos.flatMap((promo, i) =>
      promo.redeemed ? [{ promo: i, uses: 1, budget_minor: budgetOf(promo) }] : [],
    )
    addRedeemed(totals, order, taken, 1)
    if (order.state === 'cancelled') addRedeemed(totals, order, cancellationOf(order).releases, -1)
  }
  for (const [key, by] of released) add(totals, key, -by)
  return totals
}

/** What count-orders must have counted of the orders as they stand. */
function statisticsOf({ orders }: Gathered, timeZone: string): Totals {
  const totals: Totals = new Map()
  for (const order of orders.values()) {
    for (const op of countedOps(order, timeZone)) {
      if (op.op !== 'count') continue
      for (const [name, by] of Object.entries(op.add)) add(totals, `${op.key.pk}/${op.key.sk} ${name}`, by)
    }
    const { pk, sk } = keys.statisticsReturned(order.id)
    add(
      totals,
      `${pk}/${sk} units`,
      Object.values(order.returned).reduce((sum, units) => sum + units, 0),
    )
  }
  return totals
}

function* comparedTotals(what: string, expected: Totals, actual: Totals): Generator<Disagreement> {
  for (const key of new Set([...expected.keys(), ...actual.keys()])) {
    const [should, is] = [expected.get(key) ?? 0, actual.get(key) ?? 0]
    if (should !== is) yield { what, key, expected: should, actual: is }
  }
}

function* comparedOrders(gathered: Gathered): Generator<Disagreement> {
  const { orders, summaries, purchases, vouchers, discarded, damaged } = gathered
  for (const [key, reason] of damaged) yield { what: 'item', key, expected: 'as it was written', actual: reason }
  for (const order of orders.values()) {
    const summary = summaries.get(order.id)
    for (const [name, value] of Object.entries(summaryOf(order))) {
      const actual = summary?.[name]
      if (actual !== value) {
        yield { what: 'document', key: `${order.id} ${name}`, expected: value, actual: String(actual ?? 'missing') }
      }
    }
    for (const line of order.lines) {
      if (discarded.has(`${order.id}:${line.id}`)) continue
      const purchase = purchases.get(`${order.id}:${line.id}`)
      const { quantity, price_minor, discount_minor } = line
      for (const [name, value] of Object.entries({ quantity, price_minor, discount_minor })) {
        const actual = purchase && (purchase[name] ?? 0)
        if (actual === value) continue
        const key = `${order.id}:${line.id} ${name}`
        yield { what: 'purchase', key, expected: value, actual: purchase ? String(actual) : 'missing' }
      }
    }
    for (const { id, kind } of vouchersOf(order.id, order)) {
      const actual = vouchers.get(id)?.kind
      if (actual !== kind) yield { what: 'voucher', key: id, expected: kind, actual: String(actual ?? 'missing') }
    }
  }
  for (const [id, summary] of summaries) {
    if (!orders.has(id)) yield { what: 'order', key: id, expected: `as in ${summary.pk}`, actual: 'missing' }
  }
  for (const [id, { order_id }] of [...purchases, ...vouchers]) {
    if (order_id !== undefined && !orders.has(String(order_id))) {
      yield { what: 'order', key: String(order_id), expected: `as in ${id}`, actual: 'missing' }
    }
  }
}

/**
 * Compares, in one pass over the table: every order with its line in the customer's document and with the purchases of
 * its lines (price and discount share) and the vouchers of its promotions, and with its cancellation and returns; the counters of every limit with what orders
 * took and gave back; the stock counters with the purchases of all documents; the statistics of orders with the orders, by
 * the shop's days. What is still on its way (an event that waits or failed) disagrees; `discarded` purchases do not.
 * Holds ids and sums of all orders and purchases in memory.
 */
export async function reconcile(
  table: Table,
  { timeZone }: Pick<Settings, 'timeZone'>,
  discarded: readonly Discarded[] = [],
): Promise<Reconciled> {
  const gathered = await gather(table)
  await addDiscarded(table, gathered, discarded)
  const disagreements: Disagreement[] = []
  let count = 0
  const all = [
    comparedOrders(gathered),
    comparedReturns(gathered),
    comparedTotals('limit', redeemedBy(gathered), gathered.counters),
    comparedTotals('stock', gathered.bought, gathered.stock),
    comparedTotals('statistics', statisticsOf(gathered, timeZone), gathered.statistics),
  ]
  for (const disagreement of all.flatMap((one) => [...one])) {
    count++
    if (disagreements.length < disagreementsShown) disagreements.push(disagreement)
  }
  return {
    orders: gathered.orders.size,
    purchases: gathered.purchases.size,
    counters: gathered.counters.size,
    products: gathered.stock.size,
    statistics: gathered.statistics.size,
    discarded: gathered.discarded.size,
    waiting: gathered.waiting,
    disagreement_count: count,
    disagreements,
  }
}

// The slow, obvious twin of the projections: sorts everything and looks everything up, with no table, no markers, no
// conditions. What is handled in which order matters for one thing alone, and that is written down here too.
import type { KramEvent } from '../../events/catalog.ts'
import { keys } from '../../lib/app/keys.ts'
import type { Item } from '../../lib/ports/table.ts'
import { sortNames } from './sort-names.ts'

type Of<T extends KramEvent['type']> = KramEvent<T>

const ofType = <T extends KramEvent['type']>(events: readonly KramEvent[], type: T): Of<T>[] =>
  events.filter((event) => event.type === type) as Of<T>[]

const byTimeThenId = (a: KramEvent, b: KramEvent): number =>
  a.time < b.time || (a.time === b.time && a.id < b.id) ? -1 : 1

const groupBy = <T>(list: readonly T[], key: (entry: T) => string): T[][] => [...Map.groupBy(list, key).values()]

function foldedOf<T extends KramEvent>(events: readonly T[]) {
  const sorted = [...events].sort(byTimeThenId)
  const [first, last] = [sorted[0]!, sorted.at(-1)!]
  const revision = `${first.time} ${last.time} ${last.id}`
  return { last, folded: { first_time: first.time, event_time: last.time, event_id: last.id, revision } }
}

const minorOf = (price: number): number => Math.round(price * 100)

function profiles(events: Of<'new_customer'>[]): Item[] {
  return groupBy(events, ({ data }) => data.id).map((same) => {
    const { last, folded } = foldedOf(same)
    return { ...keys.profile(same[0]!.data.id), ...last.data, ...folded } as Item
  })
}

function productAfter({ data: { price, ...rest } }: Of<'new_product'>) {
  return { ...rest, price_minor: minorOf(price) }
}

function products(events: Of<'new_product'>[]): Item[] {
  const current = groupBy(events, ({ data }) => data.id).map((same) => {
    const { last, folded } = foldedOf(same)
    return { ...keys.product(last.data.id), ...productAfter(last), ...folded } as Item
  })
  const prices = events.map((event) => {
    const key = keys.price(event.data.id, event.time, event.id)
    return { ...key, ...productAfter(event), time: event.time, event_id: event.id } as Item
  })
  return [...current, ...prices]
}

function purchase(event: Of<'customer_buys_product'>, known: Of<'new_product'>[]): Item {
  const { customer_id, product_id, quantity, price_minor, ...order } = event.data
  const history = known.filter(({ data }) => data.id === product_id).sort(byTimeThenId)
  const source = productAfter(history.findLast(({ time }) => time <= event.time) ?? history[0]!)
  return {
    ...keys.purchase(customer_id, event.time, event.id),
    ...source,
    ...order,
    price_minor: price_minor ?? source.price_minor,
    quantity,
    timestamp_ms: new Date(event.time).getTime(),
    event_id: event.id,
    event_time: event.time,
  }
}

function counters(counted: { key: { pk: string; sk: string }; name: string; by: number }[]): Item[] {
  return groupBy(counted, ({ key }) => JSON.stringify(key)).map((same) => {
    const item: Item = { ...same[0]!.key }
    for (const { name, by } of same) item[name] = Number(item[name] ?? 0) + by
    return item
  })
}

function vouchers(events: Of<'voucher_granted'>[]): Item[] {
  return groupBy(events, ({ data }) => `${data.customer_id} ${data.id}`).map((same) => {
    const first = same.sort(byTimeThenId)[0]!
    const { customer_id, ...voucher } = first.data
    const timestamp = new Date(first.time).getTime()
    const key = keys.voucher(customer_id, voucher.id)
    return { ...key, ...voucher, timestamp_ms: timestamp, event_time: first.time, event_id: first.id } as Item
  })
}

type Money = { refund_minor: number; cashback_minor: number; bonus_minor: number }

const totalOf = (all: readonly Money[]): Money => ({
  refund_minor: all.reduce((sum, one) => sum + one.refund_minor, 0),
  cashback_minor: all.reduce((sum, one) => sum + one.cashback_minor, 0),
  bonus_minor: all.reduce((sum, one) => sum + one.bonus_minor, 0),
})

/** The order, its returns and its line in the customer's document. */
function order(
  { data, time }: Of<'order_placed'>,
  cancelled: Of<'order_cancelled'> | undefined,
  returns: Of<'order_returned'>[],
): Item[] {
  const { order_id, request_hash, ...agreed } = data
  const units = data.lines.reduce((sum, line) => sum + line.quantity, 0)
  const returned: { [line: string]: number } = {}
  for (const { line_id, quantity } of returns.flatMap((one) => one.data.lines)) {
    returned[line_id] = (returned[line_id] ?? 0) + quantity
  }
  const back = Object.values(returned).reduce((sum, some) => sum + some, 0)
  const state = cancelled ? 'cancelled' : back === 0 ? 'placed' : back < units ? 'partly_returned' : 'returned'
  const given_back = totalOf([...(cancelled ? [cancelled.data] : []), ...returns.map((one) => one.data)])
  const revision = `${state} ${given_back.refund_minor} ${back}`
  const { customer_id, discount_minor, total_minor } = data
  const shown = { id: order_id, placed_at: time, state, units, discount_minor, total_minor }
  return [
    {
      ...agreed,
      ...keys.order(order_id),
      id: order_id,
      placed_at: time,
      state,
      returned,
      given_back,
      request_hash,
      revision,
    },
    { ...shown, ...keys.orderSummary(customer_id, time, order_id), refund_minor: given_back.refund_minor },
    ...returns.map((one) => {
      const { order_id: _order, customer_id: _customer, return_id, ...kept } = one.data
      return { ...kept, ...keys.orderReturn(order_id, return_id), returned_at: one.time }
    }),
  ] as Item[]
}

function orders(events: readonly KramEvent[]): Item[] {
  const placed = ofType(events, 'order_placed')
  const cancelled = new Map(ofType(events, 'order_cancelled').map((one) => [one.data.order_id, one]))
  const returned = Map.groupBy(ofType(events, 'order_returned'), (one) => one.data.order_id)
  const items = placed.flatMap((one) => {
    const { order_id } = one.data
    return order(one, cancelled.get(order_id), returned.get(order_id) ?? [])
  })
  const counts = groupBy(placed, ({ data }) => data.customer_id).map((same) => {
    const gone = same.filter(({ data }) => cancelled.has(data.order_id)).length
    const last_at = same
      .map(({ time }) => time)
      .sort()
      .at(-1) as string
    const { customer_id } = same[0]!.data
    return { ...keys.orderStats(customer_id), placed: same.length - gone, changes: same.length + gone, last_at }
  })
  return [...items, ...counts]
}

/** As obviousItems, as text. */
export const obviousFold = (handled: readonly KramEvent[], all: readonly KramEvent[] = handled): string =>
  obviousItems(handled, all)
    .map((item) => JSON.stringify(sortNames(item)))
    .join('\n')

/**
 * The table's items in order of their keys, after `handled`: each event once, in the order in which it was first
 * handled. That order decides only which prices a purchase could know of. `all`: also those that nobody could handle for
 * want of a customer or product; stock counts them, since counting needs neither.
 */
export function obviousItems(handled: readonly KramEvent[], all: readonly KramEvent[] = handled): Item[] {
  const purchases = handled.flatMap((event, i) => {
    if (event.type !== 'customer_buys_product') return []
    return [purchase(event, ofType(handled.slice(0, i), 'new_product'))]
  })
  const bought = ofType(all, 'customer_buys_product')
  const items = [
    ...profiles(ofType(handled, 'new_customer')),
    ...products(ofType(handled, 'new_product')),
    ...purchases,
    ...vouchers(ofType(handled, 'voucher_granted')),
    ...orders(handled),
    ...counters(
      purchases.map((item) => ({
        key: { pk: item.pk, sk: `stats#${String(item.event_time).slice(0, 10)}` },
        name: `units:${item.type}`,
        by: Number(item.quantity),
      })),
    ),
    ...counters(
      bought.map(({ id, data }) => ({ key: keys.stock(data.product_id, id), name: 'units', by: data.quantity })),
    ),
  ]
  const keyOf = ({ pk, sk }: Item): string => `${pk}\0${sk}`
  return items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

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

/**
 * The table's items, as text in order of their keys, after `handled`: each event once, in the order in which it was
 * first handled. That order decides only which prices a purchase could know of. `all`: also those that nobody could
 * handle for want of a customer or product; stock counts them, since counting needs neither.
 */
export function obviousFold(handled: readonly KramEvent[], all: readonly KramEvent[] = handled): string {
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
  items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  return items.map((item) => JSON.stringify(sortNames(item))).join('\n')
}

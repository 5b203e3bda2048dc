// order_placed, order_cancelled, order_returned -> what promotions gave on each day and in all time: what the charts of
// the admin page are drawn from. A projection of its own: it is equal after a rebuild, and no order waits for it.
import type { EventType, KramEvent } from '../../../events/catalog.ts'
import { KramError } from '../../base/errors.ts'
import { toInstant, toMs, utcDay } from '../../base/time.ts'
import { wallAt } from '../../base/zones.ts'
import type { Delivery } from '../../ports/bus.ts'
import type { Key, Table, WriteOp } from '../../ports/table.ts'
import type { Order } from '../../shop/order.ts'
import { type PlacedLine, worthOf } from '../../shop/refund.ts'
import type { Deps } from '../deps.ts'
import { type HandlerDeps, projection, type Rule } from '../handle.ts'
import { keys } from '../keys.ts'
import { notYet } from '../not-found.ts'
import { readOrder } from '../orders/order-events.ts'

const handler = 'count-orders'

/** Attributes of a day's own item. */
export type DayCounts = {
  orders: number
  cancelled: number
  paid_minor: number
  discount_minor: number
  credit_minor: number
}

/** What one promotion gave. */
export type PromoCounts = { redemptions: number; discount_minor: number; credit_minor: number }

/** Attribute of a bucket's item: `redemptions:summer`. */
const promoCounter = (what: keyof PromoCounts, promoId: string): string => `${what}:${promoId}`

/** The day of the shop's time zone on which something happened. */
export const shopDay = (instant: string, timeZone: string): string => utcDay(toInstant(wallAt(timeZone, toMs(instant))))

type Given = { promo: string } & PromoCounts

const countOp = (key: Key, add: { [name: string]: number }): WriteOp[] => {
  const changes = Object.fromEntries(Object.entries(add).filter(([, by]) => by !== 0))
  return Object.keys(changes).length === 0 ? [] : [{ op: 'count', key, add: changes }]
}

// Promotions of one bucket are one op, on the day's item and on that of all time.
function promoOps(orderId: string, day: string, given: readonly Given[]): WriteOp[] {
  const items = new Map<string, { key: Key; add: { [name: string]: number } }>()
  for (const { promo, ...counts } of given) {
    for (const key of [keys.statisticsPromos(day, orderId, promo), keys.statisticsTotals(orderId, promo)]) {
      const place = `${key.pk} ${key.sk}`
      const item = items.get(place) ?? { key, add: {} }
      items.set(place, item)
      for (const [what, by] of Object.entries(counts)) {
        const name = promoCounter(what as keyof PromoCounts, promo)
        item.add[name] = (item.add[name] ?? 0) + by
      }
    }
  }
  return [...items.values()].flatMap(({ key, add }) => countOp(key, add))
}

function countOps(orderId: string, day: string, counts: Partial<DayCounts>, given: readonly Given[]): WriteOp[] {
  let discount = 0
  let credit = 0
  for (const { discount_minor, credit_minor } of given) {
    discount += discount_minor
    credit += credit_minor
  }
  const all = { ...counts, discount_minor: discount, credit_minor: credit }
  return [...countOp(keys.statisticsDay(day, orderId), all), ...promoOps(orderId, day, given)]
}

const givenBy = (promos: Order['promos'], sign: 1 | -1): Given[] =>
  promos.map(({ id, discount_minor, delivery_discount_minor, cashback_minor, bonus_minor }) => ({
    promo: id,
    redemptions: sign,
    discount_minor: sign * (discount_minor + delivery_discount_minor),
    credit_minor: sign * (cashback_minor + bonus_minor),
  }))

const placed = (timeZone: string): Rule<'order_placed'> => ({
  handler,
  type: 'order_placed',
  async fold(_table, { data, time }) {
    const counts = { orders: 1, paid_minor: data.total_minor }
    return { ops: countOps(data.order_id, shopDay(time, timeZone), counts, givenBy(data.promos, 1)) }
  },
})

// Which promotions gave what stands in the order, whose own handler may not have had its turn yet.
async function orderOf(table: Table, event: KramEvent<'order_cancelled' | 'order_returned'>): Promise<Order> {
  const stored = await readOrder(table, event.data.order_id)
  if (!stored) throw notYet('order', event.data.order_id, event)
  return stored.order
}

const cancelled = (timeZone: string): Rule<'order_cancelled'> => ({
  handler,
  type: 'order_cancelled',
  async fold(table, event) {
    const order = await orderOf(table, event)
    const counts = { orders: -1, cancelled: 1, paid_minor: 0 - event.data.refund_minor }
    return { ops: countOps(order.id, shopDay(order.placed_at, timeZone), counts, givenBy(order.promos, -1)) }
  },
})

/** What each promotion gave to the next `units` of a line of which `before` have come back: off its price, and credited. */
function givenToUnits(
  line: PlacedLine,
  before: number,
  units: number,
): [place: number, off: number, credited: number][] {
  const { cashback: _, bonus: __, ...pricesOnly } = line
  const off = worthOf(pricesOnly, before, units).gave
  const all = worthOf(line, before, units).gave
  return Object.entries(all).map(([place, minor]) => [Number(place), off[place] ?? 0, minor - (off[place] ?? 0)])
}

const returned = (timeZone: string): Rule<'order_returned'> => ({
  handler,
  type: 'order_returned',
  async fold(table, event) {
    const order = await orderOf(table, event)
    const key = keys.statisticsReturned(order.id)
    const [item] = await table.get([key])
    // Returns come in any order, and what each is worth depends on those before it; their sum does not.
    const units = new Map(Object.entries((item?.lines ?? {}) as { [line: string]: number }))
    const lines = new Map(order.lines.map((line) => [line.id, line]))
    const given: Given[] = []
    let count = Number(item?.units ?? 0)
    for (const { line_id, quantity } of event.data.lines) {
      const line = lines.get(line_id)
      const before = units.get(line_id) ?? 0
      units.set(line_id, before + quantity)
      count += quantity
      for (const [place, off, credited] of line ? givenToUnits(line, before, quantity) : []) {
        const promo = order.promos[place]?.id
        if (promo === undefined) continue
        given.push({ promo, redemptions: 0, discount_minor: 0 - off, credit_minor: 0 - credited })
      }
    }
    const sorted = Object.fromEntries([...units].sort(([a], [b]) => (a < b ? -1 : 1)))
    return {
      ops: [
        {
          op: 'put',
          item: { ...key, lines: sorted, units: count },
          if: item ? { attribute: 'units', op: 'eq', value: Number(item.units) } : { exists: false },
        },
        ...countOps(order.id, shopDay(order.placed_at, timeZone), { paid_minor: 0 - event.data.refund_minor }, given),
      ],
    }
  },
})

/** What an order, as it stands now, has added to counters: the sum of what its events have. */
export function countedOps(order: Order, timeZone: string): WriteOp[] {
  const isCancelled = order.state === 'cancelled'
  const given = isCancelled ? [] : givenBy(order.promos, 1)
  for (const line of order.lines) {
    for (const [place, off, credited] of givenToUnits(line, 0, order.returned[line.id] ?? 0)) {
      const promo = order.promos[place]?.id
      if (promo !== undefined)
        given.push({ promo, redemptions: 0, discount_minor: 0 - off, credit_minor: 0 - credited })
    }
  }
  const paid = { paid_minor: order.total_minor - order.given_back.refund_minor }
  const counts = isCancelled ? { cancelled: 1, ...paid } : { orders: 1, ...paid }
  return countOps(order.id, shopDay(order.placed_at, timeZone), counts, given)
}

/** Handles any of the three. What is not one of them is refused as every handler refuses it. */
export async function countOrders(
  { settings, ...deps }: HandlerDeps & Pick<Deps, 'settings'>,
  event: unknown,
  delivery: Delivery,
): Promise<void> {
  const { timeZone } = settings
  const handlers: Partial<Record<EventType, ReturnType<typeof projection>>> = {
    order_placed: projection(placed(timeZone)),
    order_cancelled: projection(cancelled(timeZone)),
    order_returned: projection(returned(timeZone)),
  }
  const { type } = event as { type?: EventType }
  const handle = type === undefined ? undefined : handlers[type]
  if (!handle) throw new KramError('invalid', 'wrong_event_type', `${handler} takes events of orders alone.`)
  await handle(deps, event, delivery)
}

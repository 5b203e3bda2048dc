// What must be true when the shop has come to rest: nothing lost, nothing left over, nothing without a reason.
import type { KramEvent } from '../../events/catalog.ts'
import { keys } from '../../lib/app/keys.ts'
import { toMs } from '../../lib/base/time.ts'
import type { BusEvent } from '../../lib/ports/bus.ts'
import type { Item } from '../../lib/ports/table.ts'
import { obviousItems } from '../support/obvious-fold.ts'
import { sortNames } from '../support/sort-names.ts'
import { same } from './json.ts'
import type { MemoryStore } from './memory-store.ts'
import type { Taken } from './model-bus.ts'
import { missingVouchers } from './oracle-given.ts'
import type { SimShop } from './shop.ts'
import { checkRebuilt, checkReconciled } from './whole-table.ts'

/** What handlers keep for themselves, and what no event tells of: not part of what a fold of the events makes. */
const apart = /^(?:seen|outbox|decided|deadletter|unknown|promo|promos|redeemed)(?:#|$)/

/** The state that follows from events alone, as text. */
export const stateText = (store: MemoryStore): string =>
  store
    .scan()
    .filter(({ pk }) => !apart.test(pk))
    .map((item) => JSON.stringify(sortNames(item)))
    .join('\n')

type Letter = {
  subscription: string
  eventId: string
  code: string
  message: string
  retryable: boolean
  nextTryAt?: string
  discarded?: string
}

/** Of the event in the letter, or in an object of its own. */
function letterEventId({ world, objects }: SimShop, { pk, event, event_object }: Item): string {
  const object = objects.get(String(event_object))
  const text = object && new TextDecoder().decode(object.bytes)
  const found = (event ?? (text && JSON.parse(text))) as BusEvent | undefined
  if (!found) world.fail(`${pk} has lost its event`)
  return found?.detail.id ?? ''
}

function lettersOf(shop: SimShop): Letter[] {
  if (shop.kind === 'embedded') {
    return shop.bus.deadLetters.list().map(({ event, ...rest }) => ({ ...rest, eventId: event.id }))
  }
  return shop.store
    .scan('deadletter#')
    .filter(({ sk }) => sk === 'letter')
    .map((item) => {
      const { subscription, code, message, retryable, next_try_at, discarded } = item as Item & {
        [name: string]: never
      }
      const eventId = letterEventId(shop, item)
      return { subscription, code, message, retryable, eventId, nextTryAt: next_try_at, discarded } as unknown as Letter
    })
}

/** Whether there is an event that people gave up, so that nobody has handled it. */
export const hasDiscarded = (shop: SimShop): boolean => lettersOf(shop).some(({ discarded }) => discarded !== undefined)

/** Why an event may have ended as a dead letter; undefined: for no good reason. */
function excuse(shop: SimShop, { detail }: BusEvent): string | undefined {
  if (shop.isUsedTwice(detail.id)) return 'conflict'
  if (shop.poisoned.has(detail.id)) return 'poisoned'
  const { customer_id, product_id } = detail.data ?? {}
  if (customer_id !== undefined && !shop.store.peek(keys.profile(String(customer_id)))) return 'unknown customer'
  if (product_id !== undefined && !shop.store.peek(keys.product(String(product_id)))) return 'unknown product'
  return undefined
}

function wasHandled({ store }: SimShop, name: string, { event: { detail }, hash }: Taken): boolean {
  if (name === 'reload-promos') return true
  if (name === 'on-unknown-event') return store.peek(keys.unknown(detail.id)) !== undefined
  return store.peek(keys.seen(detail.id, name))?.hash === hash
}

function checkEvents(shop: SimShop): void {
  const { world, bus, router } = shop
  const letters = Map.groupBy(lettersOf(shop), ({ subscription, eventId }) => `${subscription} ${eventId}`)
  for (const taken of bus.log) {
    const { event, given } = taken
    for (const name of router.route(given ? { ...event, 'replay-name': 'given' } : event)) {
      if (wasHandled(shop, name, taken)) continue
      const [letter] = letters.get(`${name} ${event.detail.id}`) ?? []
      if (!letter) world.fail(`${name} never handled ${event.detail.id}, and there is no dead letter`)
      else if (!letter.code || !letter.message) world.fail(`the dead letter of ${event.detail.id} does not say why`)
      else if (letter.discarded === undefined && !excuse(shop, event)) {
        world.fail(
          `${event.detail.id} is a dead letter of ${name} for no good reason: ${letter.code} ${letter.message}`,
        )
      }
    }
  }
  for (const { eventId, retryable, nextTryAt, subscription, discarded } of [...letters.values()].flat()) {
    // One that people have just asked for is due at once.
    const goesOn = nextTryAt !== undefined && toMs(nextTryAt) > world.nowMs
    if (shop.poisoned.has(eventId) && ((retryable && discarded === undefined) || goesOn)) {
      world.fail(`${subscription} tries the poisoned ${eventId} for ever`)
    }
  }
}

function checkOutbox(shop: SimShop): void {
  const { world, store, bus, oracle } = shop
  for (const { pk, rejected } of store.scan('outbox#')) {
    const id = pk.slice('outbox#'.length)
    if (rejected === undefined) world.fail(`${id} still waits in the outbox`)
    else if (!shop.isUsedTwice(id)) world.fail(`${id} was set aside: ${JSON.stringify(rejected)}`)
  }
  for (const [id, why] of oracle.owed) if (!bus.has(id)) world.fail(`${id} ${why}, and the bus never had it`)
  for (const id of shop.acknowledged) {
    if (!bus.has(id)) world.fail(`${id} was acknowledged, and the bus never had it`)
  }
}

/** Where somebody of the city was greeted a voucher was granted; what was discarded is kept, with the reason. */
function checkKept(shop: SimShop): void {
  const { world, bus, router, store } = shop
  for (const taken of bus.log) {
    const { event, given } = taken
    if (given || event['detail-type'] !== 'new_customer' || !router.route(event).includes('greet-city')) continue
    const voucher = `voucher_granted#welcome#${event.detail.data?.id}`
    if (wasHandled(shop, 'greet-city', taken) && !bus.has(voucher)) world.fail(`nobody was told of ${voucher}`)
  }
  for (const id of shop.discarded.letters) {
    const letter = store.peek(keys.deadLetter(id))
    if (!letter?.discarded) world.fail(`the letter ${id} was discarded, and is gone or does not say why`)
  }
  for (const [pk, key] of shop.discarded.aside) {
    if (!store.peek(key)?.discarded) world.fail(`${pk} was discarded, and is gone or does not say why`)
  }
}

function checkVouchers({ world, bus }: SimShop): void {
  const granted = new Map<string, string>()
  for (const { event } of bus.log) {
    if (event['detail-type'] !== 'voucher_granted' || event.detail.causationid === undefined) continue
    const { id } = event.detail.data as { id: string }
    const other = granted.get(id) ?? event.detail.id
    if (other !== event.detail.id) world.fail(`the voucher ${id} was granted twice: ${other}, ${event.detail.id}`)
    granted.set(id, other)
  }
}

/** What count-orders has counted is what the events say that it has handled: of orders, of what was paid, of redemptions. */
function checkCounted(shop: SimShop): void {
  const expected = new Map<string, number>()
  const actual = new Map<string, number>()
  const add = (sums: Map<string, number>, name: string, by: number) => void sums.set(name, (sums.get(name) ?? 0) + by)
  const events = new Map(shop.bus.log.map((taken) => [taken.event.detail.id, taken]))
  for (const taken of events.values()) {
    const { event } = taken
    if (!event['detail-type'].startsWith('order_') || !wasHandled(shop, 'count-orders', taken)) continue
    const data = event.detail.data ?? {}
    add(expected, 'paid_minor', Number(data.total_minor ?? 0) - Number(data.refund_minor ?? 0))
    if (event['detail-type'] === 'order_returned') continue
    const isPlaced = event['detail-type'] === 'order_placed'
    add(expected, 'orders', isPlaced ? 1 : -1)
    const order = events.get(String(data.order_id))
    const promos = (order?.event.detail.data?.promos ?? []) as { id: string }[]
    for (const { id } of promos) add(expected, `redemptions:${id}`, isPlaced ? 1 : -1)
  }
  for (const item of shop.store.scan('statistics#2')) {
    for (const [name, value] of Object.entries(item)) {
      if (/^(?:orders|paid_minor)$|^redemptions:/.test(name)) add(actual, name, Number(value))
    }
  }
  for (const name of new Set([...expected.keys(), ...actual.keys()])) {
    const [should, is] = [expected.get(name) ?? 0, actual.get(name) ?? 0]
    if (should !== is) shop.world.fail(`${name}: ${is} counted, and events say ${should}`)
  }
}

function checkFold({ world, store, oracle }: SimShop): void {
  const handled: KramEvent[] = oracle.handled.toSorted((a, b) => a.position - b.position).map(({ event }) => event)
  // What is counted of orders by the day is watched apart.
  const actual = store.scan().filter(({ pk }) => !apart.test(pk) && !pk.startsWith('statistics#'))
  const expected = obviousItems(handled, oracle.stocked)
  const at = actual.findIndex((item, i) => !same(item, expected[i]))
  if (at < 0 && actual.length === expected.length) return
  const [is, should] = [actual[at < 0 ? actual.length : at], expected[at < 0 ? actual.length : at]]
  world.fail(
    `the table is not what its events make:\nis        ${JSON.stringify(is)}\nshould be ${JSON.stringify(should)}`,
  )
}

/** Nothing is a dead letter, and no id was used for two events: what the shop's own tools say must then be `all well`. */
function isPlain(shop: SimShop): boolean {
  return lettersOf(shop).length === 0 && [...shop.oracle.known.values()].every((variants) => variants.length === 1)
}

/** Purchases that name an order which nobody placed. */
const hasMadeUpOrders = ({ oracle }: SimShop): boolean =>
  [...oracle.purchases.values()].some(
    ({ item: { order_id } }) => order_id !== undefined && !oracle.orders.orders.has(String(order_id)),
  )

/** The promises that hold when nothing is left to do. */
export async function checkRest(shop: SimShop): Promise<void> {
  const { world, oracle, queue } = shop
  if (queue.length > 0) world.fail(`${queue.length} failures are still in the queue`)
  checkEvents(shop)
  checkOutbox(shop)
  checkVouchers(shop)
  checkKept(shop)
  const saves = oracle.promos.saved.length
  if (oracle.promos.snapshotSet() !== saves) {
    world.fail(`${saves} saves of promotions, and the snapshot has ${oracle.promos.snapshotSet()}`)
  }
  checkFold(shop)
  checkCounted(shop)
  if (world.violation || !isPlain(shop)) return
  const missing = missingVouchers(oracle.orders.orders.values(), shop.store)
  if (missing.length > 0) world.fail(`${missing} was promised by an order, and nobody has it`)
  if (world.rng.chance(0.5) && !hasMadeUpOrders(shop)) await checkReconciled(shop)
  if (world.rng.chance(0.1)) await checkRebuilt(shop)
}

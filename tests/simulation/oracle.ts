// Watches every write of a schedule and says what it should have been: obviously, and without the product's folds. A
// write that breaks a promise ends the schedule.
import type { KramEvent } from '../../events/catalog.ts'
import { contentHash } from '../../lib/app/content-hash.ts'
import { keys } from '../../lib/app/keys.ts'
import type { Envelope } from '../../lib/ports/bus.ts'
import type { Item, Key } from '../../lib/ports/table.ts'
import { calledAfter } from './called-after.ts'
import { frozen, same as isSame } from './json.ts'
import type { Change, MemoryStore } from './memory-store.ts'
import type { Running } from './model-bus.ts'
import { orderOracle } from './oracle-orders.ts'
import { promoOracle } from './oracle-promos.ts'
import type { OrderPlacedData } from './order-data.ts'

type Of<T extends KramEvent['type']> = KramEvent<T>
type Known = { event: Envelope; hash: string }
type Priced = { event: Of<'new_product'>; step: number }
type Bought = { event: Of<'customer_buys_product'>; item: Item; position: number }

export type Oracle = ReturnType<typeof createOracle>

export type OracleOptions = {
  fail: (text: string) => void
  step: () => number
  store: () => MemoryStore
  /** Whether the bus has taken an event with this id. */
  onBus: (id: string) => boolean
}

const name = ({ pk, sk }: Key): string => `${pk}/${sk}`
const byTimeThenId = (a: KramEvent, b: KramEvent): number =>
  a.time < b.time || (a.time === b.time && a.id < b.id) ? -1 : 1
const eventIn = (item: Item | undefined): Envelope => item?.event as unknown as Envelope
const kindOf = ({ pk }: Key): string | undefined => pk.split('#', 1)[0]

/** They decide or emit, and never run in a replay. */
const reactors: ReadonlySet<string> = new Set(['greet-city', 'score-customer', 'grant-vouchers'])

const orderHandlers: ReadonlySet<string> = new Set(['on-order-placed', 'on-order-cancelled', 'on-order-returned'])

const followedUp: { [handler: string]: true } = {
  'on-new-customer': true,
  'on-customer-buys-product': true,
  'on-voucher-granted': true,
}

export function createOracle({ fail, step, store, onBus }: OracleOptions) {
  /** Every envelope that was ever on its way, by id: requests that are repeated carry one id at several times. */
  const known = new Map<string, Known[]>()
  const running = new Map<string, Running[]>()
  const customers = new Map<string, Of<'new_customer'>[]>()
  const products = new Map<string, Priced[]>()
  const purchases = new Map<string, Bought>()
  const vouchers = new Map<string, Of<'voucher_granted'>[]>()
  const units = new Map<string, { [counter: string]: number }>()
  /** In the order in which their projection's write was done. */
  const handled: { event: KramEvent; position: number }[] = []
  const stocked: KramEvent[] = []
  /** Events that must be on the bus in the end. */
  const owed = new Map<string, string>()
  const promos = promoOracle({ fail, store })
  const orders = orderOracle({ fail, store, onBus, configOf: promos.configOf })

  const same = (what: string, actual: unknown, expected: unknown): void => {
    if (isSame(actual, expected)) return
    fail(`${what}: is ${JSON.stringify(actual)}, should be ${JSON.stringify(expected)}`)
  }

  function learn(event: Envelope): void {
    const list = known.get(event.id) ?? []
    known.set(event.id, list)
    if (list.some((other) => isSame(other.event, event))) return
    list.push({ event: frozen(event), hash: contentHash(event) })
  }

  function add(key: Key, counter: string, by: number): void {
    const counters = units.get(name(key)) ?? {}
    counters[counter] = (counters[counter] ?? 0) + by
    units.set(name(key), counters)
  }

  function checkCounters(key: Key): void {
    const { pk: _pk, sk: _sk, ...stored } = store().peek(key) ?? { ...key }
    same(`${name(key)} counts what was bought`, stored, units.get(name(key)) ?? {})
  }

  const folded = (events: readonly KramEvent[]) => {
    const sorted = events.toSorted(byTimeThenId)
    const [first, last] = [sorted[0] as KramEvent, sorted.at(-1) as KramEvent]
    const revision = `${first.time} ${last.time} ${last.id}`
    return {
      last,
      sort: first.time,
      fields: { first_time: first.time, event_time: last.time, event_id: last.id, revision },
    }
  }

  const productOf = ({ data: { price, ...rest } }: Of<'new_product'>) => ({
    ...rest,
    price_minor: Math.round(price * 100),
  })

  function checkListed(changes: readonly Change[], key: Key, list: string, sort: string): void {
    const change = changes.find((one) => name(one.key) === name(key))
    if (change) same(`the place of ${name(key)} in its list`, change.list, { name: list, sort })
  }

  function newCustomer(event: Of<'new_customer'>, changes: readonly Change[]): void {
    const { id } = event.data
    const events = [...(customers.get(id) ?? []), event]
    customers.set(id, events)
    const { last, fields, sort } = folded(events)
    same(`the profile of ${id}`, store().peek(keys.profile(id)), { ...keys.profile(id), ...last.data, ...fields })
    checkListed(changes, keys.profile(id), 'customers', `${sort}#${id}`)
  }

  function newProduct(event: Of<'new_product'>, changes: readonly Change[]): void {
    const { id } = event.data
    const priced = [...(products.get(id) ?? []), { event, step: step() }]
    products.set(id, priced)
    const { last, fields, sort } = folded(priced.map((one) => one.event))
    const shown = { ...keys.product(id), ...productOf(last as Of<'new_product'>), ...fields }
    same(`the product ${id}`, store().peek(keys.product(id)), shown)
    const price = keys.price(id, event.time, event.id)
    const entry = { ...price, ...productOf(event), time: event.time, event_id: event.id }
    same(`the price of ${event.id}`, store().peek(price), entry)
    checkListed(changes, keys.product(id), 'products', `${sort}#${id}`)
  }

  /** The product as somebody who looked after `seen` of its prices had been stored must have found it. */
  function productAt(priced: readonly Priced[], time: string) {
    const sorted = priced.map(({ event }) => event).sort(byTimeThenId)
    const found = sorted.findLast((event) => event.time <= time) ?? sorted[0]
    return found && productOf(found)
  }

  /** What the purchase may look like: its prices may have been read at any moment since somebody began to handle it. */
  function purchasePictures(event: Of<'customer_buys_product'>): { item: Item; position: number }[] {
    const { customer_id, product_id, quantity, price_minor, ...order } = event.data
    const priced = products.get(product_id) ?? []
    const began = Math.min(...runningFor('on-customer-buys-product', event.id).map((one) => one.began))
    const from = priced.filter((one) => one.step <= began).length
    return Array.from({ length: priced.length - from + 1 }, (_, i) => i + from).flatMap((count) => {
      const source = productAt(priced.slice(0, count), event.time)
      if (!source) return []
      const item: Item = {
        ...keys.purchase(customer_id, event.time, event.id),
        ...source,
        ...order,
        price_minor: price_minor ?? source.price_minor,
        quantity,
        timestamp_ms: new Date(event.time).getTime(),
        event_id: event.id,
        event_time: event.time,
      }
      return [{ item, position: priced[count]?.step ?? Number.POSITIVE_INFINITY }]
    })
  }

  function purchase(event: Of<'customer_buys_product'>, changes: readonly Change[]) {
    const { customer_id, quantity } = event.data
    const key = keys.purchase(customer_id, event.time, event.id)
    const stored = changes.find((one) => name(one.key) === name(key))?.after
    const pictures = purchasePictures(event)
    const match = pictures.findLast(({ item }) => isSame(item, stored))
    if (!match) return same(`the purchase ${event.id}`, stored, pictures.at(-1)?.item)
    if (purchases.has(event.id)) fail(`the purchase ${event.id} is there twice`)
    orders.checkPurchase(event)
    const position = Math.min(step(), match.position - 0.5)
    purchases.set(event.id, { event, item: match.item, position })
    const stats = keys.stats(customer_id, event.time.slice(0, 10))
    add(stats, `units:${match.item.type}`, quantity)
    checkCounters(stats)
    handled.push({ event, position })
  }

  function stock(event: Of<'customer_buys_product'>): void {
    const key = keys.stock(event.data.product_id, event.id)
    stocked.push(event)
    add(key, 'units', event.data.quantity)
    checkCounters(key)
  }

  function voucher(event: Of<'voucher_granted'>): void {
    const { customer_id, ...data } = event.data
    const key = keys.voucher(customer_id, data.id)
    const events = [...(vouchers.get(name(key)) ?? []), event]
    vouchers.set(name(key), events)
    const first = events.toSorted(byTimeThenId)[0] as Of<'voucher_granted'>
    const { customer_id: _customer, ...granted } = first.data
    const timestamp_ms = new Date(first.time).getTime()
    const item = { ...key, ...granted, timestamp_ms, event_time: first.time, event_id: first.id }
    same(`the voucher ${data.id}`, store().peek(key), item)
  }

  const runningFor = (handler: string, eventId: string): Running[] => running.get(`${handler} ${eventId}`) ?? []

  /** A marker was written: what it says was done must lie beside it. */
  function marked({ key, before, after }: Change, changes: readonly Change[]) {
    const [id, handler] = [key.pk.slice('seen#'.length), key.sk]
    if (before) return fail(`${name(key)} was there already`)
    const variants = (known.get(id) ?? []).flatMap(({ event, hash }) => (hash === after?.hash ? [event] : []))
    const event = variants.find((one) => changes.some(({ key: { sk } }) => sk.includes(`#${one.time}#`))) ?? variants[0]
    if (!event) return fail(`${handler} handled ${id}, which nobody sent`)
    const whom = runningFor(handler, id)
    if (whom.length === 0) return fail(`${handler} wrote ${id}, which nobody gave it`)
    const typed = event as KramEvent
    checkFollowUps(
      typed,
      handler,
      changes,
      whom.every(({ replay }) => replay),
    )
    if (handler === 'count-stock' && typed.type === 'customer_buys_product') return stock(typed)
    if (reactors.has(handler)) {
      if (whom.every(({ replay }) => replay)) fail(`${handler} took ${id} from a replay`)
      return
    }
    if (typed.type === 'new_customer') newCustomer(typed, changes)
    else if (typed.type === 'new_product') newProduct(typed, changes)
    else if (typed.type.startsWith('order_') && !orderHandlers.has(handler)) return
    else if (typed.type === 'voucher_granted') voucher(typed)
    else if (typed.type === 'customer_buys_product') return purchase(typed, changes)
    else if (!orderHandlers.has(handler)) fail(`${handler} has no business with ${id}`)
    handled.push({ event: typed, position: step() })
  }

  /** What follows from an event is in the same write, under an id that follows from it; in a replay there is nothing. */
  function checkFollowUps(event: KramEvent, handler: string, changes: readonly Change[], replayed: boolean) {
    const sent = changes.filter(({ key, op }) => key.pk.startsWith('outbox#') && op.op === 'put')
    if (replayed && sent.length > 0) return fail(`${handler} told of ${event.id} again in a replay`)
    for (const { after } of sent) {
      const { id, type, causationid, data } = eventIn(after)
      if (id === event.id) continue
      const expected = type === 'voucher_granted' ? `voucher_granted#${data.id}` : calledAfter(event.id, handler)
      if (causationid !== event.id) fail(`${id} does not name ${event.id} as its cause`)
      // Nobody is told of a customer by an older event than the profile's.
      if (event.type === 'new_customer' && type === 'customer_updated')
        same(`what ${id} tells`, data, { ...event.data, change: 'profile' })
      if (id !== expected) fail(`the follow-up of ${event.id} is called ${id}, should be ${expected}`)
      owed.set(id, `follows from ${event.id}`)
    }
    const putsCollection = changes.some(({ key, op, before }) => {
      return op.op === 'put' && key.pk.startsWith('customer#') && !(before && key.sk.startsWith('voucher#'))
    })
    const isLatest = event.type !== 'new_customer' || store().peek(keys.profile(event.data.id))?.event_id === event.id
    if (!replayed && followedUp[handler] && putsCollection && isLatest && !mayBeReplay(handler, event.id)) {
      const told = sent.some(({ after }) => eventIn(after).id === calledAfter(event.id, handler))
      if (!told) fail(`${handler} wrote ${event.id} and left nobody to tell of it`)
    }
  }

  const mayBeReplay = (handler: string, id: string): boolean => runningFor(handler, id).some(({ replay }) => replay)

  function outbox({ key, op, before, after }: Change) {
    const id = key.pk.slice('outbox#'.length)
    if (op.op === 'delete') {
      if (before && !onBus(id)) fail(`${id} left the outbox, and the bus never had it`)
      const gone = eventIn(before)
      if (gone?.type === 'order_placed') orders.checkTold(gone.data as unknown as OrderPlacedData)
      return
    }
    const event = after?.event as Envelope
    if (event.id !== id) fail(`${name(key)} holds ${event.id}`)
    const was = before?.event as Envelope | undefined
    if (was && contentHash(was) !== contentHash(event)) fail(`${name(key)} was written over`)
    learn(event)
  }

  /** Whoever places or changes an order makes its event, and writes what follows from it at once. */
  function ordered({ key, op, after }: Change, changes: readonly Change[]): void {
    const event = key.pk.startsWith('outbox#order_') || op.op === 'put' ? eventIn(after) : undefined
    if (!key.pk.startsWith('outbox#') || !event?.type.startsWith('order_')) return
    const marker = changes.find((one) => one.key.pk === `seen#${event.id}`)
    if (!marker) return
    learn(event)
    begin({ subscription: marker.key.sk, event: { detail: event } as never, replay: false, began: step() })
    if (event.type !== 'order_placed') return
    const data = event.data as unknown as OrderPlacedData
    for (const line of data.lines) owed.set(`${event.id}:${line.id}`, `is a line of the order ${event.id}`)
  }

  function begin(one: Running): () => void {
    const key = `${one.subscription} ${one.event.detail.id}`
    const others = running.get(key) ?? []
    running.set(key, others)
    others.push(one)
    return () => void others.splice(others.indexOf(one), 1)
  }

  function letter({ key, after }: Change) {
    if (key.sk !== 'letter' || !after) return
    if (!after.code || !after.message) fail(`${name(key)} does not say why`)
    if (after.discarded === '') fail(`${name(key)} was discarded without a reason`)
  }

  function other(change: Change, changes: readonly Change[]): void {
    const { key, before, after, op } = change
    if (key.pk.startsWith('customer#') || key.pk.startsWith('product#') || key.pk.startsWith('stock#')) {
      if (!changes.some((one) => one.key.pk.startsWith('seen#'))) fail(`${name(key)} was written without a marker`)
      if (op.op === 'delete') fail(`${name(key)} was deleted`)
      if (key.sk.startsWith('purchase#') && before) fail(`${name(key)} was written over`)
      if (key.sk.startsWith('price#') && before) fail(`${name(key)} was written over`)
      if (key.sk.startsWith('stats#') || key.pk.startsWith('stock#')) checkCounters(key)
    } else if (key.pk.startsWith('decided#') && before) fail(`${name(key)} was decided twice`)
    else if (key.pk.startsWith('unknown#') && before) {
      const discarded = after?.discarded
      same(name(key), after, discarded === undefined ? before : { ...before, discarded })
    }
  }

  return {
    learn,
    known,
    handled,
    owed,
    stocked,
    customers,
    products,
    promos,
    orders,
    purchases,
    /** Somebody begins to handle an event, and may write it from now on. */
    begin,
    /** Called with every write that was done. */
    observe(changes: Change[]): void {
      for (const change of changes) ordered(change, changes)
      for (const change of changes) {
        const { pk } = change.key
        if (pk.startsWith('seen#')) marked(change, changes)
      }
      for (const change of changes) {
        const kind = kindOf(change.key)
        if (kind === 'outbox') outbox(change)
        else if (kind === 'deadletter') letter(change)
        else if (kind !== 'seen' && kind !== 'promo' && kind !== 'promos') other(change, changes)
      }
      promos.observe(changes)
      orders.observe(changes)
    },
  }
}

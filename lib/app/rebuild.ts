// Rebuilding: the whole log folded into a fresh table, and the comparison with the table that serves. What projections
// made must come out byte for byte; what depends on when an event arrived is named, not hidden.
import { canonicalJson } from '../base/canonical-json.ts'
import { isRetryable, KramError } from '../base/errors.ts'
import { utcDay } from '../base/time.ts'
import type { Archive, Envelope } from '../ports/bus.ts'
import type { Item, Table } from '../ports/table.ts'
import { productOf } from '../shop/product.ts'
import { productKey, statsCounter } from './keys.ts'
import { isOutboxItem } from './outbox.ts'
import { allItems } from './pages.ts'

/** A function that takes replays: whether its rule wants an event, and the function itself as in a replay. */
export type Projection = {
  name: string
  wants: (event: Envelope) => boolean
  apply: (event: Envelope) => Promise<void>
}

/** An event that a projection could not handle, at last. The live shop has a dead letter for the same reason. */
export type Unhandled = { event_id: string; type: string; subscription: string; code: string; message: string }

export type Folded = { events: number; unhandled: Unhandled[] }

/** Handled at once: enough that writes share a transaction. */
const together = 64

const everything = { from: '1970-01-01T00:00:00.000Z', to: '9999-12-31T23:59:59.999Z' }

type Failed = { event: Envelope; projection: Projection; error: unknown }

async function applyAll(deliveries: readonly { event: Envelope; projection: Projection }[]): Promise<Failed[]> {
  const results = await Promise.all(
    deliveries.map(async ({ event, projection }) => {
      try {
        await projection.apply(event)
        return undefined
      } catch (error) {
        return { event, projection, error }
      }
    }),
  )
  return results.filter((result) => result !== undefined)
}

const byTime = (a: Envelope, b: Envelope): number => (a.time < b.time || (a.time === b.time && a.id < b.id) ? -1 : 1)

/**
 * Folds the log into the table that the projections write: products first, by the time of their events, so that every
 * price is known when a purchase asks for it; the rest in the log's order. What fails because something is not there
 * yet is tried again as long as that helps. `onProgress` gets the events that were read since the last call.
 */
export async function foldLog(
  archive: Archive,
  projections: readonly Projection[],
  onProgress: (events: number) => void = () => {},
): Promise<Folded> {
  const deliveriesOf = (event: Envelope) =>
    projections.filter(({ wants }) => wants(event)).map((projection) => ({ event, projection }))
  let failed: Failed[] = []

  const products: Envelope[] = []
  for await (const { event } of archive.read({ ...everything, pattern: { 'detail-type': ['new_product'] } })) {
    products.push(event)
  }
  products.sort(byTime)
  for (let at = 0; at < products.length; at += together) {
    failed.push(...(await applyAll(products.slice(at, at + together).flatMap(deliveriesOf))))
  }
  onProgress(products.length)

  let events = products.length
  let group: Envelope[] = []
  const flush = async (): Promise<void> => {
    failed.push(...(await applyAll(group.flatMap(deliveriesOf))))
    onProgress(group.length)
    group = []
  }
  const rest = { ...everything, pattern: { 'detail-type': [{ 'anything-but': ['new_product'] }] } }
  for await (const { event } of archive.read(rest)) {
    events++
    group.push(event)
    if (group.length === together) await flush()
  }
  await flush()

  for (let before = -1; before !== failed.length; ) {
    before = failed.length
    const again = failed.filter(({ error }) => isRetryable(error))
    const lost = failed.filter(({ error }) => !isRetryable(error))
    failed = [...lost, ...(await applyInGroups(again))]
  }
  return { events, unhandled: failed.map(unhandledOf) }
}

async function applyInGroups(deliveries: readonly Failed[]): Promise<Failed[]> {
  const failed: Failed[] = []
  for (let at = 0; at < deliveries.length; at += together) {
    failed.push(...(await applyAll(deliveries.slice(at, at + together))))
  }
  return failed
}

const unhandledOf = ({ event, projection, error }: Failed): Unhandled => ({
  event_id: event.id,
  type: event.type,
  subscription: projection.name,
  code: error instanceof KramError ? error.code : 'handler_error',
  message: error instanceof Error ? error.message : String(error),
})

// ------------------------------------------------------------------------------------------------------ comparing

/** What projections make, by the kind under which the report counts it. Everything else is the handlers' own business. */
const kinds: readonly [kind: string, pk: RegExp, sk: RegExp][] = [
  ['customers', /^customer#/, /^profile$/],
  ['purchases', /^customer#/, /^purchase#/],
  ['vouchers', /^customer#/, /^voucher#/],
  ['orders', /^order#/, /^(?:order$|return#)/],
  ['order lines of documents', /^customer#/, /^orders?(?:#|$)/],
  ['statistics', /^customer#/, /^stats#/],
  ['products', /^product#/, /^current$/],
  ['prices', /^product#/, /^price#/],
  ['stock', /^stock#/, /^shard#/],
  ['promotions by day', /^statistics#/, /^/],
]

const kindOf = ({ pk, sk }: Item): string | undefined => kinds.find(([, p, s]) => p.test(pk) && s.test(sk))?.[0]

/** `missing`: in the live table alone. `extra`: in the rebuilt one alone. */
export type Difference = { key: string; kind: string; how: 'missing' | 'extra' | 'different'; fields: string[] }

/** A purchase that got a price (or type, or name) which an event, come later, has since corrected for its moment. */
export type LatePrice = { key: string; live_minor: number; rebuilt_minor: number }

export type Comparison = {
  equal: { [kind: string]: number }
  late_prices: LatePrice[]
  /** Events in the live table's outbox: what they tell is there, and not in the log yet. */
  waiting: number
  /** How many there are; the first `differencesShown` of them follow. */
  difference_count: number
  differences: Difference[]
}

const differencesShown = 50

/** What a purchase takes from the product's history. */
const fromHistory = new Set(['price_minor', 'name', 'type', 'attributes'])

/**
 * Whether a purchase differs by nothing but a price event that came after it: then what it says was true at another
 * moment of the product's history. What was never true is damage; and an order's purchase brings its price itself.
 */
async function isLatePrice(live: Item, fields: readonly string[], history: Table): Promise<boolean> {
  if (!fields.every((name) => fromHistory.has(name))) return false
  const ordered = live.order_id !== undefined
  if (ordered && fields.includes('price_minor')) return false
  for await (const entry of allItems(history, { pk: productKey(String(live.id)), prefix: 'price#' })) {
    const then: { [name: string]: unknown } = productOf(entry)
    const names = [...fromHistory].filter((name) => !(ordered && name === 'price_minor'))
    if (names.every((name) => canonicalJson(then[name]) === canonicalJson(live[name]))) return true
  }
  return false
}

async function* comparable(
  table: Table,
  other: (item: Item) => void = () => {},
): AsyncGenerator<{ item: Item; kind: string }> {
  for await (const item of table.scan()) {
    const kind = kindOf(item)
    if (kind !== undefined) yield { item, kind }
    else other(item)
  }
}

const differingFields = (a: Item, b: Item): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => canonicalJson(a[name]) !== canonicalJson(b[name]))
    .toSorted()

const keyOf = ({ pk, sk }: Item): string => `${pk}/${sk}`

// Keys in the order in which tables are scanned: by UTF-8 bytes of pk, then of sk.
const compareKeys = (a: Item, b: Item): number =>
  Buffer.compare(Buffer.from(a.pk), Buffer.from(b.pk)) || Buffer.compare(Buffer.from(a.sk), Buffer.from(b.sk))

/**
 * How many units the days' statistics of customers differ by, because a price that came late also had another type: key
 * of the statistics -> counter -> units more in the rebuilt table. A customer's purchases are compared before them.
 */
type Moved = Map<string, Map<string, number>>

function moveUnits(moved: Moved, live: Item, rebuilt: Item): void {
  if (live.type === rebuilt.type) return
  const key = `${live.pk}/stats#${utcDay(String(live.event_time))}`
  const counters = moved.get(key) ?? new Map<string, number>()
  const add = (type: unknown, units: number): void => {
    const name = statsCounter(String(type))
    counters.set(name, (counters.get(name) ?? 0) + units)
  }
  add(live.type, -Number(live.quantity))
  add(rebuilt.type, Number(live.quantity))
  moved.set(key, counters)
}

/** Whether the statistics differ by nothing but the purchases whose type differs. */
const onlyMoved = (live: Item, rebuilt: Item, fields: readonly string[], counters: Map<string, number>): boolean =>
  fields.every((name) => Number(live[name] ?? 0) + (counters.get(name) ?? 0) === Number(rebuilt[name] ?? 0))

/** Compares what projections made in both tables, item by item, without holding either in memory. */
export async function compareTables(live: Table, rebuilt: Table): Promise<Comparison> {
  const result: Comparison = { equal: {}, late_prices: [], waiting: 0, difference_count: 0, differences: [] }
  const moved: Moved = new Map()
  const differs = (difference: Difference): void => {
    result.difference_count++
    if (result.differences.length < differencesShown) result.differences.push(difference)
  }
  const left = comparable(live, (item) => {
    if (isOutboxItem(item)) result.waiting++
  })
  const right = comparable(rebuilt)
  let [a, b] = await Promise.all([left.next(), right.next()])
  while (!a.done || !b.done) {
    const order = a.done ? 1 : b.done ? -1 : compareKeys(a.value.item, b.value.item)
    if (order < 0 && !a.done) {
      differs({ key: keyOf(a.value.item), kind: a.value.kind, how: 'missing', fields: [] })
      a = await left.next()
    } else if (order > 0 && !b.done) {
      differs({ key: keyOf(b.value.item), kind: b.value.kind, how: 'extra', fields: [] })
      b = await right.next()
    } else if (!a.done && !b.done) {
      await judge(a.value, b.value.item, { rebuilt, result, moved, differs })
      ;[a, b] = await Promise.all([left.next(), right.next()])
    }
  }
  return result
}

type Judging = { rebuilt: Table; result: Comparison; moved: Moved; differs: (difference: Difference) => void }

async function judge(
  { item: live, kind }: { item: Item; kind: string },
  rebuilt: Item,
  { rebuilt: history, result, moved, differs }: Judging,
): Promise<void> {
  const { equal, late_prices } = result
  const fields = differingFields(live, rebuilt)
  if (fields.length === 0) {
    equal[kind] = (equal[kind] ?? 0) + 1
  } else if (kind === 'purchases' && (await isLatePrice(live, fields, history))) {
    late_prices.push({
      key: keyOf(live),
      live_minor: Number(live.price_minor),
      rebuilt_minor: Number(rebuilt.price_minor),
    })
    moveUnits(moved, live, rebuilt)
  } else if (kind !== 'statistics' || !onlyMoved(live, rebuilt, fields, moved.get(keyOf(live)) ?? new Map())) {
    differs({ key: keyOf(live), kind, how: 'different', fields })
  }
}

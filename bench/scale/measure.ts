// What one checkout and one order ask of the stores, measured by running the product's own use cases and handlers over a
// table that counts: items, bytes, units, events, invocations. No figure of it is guessed.
import { catalog } from '../../events/catalog.ts'
import { makeEvent } from '../../events/event.ts'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { checkOut } from '../../lib/app/checkout/check-out.ts'
import { defaultSettings } from '../../lib/app/deps.ts'
import { keys } from '../../lib/app/keys.ts'
import { readCounters } from '../../lib/app/orders/counters.ts'
import { placeOrder } from '../../lib/app/orders/place-order.ts'
import { promoCounter } from '../../lib/app/orders/usage.ts'
import { relayKeys } from '../../lib/app/outbox.ts'
import type { JsonValue } from '../../lib/base/json.ts'
import { toMs } from '../../lib/base/time.ts'
import { readService } from '../../lib/local/service.ts'
import { compileRouter } from '../../lib/patterns/compile.ts'
import type { BusEvent, Envelope } from '../../lib/ports/bus.ts'
import type { Item, Table, WriteOp } from '../../lib/ports/table.ts'
import { allocate } from '../../lib/promos/allocate.ts'
import { compilePromos } from '../../lib/promos/promo-set.ts'
import { parts, type SimDeps } from '../../tests/simulation/parts.ts'

/** Of one call or of many. Units are DynamoDB's: 4 KB read strongly, 1 KB written; a transaction's count double. */
export type Asked = {
  gets: number
  queries: number
  writes: number
  readUnits: number
  writeUnits: number
  writtenItems: number
  writtenBytes: number
}

const nothing = (): Asked => ({
  ...{ gets: 0, queries: 0, writes: 0, readUnits: 0, writeUnits: 0, writtenItems: 0, writtenBytes: 0 },
})

/** Bytes of a value as DynamoDB counts them: UTF-8 of texts, two digits a byte of numbers, three more for each list or map. */
function valueBytes(value: JsonValue): number {
  if (value === null || typeof value === 'boolean') return 1
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (typeof value === 'number') return Math.ceil(String(Math.abs(value)).replace('.', '').length / 2) + 1
  if (Array.isArray(value)) return 3 + value.reduce<number>((sum, one) => sum + 1 + valueBytes(one), 0)
  return 3 + Object.entries(value).reduce((sum, [name, one]) => sum + 1 + Buffer.byteLength(name) + valueBytes(one), 0)
}

/** Bytes of an item: names and values. */
export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0)

const units = (bytes: number, unit: number): number => Math.max(1, Math.ceil(bytes / unit))

/** A table that adds to `asked()` what is asked of it. */
function counting(table: Table, asked: () => Asked): Table {
  const storedBytes = async (op: WriteOp): Promise<number> => {
    const [stored] = await table.get([op.op === 'put' ? op.item : op.key])
    return stored ? itemBytes(stored) : 0
  }
  return {
    ...table,
    async get(wanted) {
      const items = await table.get(wanted)
      asked().gets++
      for (const item of items) asked().readUnits += units(item ? itemBytes(item) : 0, 4_096)
      return items
    },
    async query(query) {
      const page = await table.query(query)
      asked().queries++
      asked().readUnits += units(
        page.items.reduce((sum, item) => sum + itemBytes(item), 0),
        4_096,
      )
      return page
    },
    async write(ops) {
      const listed = ops.filter((op) => op.op === 'put' && op.list).length
      const gone = ops.filter((op) => op.op === 'delete').length
      const before = await Promise.all(ops.map(storedBytes))
      const written = await table.write(ops)
      const after = await Promise.all(ops.map(storedBytes))
      asked().writes++
      // Of what was and what is the larger one counts.
      for (const bytes of after.map((size, i) => Math.max(size, before[i] ?? 0))) {
        asked().writeUnits += 2 * units(bytes, 1_024)
        asked().writtenItems++
        asked().writtenBytes += bytes
      }
      // The listing index: an entry for what stands in a list, taken out with it.
      asked().writeUnits += listed + gone
      return written
    },
  }
}

const service = readService('serverless.yml')
const router = compileRouter(service.subscriptions)
const nowMs = toMs('2022-04-24T20:00:00.000Z')
const time = '2022-04-24T19:41:07.123Z'

const hotLimits = { uses: 1_000_000, budgetMinor: 100_000_000 }
const set = compilePromos(
  [
    {
      id: 'hot',
      state: 'live',
      actions: [{ type: 'percent_off', value: 10 }],
      limits: { uses: hotLimits.uses, budget_minor: hotLimits.budgetMinor },
    },
  ],
  { settings: defaultSettings, number: 1 },
)
const engine = { live: { current: async () => ({ set }) }, allocate }

export type Measured = {
  checkout: Asked
  order: Asked
  /** Reading the counters of the hot promotion, which warm instances do now and then. */
  counters: Asked
  /** By function: invocations and what they asked. */
  functions: Map<string, { invocations: number; asked: Asked }>
  /** By type: events and bytes of one. */
  events: Map<string, { count: number; bytes: number }>
  putEvents: number
  /** Items of the shop by what they are, in bytes. */
  items: Map<string, number>
}

/** One order of so many lines under a limit, and everything that follows from it, as serverless.yml sends it. */
export async function measure(lines: number): Promise<Measured> {
  const functions: Measured['functions'] = new Map()
  const events: Measured['events'] = new Map()
  let asked = nothing()
  const table = counting(createSqliteTable({ path: ':memory:' }), () => asked)
  const published: Envelope[] = []
  let putEvents = 0
  const bus = {
    async publish(batch: readonly Envelope[]) {
      putEvents += Math.ceil(batch.length / 10)
      published.push(...batch)
      return { accepted: batch.map(({ id }) => id), rejected: [] }
    },
  } as unknown as SimDeps['bus']
  const deps = {
    ...{ table, bus, clock: { now: () => nowMs }, random: { next: () => 0.5 }, settings: defaultSettings },
    ...{ objects: {}, functions: {} },
  } as unknown as SimDeps

  await fill(deps, lines)
  const cart = {
    customer_id: catalog.new_customer.example.id,
    lines: productIds(lines).map((product_id) => ({ product_id, quantity: 2 })),
  }
  const request = { orderId: 'order-1', cart, expectedTotalMinor: 100_000_000, tester: false, correlationId: 'order-1' }
  // The first order of a promotion finds its shards not made yet: the second is as all others.
  await placeOrder(deps, { ...request, orderId: 'order-0' }, engine)
  await table.write([{ op: 'delete', key: keys.outbox('order-0') }])
  asked = nothing()
  await checkOut(deps, cart, { tester: false }, engine)
  const checkout = asked
  asked = nothing()
  await placeOrder(deps, request, engine)
  const order = asked
  asked = nothing()
  await readCounters(table, [promoCounter('hot', hotLimits)])
  const counters = asked

  const called = async (name: string, act: () => Promise<unknown>): Promise<void> => {
    const entry = functions.get(name) ?? { invocations: 0, asked: nothing() }
    functions.set(name, entry)
    entry.invocations++
    asked = entry.asked
    await act()
  }
  /** The stream's relay, then every function whose rule wants what it sent; until nothing is left. */
  for (;;) {
    const waiting = (await table.list({ name: 'outbox' })).items
    for (const key of waiting) await called('relay-outbox', () => relayKeys(deps, [key]))
    const batch = published.splice(0)
    if (batch.length === 0 && waiting.length === 0) break
    for (const event of batch) {
      const known = events.get(event.type) ?? { count: 0, bytes: JSON.stringify(event).length }
      events.set(event.type, { ...known, count: known.count + 1 })
      const wrapped = { 'detail-type': event.type, source: event.source, detail: event } as unknown as BusEvent
      for (const name of router.route(wrapped)) {
        const handle = parts.handlers[name]
        await called(name, async () => handle?.(deps, wrapped, { replay: false }))
      }
    }
  }
  const items = new Map<string, number>()
  for await (const item of table.scan()) {
    const kind = `${item.pk.split('#')[0]} ${item.sk.split('#')[0]}`
    items.set(kind, Math.max(items.get(kind) ?? 0, itemBytes(item)))
  }
  await table.close()
  return { checkout, order, counters, functions, events, putEvents, items }
}

const productIds = (lines: number): string[] =>
  Array.from({ length: lines }, (_, i) => catalog.new_product.example.id.replace(/\d*$/, String(i + 1)))

/** The true examples of customer and product, handled as the shop does. */
async function fill(deps: SimDeps, lines: number): Promise<void> {
  const { new_customer, new_product } = catalog
  await parts.handlers['on-new-customer']?.(
    deps,
    { detail: makeEvent(new_customer, new_customer.example, { id: 'e1', time }) } as unknown as BusEvent,
    { replay: true },
  )
  for (const id of productIds(lines)) {
    const event = makeEvent(new_product, { ...new_product.example, id }, { id: `e-${id}`, time })
    await parts.handlers['on-new-product']?.(deps, { detail: event } as unknown as BusEvent, { replay: true })
  }
}

// What the demo plays on: a throw-away shop whose table can be taken away, and the record of what should be in it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { KramEvent } from '../../events/catalog.ts'
import { unitsBought } from '../app/read-products.ts'
import { KramError } from '../base/errors.ts'
import { toMs } from '../base/time.ts'
import { openShop, type Shop } from '../local/shop.ts'
import type { Table } from '../ports/table.ts'
import type { CustomerDocument, Purchase } from '../shop/customer-document.ts'
import type { Product } from '../shop/product.ts'
import type { Via } from '../shop/samples.ts'
import { clientOf } from './direct-client.ts'
import type { ShopClient } from './shop-client.ts'
import { ascendingTimes } from './stamps.ts'

type TableSwitch = { away: boolean; refused: number }

/** A table that can be taken away: while it is, every access is `unavailable`, as with a database that is down. */
function removable(): TableSwitch & { wrap: (table: Table) => Table } {
  const state = { away: false, refused: 0, wrap }
  function wrap(table: Table): Table {
    const refuse = (): never => {
      state.refused++
      throw new KramError('unavailable', 'table_away', 'The table cannot be reached.')
    }
    return new Proxy(table, {
      get(target, verb, receiver) {
        const value: unknown = Reflect.get(target, verb, receiver)
        if (typeof value !== 'function' || verb === 'close') return value
        return (...args: unknown[]) => (state.away ? refuse() : Reflect.apply(value, target, args))
      },
    })
  }
  return state
}

export type Stage = {
  shop: Shop
  client: ShopClient
  /** `refused` counts the accesses while it was away. */
  tableSwitch: TableSwitch
  timeOf: () => string
  /** Of everything that was sent. */
  sent: KramEvent[]
  say(text: string): void
  /** Waits until it holds, but not for ever: what was waited for is checked afterwards. */
  until(holds: () => Promise<boolean>): Promise<void>
  /** Prints the comparison; a difference makes the demo fail. */
  check(what: string, actual: unknown, expected: unknown): void
}

export type StageOptions = {
  print: (text: string) => void
  /** Stands between the shop and its table. */
  wrapTable?: (table: Table) => Table
  /** How long the demo waits for what should come about. */
  patienceSeconds?: number
}

/** Opens a shop in a folder of its own and runs `play` on it; the folder goes with it. Answers how many checks failed. */
export async function onStage(
  { print, wrapTable = (table) => table, patienceSeconds = 10 }: StageOptions,
  play: (stage: Stage) => Promise<void>,
): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kram-demo-'))
  const tableSwitch = removable()
  let failures = 0
  try {
    const shop = await openShop({ dataDir, wrapTable: (table) => tableSwitch.wrap(wrapTable(table)) })
    try {
      await play({
        shop,
        client: clientOf(shop.deps, { where: dataDir, delivers: true }),
        tableSwitch,
        timeOf: ascendingTimes({ now: Date.now }),
        sent: [],
        say: print,
        async until(holds) {
          const deadline = performance.now() + patienceSeconds * 1_000
          while (!(await holds()) && performance.now() < deadline)
            await new Promise((resolve) => setTimeout(resolve, 20))
        },
        check(what, actual, expected) {
          const same = isDeepStrictEqual(actual, expected)
          print(same ? `  [ok] ${what}` : `  [NOT SO] ${what}\n${difference(actual, expected)}`)
          if (!same) failures++
        },
      })
    } finally {
      tableSwitch.away = false
      await shop.stop()
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
  return failures
}

const difference = (actual: unknown, expected: unknown): string =>
  `    is:        ${JSON.stringify(actual).slice(0, 500)}\n    should be: ${JSON.stringify(expected).slice(0, 500)}`

/** Sends events and remembers them; everything that is refused is a failed check. */
export async function send(stage: Stage, events: readonly KramEvent[], via: Via): Promise<void> {
  const { accepted } = await stage.client.publish(events, via)
  stage.sent.push(...events)
  stage.check(`${events.length} events accepted`, accepted.length, events.length)
}

const newProducts = (events: readonly KramEvent[]) => events.filter((event) => event.type === 'new_product')
const newCustomers = (events: readonly KramEvent[]) => events.filter((event) => event.type === 'new_customer')
const bought = (events: readonly KramEvent[]) => events.filter((event) => event.type === 'customer_buys_product')

const byTime = (a: { time: string; id: string }, b: { time: string; id: string }): number =>
  a.time < b.time || (a.time === b.time && a.id < b.id) ? -1 : 1

/** What the listing of products should say after these events: every product was made once. */
export const expectedProducts = (events: readonly KramEvent[]): Product[] =>
  newProducts(events)
    .toSorted(byTime)
    .map(({ data: { price, ...product } }) => ({ ...product, price_minor: Math.round(price * 100) }))

/** What the documents should be after these events, folded the obvious way. Vouchers are not foretold here. */
export function expectedCustomers(events: readonly KramEvent[]): Omit<CustomerDocument, 'vouchers'>[] {
  const products = new Map(expectedProducts(events).map((product) => [product.id, product]))
  const purchases = bought(events).toSorted(byTime)
  const boughtBy = (customer: string): Purchase[] =>
    purchases.flatMap(({ data, time }) => {
      const product = products.get(data.product_id)
      if (data.customer_id !== customer || !product) return []
      const { id, type, name, price_minor } = product
      return [{ id, type, name, price_minor, quantity: data.quantity, timestamp_ms: toMs(time) }]
    })
  return newCustomers(events)
    .toSorted(byTime)
    .map(({ data }) => ({ ...data, products: boughtBy(data.id), orders: [] }))
}

/** The documents as the shop has them, in the listing's order, without vouchers. */
export async function actualCustomers({ client }: Stage): Promise<Omit<CustomerDocument, 'vouchers'>[]> {
  const documents = await Array.fromAsync(client.customers())
  return documents.map(({ vouchers: _, ...document }) => document)
}

/** Units bought of each product: what should have been counted, and what `count-stock` counted. */
export async function stock({
  shop,
  sent,
}: Stage): Promise<{ expected: [string, number][]; counted: [string, number][] }> {
  const units = new Map(newProducts(sent).map(({ data }) => [data.id, 0]))
  for (const { data } of bought(sent)) {
    units.set(data.product_id, (units.get(data.product_id) ?? 0) + data.quantity)
  }
  const counted: [string, number][] = []
  for (const id of units.keys()) counted.push([id, await unitsBought(shop.deps, id)])
  return { expected: [...units], counted }
}

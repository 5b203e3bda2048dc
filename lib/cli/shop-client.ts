// The shop as the commands see it. Two implementations: over HTTP to the shop that runs (http-client.ts), and on its
// files when none does (direct-client.ts). `openClient` picks.

import type { KramEvent } from '../../events/catalog.ts'
import type { Settings } from '../app/deps.ts'
import type { Aside, AsideChanged, AsideKind, AsideList, AsideRequest } from '../app/set-aside.ts'
import { KramError } from '../base/errors.ts'
import type { Instant } from '../base/time.ts'
import { readServer } from '../local/server-file.ts'
import type { ArchivedEvent, DeadLetters, Pattern, PublishResult, ReplayRequest, ReplayStatus } from '../ports/bus.ts'
import type { CustomerDocument } from '../shop/customer-document.ts'
import type { Product } from '../shop/product.ts'
import type { Via } from '../shop/samples.ts'
import { mustHaveShop } from './existing-shop.ts'
import type { OrdersClient } from './orders-client.ts'
import type { PromosClient } from './promos-client.ts'

export type EventQuery = {
  /** Inclusive, by the time the bus took the event. */
  from: Instant
  /** Exclusive; default: now. */
  to?: Instant
  pattern?: Pattern
  /** The `next` of the page before; `from` then counts no more. */
  after?: string
}

/** As lib/ports/bus.ts promises them. */
export type Replays = {
  start(request: ReplayRequest): Promise<ReplayStatus>
  status(name: string): Promise<ReplayStatus>
  cancel(name: string): Promise<ReplayStatus>
}

export type ShopClient = {
  /** For people: which shop this is. */
  readonly where: string
  /** Whether somebody handles what is published over the bus; if not, it waits in the log until a shop runs. */
  readonly delivers: boolean
  readonly settings: Settings
  /** `table`: the effect is in the table when this answers, and the same event, same id, follows on the bus. */
  publish(events: readonly KramEvent[], via: Via): Promise<PublishResult>
  /** In order of their first event. */
  customers(): AsyncIterable<CustomerDocument>
  /** Of all customers, in any order. */
  customerIds(): AsyncIterable<string>
  /** Of all products, in any order. */
  productIds(): AsyncIterable<string>
  /** In order of their first event. */
  products(): AsyncIterable<Product>
  /**
   * A page of what the bus took, in its order. `next` goes on behind it, also for events that come later; `more` is
   * false when the log ended here.
   */
  events(query: EventQuery): Promise<{ items: ArchivedEvent[]; next: string; more: boolean }>
  readonly deadLetters: DeadLetters
  /** Events that lie aside, all of them. */
  aside(list: AsideList): AsyncIterable<Aside>
  /** Sends unsent events again, or discards events with a reason. */
  changeAside(request: AsideRequest & { kind: AsideKind; discard?: string }): Promise<AsideChanged>
  readonly replays: Replays
  readonly promos: PromosClient
  readonly orders: OrdersClient
  close(): Promise<void>
}

/**
 * The shop of this data folder: the one that runs, else its files.
 * @throws KramError unavailable `shop_unreachable`; conflict `shop_in_use` when another process has the files and serves
 * no HTTP
 */
async function openClient(dataDir: string): Promise<ShopClient> {
  const server = readServer(dataDir)
  if (!server) return await openFiles(dataDir)
  try {
    return await (await import('./http-client.ts')).createHttpClient({ server, dataDir })
  } catch (error) {
    if (!(error instanceof KramError) || error.code !== 'shop_unreachable') throw error
    // A killed shop leaves its address behind, and its process number may be another's by now.
    return await openFiles(dataDir).catch(() => Promise.reject(error))
  }
}

const openFiles = async (dataDir: string): Promise<ShopClient> =>
  (await import('./direct-client.ts')).createDirectClient({ dataDir })

/**
 * Opens the client, runs `use`, closes it whatever happens.
 * @throws KramError not_found `no_shop` when there has never been a shop in the folder
 */
export async function withClient<T>(dataDir: string, use: (client: ShopClient) => Promise<T>): Promise<T> {
  mustHaveShop(dataDir)
  return await withClientOrNewShop(dataDir, use)
}

/** The same for a command with which a shop may begin: where there is none, one is made. */
export async function withClientOrNewShop<T>(dataDir: string, use: (client: ShopClient) => Promise<T>): Promise<T> {
  const client = await openClient(dataDir)
  try {
    return await use(client)
  } finally {
    await client.close()
  }
}

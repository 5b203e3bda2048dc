// The shop's files, opened by the command itself: only when no shop runs, since one process has them at a time. Nothing
// is delivered: events wait in the log until a shop runs.

import type { Deps } from '../app/deps.ts'
import { getCustomer, listCustomers } from '../app/read-customers.ts'
import { listProducts } from '../app/read-products.ts'
import { recordEvents } from '../app/record-events.ts'
import { discardAside, listAside, sendAgain } from '../app/set-aside.ts'
import { tailEvents } from '../app/tail-events.ts'
import { toInstant } from '../base/time.ts'
import { personName } from '../local/person-name.ts'
import { openShop } from '../local/shop.ts'
import type { CustomerDocument } from '../shop/customer-document.ts'
import { ordersOnFiles } from './orders-on-files.ts'
import { allPages, idsOf } from './pages.ts'
import { promosOnFiles } from './promos-on-files.ts'
import type { ShopClient } from './shop-client.ts'

const pageLimit = 1_000

const pageOf = (after: string | undefined) => ({ limit: pageLimit, ...(after !== undefined && { after }) })

async function wholeCustomer(deps: Deps, id: string): Promise<CustomerDocument> {
  const { customer, next } = await getCustomer(deps, id, pageOf(undefined))
  let after = next
  while (after !== undefined) {
    const page = await getCustomer(deps, id, pageOf(after))
    customer.products.push(...page.customer.products)
    after = page.next
  }
  return customer
}

/** A client of a shop that is open in this process; its owner closes it. */
export function clientOf(deps: Deps, { where, delivers }: Pick<ShopClient, 'where' | 'delivers'>): ShopClient {
  const profiles = () => allPages((after) => listCustomers(deps, pageOf(after)))
  const products = () => allPages((after) => listProducts(deps, pageOf(after)))
  return {
    where,
    delivers,
    settings: deps.settings,
    publish: (events, via) => recordEvents(deps, events, { via }),
    async *customers() {
      for await (const { id } of profiles()) yield await wholeCustomer(deps, id)
    },
    customerIds: () => idsOf(profiles()),
    products,
    productIds: () => idsOf(products()),
    // What clocks that differ a little have stamped is the end.
    events: (query) => tailEvents(deps, { limit: pageLimit, to: toInstant(deps.clock.now() + 60_000), ...query }),
    deadLetters: deps.bus.deadLetters,
    aside: (list) => allPages((after) => listAside(deps, list, pageOf(after))),
    changeAside: ({ discard, ...request }) =>
      discard === undefined ? sendAgain(deps, request) : discardAside(deps, { ...request, reason: discard }),
    replays: {
      start: (request) => deps.bus.replay(request),
      status: (name) => deps.bus.replayStatus(name),
      cancel: (name) => deps.bus.cancelReplay(name),
    },
    promos: promosOnFiles(deps, personName()),
    orders: ordersOnFiles(deps, personName()),
    close: async () => undefined,
  }
}

/**
 * Opens the shop's files in `dataDir`, made when there are none; `close` frees them.
 * @throws KramError conflict `shop_in_use` when another process has them
 */
export async function createDirectClient({ dataDir }: { dataDir: string }): Promise<ShopClient> {
  const shop = await openShop({ dataDir })
  return { ...clientOf(shop.deps, { where: dataDir, delivers: false }), close: () => shop.stop() }
}

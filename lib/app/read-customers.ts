// Customers as people see them: one document, and pages of the listing.
import type { Item, Page, Table } from '../ports/table.ts'
import {
  type CustomerDocument,
  customerDocument,
  customerParts,
  type Profile,
  profileOf,
} from '../shop/customer-document.ts'
import type { Deps } from './deps.ts'
import { customerKey, keys, lists } from './keys.ts'
import { notFound } from './not-found.ts'
import { allItems, type PageRequest } from './pages.ts'

type ReadDeps = Pick<Deps, 'table'>

/**
 * One customer's document; `products` is one page of the purchases, oldest first, and `next` asks for the next one.
 * Vouchers and orders are all there.
 * @throws KramError not_found `unknown_customer`; invalid `page_token`, `page_limit`
 */
export async function getCustomer(
  { table }: ReadDeps,
  id: string,
  page: PageRequest = {},
): Promise<{ customer: CustomerDocument; next?: string }> {
  const [[profile], purchases, orders, vouchers] = await Promise.all([
    table.get([keys.profile(id)]),
    table.query({ pk: customerKey(id), prefix: customerParts.purchase, ...page }),
    collect(table, id, customerParts.order),
    collect(table, id, customerParts.voucher),
  ])
  const customer = customerDocument([...(profile ? [profile] : []), ...purchases.items, ...orders, ...vouchers])
  if (!customer) throw notFound('customer', id)
  return purchases.next === undefined ? { customer } : { customer, next: purchases.next }
}

const collect = (table: Table, id: string, prefix: string): Promise<Item[]> =>
  Array.fromAsync(allItems(table, { pk: customerKey(id), prefix, limit: 1_000 }))

/** Customers in order of their first event, then id. Eventually consistent: a new one may be missing for a moment. */
export async function listCustomers({ table }: ReadDeps, page: PageRequest = {}): Promise<Page<Profile>> {
  const { items, next } = await table.list({ name: lists.customers, ...page })
  const profiles = (await table.get(items)).filter((item) => item !== undefined).map(profileOf)
  return next === undefined ? { items: profiles } : { items: profiles, next }
}

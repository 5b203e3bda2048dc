// Products as people see them: what can be bought now, every price they had, the lowest of the last 30 days.
import { KramError } from '../base/errors.ts'
import { daysBefore, type Instant, isInstant } from '../base/time.ts'
import type { Page } from '../ports/table.ts'
import { lowestPriceBefore, type Price, type Product, priceHistoryDays, priceOf, productOf } from '../shop/product.ts'
import type { Deps } from './deps.ts'
import { keys, lists, productKey, stockKey, upTo } from './keys.ts'
import { notFound } from './not-found.ts'
import { allItems, firstItem, type PageRequest } from './pages.ts'

type ReadDeps = Pick<Deps, 'table'>

/** @throws KramError not_found `unknown_product` */
export async function getProduct({ table }: ReadDeps, id: string): Promise<Product> {
  const [item] = await table.get([keys.product(id)])
  if (!item) throw notFound('product', id)
  return productOf(item)
}

/** Products in order of their first event, then id. Eventually consistent: a new one may be missing for a moment. */
export async function listProducts({ table }: ReadDeps, page: PageRequest = {}): Promise<Page<Product>> {
  const { items, next } = await table.list({ name: lists.products, ...page })
  const products = (await table.get(items)).filter((item) => item !== undefined).map(productOf)
  return next === undefined ? { items: products } : { items: products, next }
}

/**
 * Every price the product ever had, oldest first, each in force until the next.
 * @throws KramError not_found `unknown_product`; invalid `page_token`, `page_limit`
 */
export async function priceHistory(deps: ReadDeps, id: string, page: PageRequest = {}): Promise<Page<Price>> {
  const [, prices] = await Promise.all([
    getProduct(deps, id),
    deps.table.query({ pk: productKey(id), prefix: 'price#', ...page }),
  ])
  const items = prices.items.map(priceOf)
  return prices.next === undefined ? { items } : { items, next: prices.next }
}

/** `from` inclusive, `to` exclusive. Without `lowest` the product was not on sale in that time. */
export type LowestPrice = { from: Instant; to: Instant; lowest?: Price }

/**
 * The lowest price in force at any moment of the 30 whole UTC days before `day` (`2022-04-24`), which is itself not
 * among them: what a shop must show beside a reduced price (Directive 98/6/EC, article 6a). The price that was in
 * force when the first of these days began counts, however old it is; one that was replaced in its own millisecond
 * does not. A product younger than 30 days is judged by the days it had.
 * @throws KramError not_found `unknown_product`; invalid `invalid_day`
 */
export async function lowestPrice(deps: ReadDeps, id: string, day: string): Promise<LowestPrice> {
  const to = `${day}T00:00:00.000Z`
  if (!isInstant(to)) throw new KramError('invalid', 'invalid_day', 'The day must be one such as 2022-04-24.')
  const from = `${daysBefore(day, priceHistoryDays)}T00:00:00.000Z`
  const [, prices] = await Promise.all([getProduct(deps, id), pricesBetween(deps, id, { from, to })])
  const lowest = lowestPriceBefore(prices, day)
  return lowest ? { from, to, lowest } : { from, to }
}

// The one in force at `from`, then those that began between.
async function pricesBetween({ table }: ReadDeps, id: string, { from, to }: { from: Instant; to: Instant }) {
  const pk = productKey(id)
  const inForce = await firstItem(table, { pk, from: 'price#', to: upTo(`price#${from}`), reverse: true })
  const since = allItems(table, { pk, from: upTo(`price#${from}`), to: `price#${to}`, limit: 1_000 })
  return [...(inForce ? [inForce] : []), ...(await Array.fromAsync(since))].map(priceOf)
}

/** Units of the product bought so far, by whomever: what `count-stock` has counted. */
export async function unitsBought({ table }: ReadDeps, productId: string): Promise<number> {
  let units = 0
  for await (const shard of allItems(table, { pk: stockKey(productId), prefix: 'shard#' })) units += Number(shard.units)
  return units
}

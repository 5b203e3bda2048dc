// `customer_buys_product` -> a purchase in the customer's collection, at the price of the event's time, and the day's
// counters. The price never changes afterwards.
import { type Instant, toMs, utcDay } from '../base/time.ts'
import type { Table } from '../ports/table.ts'
import { profileOf } from '../shop/customer-document.ts'
import { type Product, priceOf, productOf } from '../shop/product.ts'
import { customerPicture } from './customer-picture.ts'
import { projection, type Rule } from './handle.ts'
import { keys, productKey, statsCounter, upTo } from './keys.ts'
import { notYet } from './not-found.ts'
import { firstItem } from './pages.ts'

const handler = 'on-customer-buys-product'

export const recordPurchaseRule: Rule<'customer_buys_product'> = {
  handler,
  type: 'customer_buys_product',
  async fold(table, event) {
    const { customer_id, product_id, quantity, price_minor, ...order } = event.data
    const [[stored], product] = await Promise.all([
      table.get([keys.profile(customer_id)]),
      productAt(table, product_id, event.time),
    ])
    if (!stored) throw notYet('customer', customer_id, event)
    if (!product) throw notYet('product', product_id, event)
    const { type, name, attributes } = product
    const bought = {
      id: product_id,
      type,
      name,
      price_minor: price_minor ?? product.price_minor,
      quantity,
      timestamp_ms: toMs(event.time),
    }
    const item = {
      ...bought,
      ...order,
      ...(attributes === undefined ? {} : { attributes }),
      event_id: event.id,
      event_time: event.time,
      ...keys.purchase(customer_id, event.time, event.id),
    }
    const stats = keys.stats(customer_id, utcDay(event.time))
    return {
      ops: [
        { op: 'put', item },
        { op: 'count', key: stats, add: { [statsCounter(type)]: quantity } },
      ],
      emits: () => [customerPicture(event, handler, profileOf(stored), { change: 'purchase', purchase: bought })],
    }
  },
}

/**
 * The product as it was at `time`: of its price history the last entry not later; before the first, the first.
 * undefined: nothing is known of it.
 */
async function productAt(table: Table, id: string, time: Instant): Promise<Product | undefined> {
  const pk = productKey(id)
  const before = () => firstItem(table, { pk, from: 'price#', to: upTo(`price#${time}`), reverse: true })
  const found = await before()
  if (found) return productOf(found)
  const first = await firstItem(table, { pk, prefix: 'price#' })
  if (!first) return undefined
  // Prices that came in between the two looks: the first of them need not be the one of that time.
  const entry = priceOf(first).time <= time ? ((await before()) ?? first) : first
  return productOf(entry)
}

export const recordPurchase = projection(recordPurchaseRule)

// A cart as an order that promotions can be judged on: prices and attributes from the table, delivery from the
// settings, and what the shop knows of the customer.
import { type Issue, KramError } from '../../base/errors.ts'
import { oncePerFrozen } from '../../base/frozen.ts'
import { limits } from '../../base/limits.ts'
import type { Item, Key } from '../../ports/table.ts'
import { goodsOfProduct, type Order, type OrderLine } from '../../promos/order.ts'
import { profileOf } from '../../shop/customer-document.ts'
import { type Attributes, type Product, productOf } from '../../shop/product.ts'
import type { Settings } from '../deps.ts'
import { keys } from '../keys.ts'
import { type Cart, lineId } from './cart.ts'

/** What a cart needs to be read: one key for each product, then the customer's. */
export function keysOf(cart: Cart): Key[] {
  const { customer_id, lines } = cart
  const products = new Set(lines.map(({ product_id }) => product_id))
  return [
    ...[...products].map(keys.product),
    ...(customer_id === undefined ? [] : [keys.profile(customer_id), keys.orderStats(customer_id)]),
  ]
}

/** `products`: of each line. `customer`: why what the shop knows of the customer was not used. */
export type PricedOrder = {
  order: Order
  products: readonly Product[]
  customer?: 'customer_unknown' | 'customer_unreadable'
}

/**
 * The order of a cart. `items` are what the table has under `keysOf(cart)`. A customer that is not known (yet) is one
 * of whom nothing is known: no reason to sell nothing.
 * @throws KramError not_found `unknown_product`; invalid `unknown_delivery`; both with pointers into the cart
 */
export function pricedOrder(cart: Cart, items: readonly (Item | undefined)[], settings: Settings): PricedOrder {
  const delivery = deliveryOf(cart, settings)
  const goods = itemsOf(cart, items).map(pricedGoods)
  const products = goods.map(({ product }) => product)
  const lines = goods.map((one, i) => lineOf(cart.lines[i]!, one))
  const { codes, channel, payment } = cart
  const order: Order = { currency: settings.currency, lines }
  if (delivery) order.delivery = delivery
  if (payment) order.payment = payment
  if (codes) order.codes = codes
  if (channel !== undefined) order.channel = channel
  if (cart.customer_id === undefined) return { order, products }
  const [profile, stats] = items.slice(-2)
  if (!profile) return { order, products, customer: 'customer_unknown' }
  try {
    return { order: { ...order, customer: customerOf(profile, stats) }, products }
  } catch {
    return { order, products, customer: 'customer_unreadable' }
  }
}

/** The product's item of each line. */
function itemsOf(cart: Cart, items: readonly (Item | undefined)[]): Item[] {
  // They come first, each once, in the order of the lines.
  const byId = new Map<string, Item | undefined>()
  for (const { product_id } of cart.lines) if (!byId.has(product_id)) byId.set(product_id, items[byId.size])
  const issues: Issue[] = []
  const found = cart.lines.flatMap(({ product_id }, i): Item[] => {
    const item = byId.get(product_id)
    if (item) return [item]
    issues.push({ pointer: `/lines/${i}/product_id`, message: `there is no product ${product_id}` })
    return []
  })
  const [first] = issues
  if (!first) return found
  throw new KramError('not_found', 'unknown_product', `The cart cannot be priced: ${first.pointer} ${first.message}.`, {
    detail: { issues: issues.slice(0, limits.issues) },
  })
}

type PricedGoods = { product: Product; goods: ReturnType<typeof goodsOfProduct<Attributes>>; key: string | undefined }

/** What a product's item says, for a cart's line; once for each item, as long as the table gives the same. */
const pricedGoods = oncePerFrozen((item: Item): PricedGoods => {
  const product = productOf(item)
  return { product, goods: goodsOfProduct(product), key: memoKey(product.id, item) }
})

function lineOf(wanted: Cart['lines'][number], { goods, key }: PricedGoods): OrderLine {
  const line: OrderLine = { ...goods, id: lineId(wanted), quantity: wanted.quantity }
  if (key !== undefined) line.product_key = key
  return line
}

// The event that made the product what it is: another state of it has another key.
function memoKey(id: string, { event_id }: Item): string | undefined {
  const key = `${id}@${event_id}`
  return key.length <= 2 * limits.idChars ? key : undefined
}

function deliveryOf({ delivery }: Cart, { deliveries = {} }: Settings) {
  if (!delivery) return undefined
  const { method } = delivery
  const price = Object.hasOwn(deliveries, method) ? deliveries[method] : undefined
  if (price !== undefined) return { ...delivery, price_minor: price }
  const message = `is none of this shop's: ${Object.keys(deliveries).join(', ') || 'it has none'}`
  throw new KramError('invalid', 'unknown_delivery', `The cart cannot be priced: /delivery/method ${message}.`, {
    detail: { issues: [{ pointer: '/delivery/method', message }] },
  })
}

/** What is no attribute of a customer, however an attribute is called. */
const ownFacts = new Set(['id', 'groups', 'loyalty_card', 'orders_placed', 'last_order_at'])

const profileFacts = oncePerFrozen((item: Item) => {
  const { id, groups, loyalty_card, attributes = {} } = profileOf(item)
  return {
    ...Object.fromEntries(Object.entries(attributes).filter(([name]) => !ownFacts.has(name))),
    id,
    ...(groups && { groups }),
    ...(loyalty_card !== undefined && { loyalty_card }),
  }
})

function customerOf(profile: Item, stats: Item | undefined) {
  const placed = stats?.placed
  const lastAt = stats?.last_at
  return {
    ...profileFacts(profile),
    orders_placed: typeof placed === 'number' ? placed : 0,
    ...(typeof lastAt === 'string' && { last_order_at: lastAt }),
  }
}

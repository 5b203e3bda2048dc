// The customer document: what GET /customers/{id} answers and the listings print, put together from the customer's
// item collection (`customer#<id>`: profile, purchase#..., order#..., voucher#...). Called by lib/app.
import * as v from 'valibot'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { attributesSchema } from './product.ts'

/** An item as the table keeps it; lib/ports/table.ts says the same with more words. */
export type StoredItem = { pk: string; sk: string; [attribute: string]: JsonValue }

/** What a bought copy of a product is; its price never changes afterwards. */
export const purchaseSchema = v.object({
  /** Of the product. */
  id: v.string(),
  type: v.string(),
  name: v.string(),
  /** Of one unit, at the moment of purchase. */
  price_minor: v.number(),
  quantity: v.number(),
  /** Milliseconds since the epoch, of the purchase's event. */
  timestamp_ms: v.number(),
  order_id: v.exactOptional(v.string()),
  line_id: v.exactOptional(v.string()),
  /** Of all units together. */
  discount_minor: v.exactOptional(v.number()),
})

export const profileSchema = v.object({
  id: v.string(),
  first_name: v.string(),
  last_name: v.string(),
  /** Lines are parted by `\n`. */
  address: v.string(),
  loyalty_card: v.exactOptional(v.string()),
  groups: v.exactOptional(v.array(v.string())),
  attributes: v.exactOptional(attributesSchema),
})

export type Purchase = v.InferOutput<typeof purchaseSchema>
export type Profile = v.InferOutput<typeof profileSchema>

/** `products` in order of purchase, `orders` and `vouchers` in order of their keys. */
export type CustomerDocument = Profile & { products: Purchase[]; orders: JsonObject[]; vouchers: JsonObject[] }

/** The sort keys of a customer's collection begin with these; `profile` is a whole key. */
export const customerParts = {
  profile: 'profile',
  purchase: 'purchase#',
  order: 'order#',
  voucher: 'voucher#',
} as const

/** The profile's public fields, without what the table keeps beside them. Throws on an item that is none of ours. */
export const profileOf = (item: StoredItem): Profile => v.parse(profileSchema, item)

/** A purchase item's public fields. Throws on an item that is none of ours. */
const purchaseOf = (item: StoredItem): Purchase => v.parse(purchaseSchema, item)

// What items carry for the projections alone.
const bookkeeping = new Set(['pk', 'sk', 'event_id', 'event_time'])

const publicFields = (item: StoredItem): JsonObject =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !bookkeeping.has(name)))

// A voucher that an order's promotions gave is good as long as something of that order is kept. Said when it is read, so
// that it does not matter which of the two events came first.
function withdrawnBy(orders: readonly JsonObject[]): (voucher: JsonObject) => JsonObject {
  const gone = new Set(orders.filter(({ state }) => state === 'cancelled' || state === 'returned').map(({ id }) => id))
  return (voucher) =>
    voucher.order_id !== undefined && gone.has(voucher.order_id) ? { ...voucher, withdrawn: true } : voucher
}

/**
 * The document of one customer from the items of its collection, in the order in which the table gives them.
 * undefined without a profile: a customer that nobody has announced does not exist. Other parts are passed over.
 */
export function customerDocument(items: Iterable<StoredItem>): CustomerDocument | undefined {
  let profile: Profile | undefined
  const products: Purchase[] = []
  const orders: JsonObject[] = []
  const vouchers: JsonObject[] = []
  for (const item of items) {
    if (item.sk === customerParts.profile) profile = profileOf(item)
    else if (item.sk.startsWith(customerParts.purchase)) products.push(purchaseOf(item))
    else if (item.sk.startsWith(customerParts.order)) orders.push(publicFields(item))
    else if (item.sk.startsWith(customerParts.voucher)) vouchers.push(publicFields(item))
  }
  return profile && { ...profile, products, orders, vouchers: vouchers.map(withdrawnBy(orders)) }
}

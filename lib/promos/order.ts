// The order that `allocate` gets: what is bought, how it goes and is paid, and what is known of the customer.
import type * as v from 'valibot'
import { dayMs } from '../base/time.ts'
import { readTime } from '../base/zones.ts'
import type { orderSchema, productSchema, usageSchema } from './order-schema.ts'

export type Product = v.InferOutput<typeof productSchema>
export type Order = v.InferOutput<typeof orderSchema>
export type OrderLine = Order['lines'][number]
export type Usage = v.InferOutput<typeof usageSchema>
export type PromoUsage = Usage[string]

type Sold<Attributes> = { id: string; name: string; type: string; price_minor: number; attributes?: Attributes }

/** What promos filter on of the shop's product: its attributes, and beside them its type and name. */
export const goodsOfProduct = <Attributes extends object>({
  id,
  name,
  type,
  price_minor,
  attributes,
}: Sold<Attributes>) => ({
  sku: id,
  price_minor,
  attributes: { ...attributes, name, type },
})

/**
 * Codes are equal when they differ only in case, in spaces around them, and in how their letters are put together: what
 * is pasted from a Mac may have Ż as Z and a dot.
 */
export const canonicalCode = (code: string): string => code.trim().toUpperCase().normalize()

/** The kind of loyalty card, true for one of no kind, null for none. */
export function cardOf(order: Order): string | true | null {
  const card = order.customer?.loyalty_card
  return card === undefined || card === false || card === '' ? null : card
}

/** Where the order goes to; without a delivery address, where the customer lives. */
export function placeOf(order: Order, name: 'city' | 'country'): string | undefined {
  const place = order.delivery?.[name] ?? order.customer?.[name]
  return typeof place === 'string' ? place : undefined
}

/** Whole days of 24 hours; undefined when there is no last order, or none that is known. */
export function daysSinceLastOrder(order: Order, nowMs: number): number | undefined {
  const last = order.customer?.last_order_at
  const lastMs = typeof last === 'string' ? readTime(last, 'UTC')?.ms : undefined
  return lastMs === undefined ? undefined : Math.max(0, Math.floor((nowMs - lastMs) / dayMs))
}

/** The values of a customer's attribute; undefined when it is not known. */
export function customerValues(order: Order, attribute: string): readonly (string | number | boolean)[] | undefined {
  const { customer } = order
  if (!customer || !Object.hasOwn(customer, attribute)) return undefined
  const value = customer[attribute]
  if (value === undefined || value === null) return undefined
  return Array.isArray(value) ? value : [value]
}

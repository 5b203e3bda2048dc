// Every event type there is. The types of the whole shop's messages follow from this list.
import type * as v from 'valibot'
import type { Instant } from '../lib/base/time.ts'
import { customerBuysProduct } from './customer-buys-product.ts'
import { customerUpdated } from './customer-updated.ts'
import { newCustomer } from './new-customer.ts'
import { newProduct } from './new-product.ts'
import { orderCancelled } from './order-cancelled.ts'
import { orderPlaced } from './order-placed.ts'
import { orderReturned } from './order-returned.ts'
import { promoChanged } from './promo-changed.ts'
import { voucherGranted } from './voucher-granted.ts'

export const catalog = {
  new_customer: newCustomer,
  new_product: newProduct,
  customer_buys_product: customerBuysProduct,
  customer_updated: customerUpdated,
  promo_changed: promoChanged,
  voucher_granted: voucherGranted,
  order_placed: orderPlaced,
  order_cancelled: orderCancelled,
  order_returned: orderReturned,
} as const

export type EventType = keyof typeof catalog

/** The data of an event type's newest version. */
export type DataOf<T extends EventType> = v.InferOutput<(typeof catalog)[T]['schema']>

type Typed<T extends EventType> = {
  specversion: '1.0'
  id: string
  source: string
  type: T
  time: Instant
  subject?: string
  dataschema: string
  correlationid: string
  causationid?: string
  traceparent?: string
  data: DataOf<T>
}

/** A whole event of one type; without a parameter, of any (a union that `type` tells apart). */
export type KramEvent<T extends EventType = EventType> = { [K in T]: Typed<K> }[T]

export const eventTypes = Object.keys(catalog) as readonly EventType[]

export const isEventType = (type: string): type is EventType => Object.hasOwn(catalog, type)

// Every key that use cases read and write, in one place: the table's layout is a contract (docs/events.md tells it).
import { hash } from 'node:crypto'
import { limits } from '../base/limits.ts'
import type { Instant } from '../base/time.ts'
import type { Key } from '../ports/table.ts'

export const lists = {
  customers: 'customers',
  products: 'products',
  outbox: 'outbox',
  outboxRejected: 'outbox_rejected',
  unknown: 'unknown',
  /** Of those two what somebody has discarded, by the time of the event. */
  asideDiscarded: 'aside_discarded',
  /** By the first failure. */
  deadLetters: 'deadletters',
  /** By the next try. */
  deadLettersDue: 'deadletters_due',
} as const

/** Counters of one product's stock, so that a bestseller is no single hot item. */
export const stockShards = 8

/** Counters of what promotions gave on each day, so that no day is one hot item. */
export const statisticsShards = 8

/**
 * Items over which the promotions of one shard are spread: an order writes at most one of each for the day and for all
 * time, well below what one write takes, and none of them grows beyond what an item holds.
 */
const statisticsBuckets = 32

const bucketText = (promoId: string): string => String(shardOf(promoId, statisticsBuckets)).padStart(2, '0')

/** What promotions gave in one month (`2026-11`), or in all time (`all`), in one shard. */
export const statisticsKey = (month: string, shard: number): string => `statistics#${month}#${shard}`

const versionDigits = String(limits.promoVersions).length

/** Always the same one of `shards` for a text. */
export const shardOf = (text: string, shards: number): number => hash('sha256', text, 'buffer').readUInt32BE() % shards

export const customerKey = (id: string): string => `customer#${id}`
export const productKey = (id: string): string => `product#${id}`
export const stockKey = (productId: string): string => `stock#${productId}`
export const promoKey = (promoId: string): string => `promo#${promoId}`
/** Under which the current version of every promotion lies. */
export const promosKey = 'promos'
const orderKey = (orderId: string): string => `order#${orderId}`

/** Counters of what a promotion has given, in shards; ids of promotions hold no `#`. */
export const redeemedKeys = {
  promo: (promoId: string): string => `redeemed#${promoId}`,
  customer: (promoId: string, customerId: string): string => `redeemed#${promoId}#customer#${customerId}`,
  code: (promoId: string, code: string): string => `redeemed#${promoId}#code#${code}`,
}

export const keys = {
  profile: (customerId: string): Key => ({ pk: customerKey(customerId), sk: 'profile' }),
  purchase: (customerId: string, time: Instant, eventId: string): Key => ({
    pk: customerKey(customerId),
    sk: `purchase#${time}#${eventId}`,
  }),
  voucher: (customerId: string, voucherId: string): Key => ({
    pk: customerKey(customerId),
    sk: `voucher#${voucherId}`,
  }),
  /** Units bought by type on one UTC day. */
  stats: (customerId: string, day: string): Key => ({ pk: customerKey(customerId), sk: `stats#${day}` }),
  /** How many orders the customer has `placed`, and when the last one (`last_at`). */
  orderStats: (customerId: string): Key => ({ pk: customerKey(customerId), sk: 'orders' }),
  product: (id: string): Key => ({ pk: productKey(id), sk: 'current' }),
  price: (productId: string, time: Instant, eventId: string): Key => ({
    pk: productKey(productId),
    sk: `price#${time}#${eventId}`,
  }),
  /** The shard follows from the event, so that a rebuild fills the same ones. */
  stock: (productId: string, eventId: string): Key => ({
    pk: stockKey(productId),
    sk: `shard#${shardOf(eventId, stockShards)}`,
  }),
  seen: (eventId: string, handler: string): Key => ({ pk: `seen#${eventId}`, sk: handler }),
  /** By the id of the event that is to be sent: it is the same however often its cause is handled. */
  outbox: (eventId: string): Key => ({ pk: `outbox#${eventId}`, sk: '0' }),
  /** The whole order, under the id that follows from its Idempotency-Key. */
  order: (orderId: string): Key => ({ pk: orderKey(orderId), sk: 'order' }),
  orderReturn: (orderId: string, returnId: string): Key => ({ pk: orderKey(orderId), sk: `return#${returnId}` }),
  /** What the customer's document shows of an order. */
  orderSummary: (customerId: string, time: Instant, orderId: string): Key => ({
    pk: customerKey(customerId),
    sk: `order#${time}#${orderId}`,
  }),
  /** Orders of one day (`2026-11-22`); the shard follows from the order, as for all statistics. */
  statisticsDay: (day: string, orderId: string): Key => ({
    pk: statisticsKey(day.slice(0, 7), shardOf(orderId, statisticsShards)),
    sk: day,
  }),
  /** What the promotions of one bucket gave on that day. */
  statisticsPromos: (day: string, orderId: string, promoId: string): Key => ({
    pk: statisticsKey(day.slice(0, 7), shardOf(orderId, statisticsShards)),
    sk: `${day}#${bucketText(promoId)}`,
  }),
  /** What they gave in all time. */
  statisticsTotals: (orderId: string, promoId: string): Key => ({
    pk: statisticsKey('all', shardOf(orderId, statisticsShards)),
    sk: bucketText(promoId),
  }),
  /** Units of an order that came back, as far as they are counted. */
  statisticsReturned: (orderId: string): Key => ({ pk: `statistics#order#${orderId}`, sk: 'returned' }),
  /** What a reactor decides once and for all. */
  decided: (decisionId: string, handler: string): Key => ({ pk: `decided#${decisionId}`, sk: handler }),
  deadLetter: (id: string): Key => ({ pk: `deadletter#${id}`, sk: 'letter' }),
  /** Beside the letter while it is sent again by itself: an item stands in one list only. */
  deadLetterDue: (id: string): Key => ({ pk: `deadletter#${id}`, sk: 'due' }),
  unknown: (eventId: string): Key => ({ pk: `unknown#${eventId}`, sk: 'event' }),
  /** One version of a promotion, written once. Zero-padded, so that they sort by number. */
  promoVersion: (promoId: string, version: number): Key => ({
    pk: promoKey(promoId),
    sk: `v${String(version).padStart(versionDigits, '0')}`,
  }),
  /** The current version of a promotion. */
  promo: (promoId: string): Key => ({ pk: promosKey, sk: `promo#${promoId}` }),
  /** The number that every save of a promotion raises. */
  promoSet: { pk: promosKey, sk: 'set' } satisfies Key,
}

/** Sorts after every key that begins with `prefix#` and before those of a longer prefix: `$` follows `#`. */
export const upTo = (prefix: string): string => `${prefix}$`

/** The attribute of a day's statistics that counts the units of one type. */
export const statsCounter = (type: string): string => `units:${type}`

// A product and the prices it ever had. Prices are in force from their event's time until the next one.
import * as v from 'valibot'
import { isObject } from '../base/json.ts'
import { daysBefore, type Instant } from '../base/time.ts'
import type { StoredItem } from './customer-document.ts'

/** Names of any kind; strings, numbers, booleans or lists of strings: what promotions filter on. */
export type Attributes = { [name: string]: string | number | boolean | string[] }

export const attributesSchema = v.record(
  v.string(),
  v.union([v.string(), v.number(), v.boolean(), v.array(v.string())]),
)

export const productSchema = v.object({
  id: v.string(),
  name: v.string(),
  type: v.string(),
  price_minor: v.number(),
  attributes: v.exactOptional(attributesSchema),
})

/** What can be bought now. */
export type Product = v.InferOutput<typeof productSchema>

const isText = (value: unknown): boolean => typeof value === 'string'

const isAttribute = (value: unknown): boolean =>
  typeof value === 'object'
    ? Array.isArray(value) && value.every(isText)
    : isText(value) || typeof value === 'boolean' || (typeof value === 'number' && !Number.isNaN(value))

const isAttributes = (value: unknown): value is Attributes => isObject(value) && Object.values(value).every(isAttribute)

// As `productSchema`, but for a cart's every line: thirty attributes take the schema longer than all else of a line.
const storedSchema = v.object({
  ...productSchema.entries,
  attributes: v.exactOptional(v.custom<Attributes>(isAttributes)),
})

/** The product's public fields from its item `current`. Throws on an item that is none of ours. */
export const productOf = (item: StoredItem): Product => v.parse(storedSchema, item)

/** In force from `time` (inclusive) until the next price's time (exclusive). */
export type Price = { time: Instant; price_minor: number }

export const priceSchema = v.object({ time: v.string(), price_minor: v.number() })

/** The price of a product's item `price#<time>#<event id>`. Throws on an item that is none of ours. */
export const priceOf = (item: StoredItem): Price => v.parse(priceSchema, item)

/**
 * The lowest price in force at any moment from `from` (inclusive) to a later `to` (exclusive), the earliest of equals.
 * A price that another replaced in its own millisecond was never in force. undefined: not on sale then.
 */
export function lowestPriceBetween(prices: readonly Price[], from: Instant, to: Instant): Price | undefined {
  let lowest: Price | undefined
  for (const [i, price] of prices.entries()) {
    const end = prices[i + 1]?.time
    const inForce = price.time < to && (end === undefined || (end > from && end > price.time))
    if (inForce && (lowest === undefined || price.price_minor < lowest.price_minor)) lowest = price
  }
  return lowest
}

/** How far back a price reduction must look: Directive 98/6/EC, article 6a (the Omnibus directive). */
export const priceHistoryDays = 30

/** The lowest price of the 30 whole UTC days before `day` (`2022-04-24`), that day itself not among them. */
export const lowestPriceBefore = (prices: readonly Price[], day: string): Price | undefined =>
  lowestPriceBetween(prices, `${daysBefore(day, priceHistoryDays)}T00:00:00.000Z`, `${day}T00:00:00.000Z`)

// The order that `allocate` gets: what is bought, how it goes and is paid, and what is known of the customer.
import * as v from 'valibot'
import { limits } from '../base/limits.ts'
import { isTimeZone, readTime } from '../base/zones.ts'

const text = (chars: number) =>
  v.pipe(
    v.string('must be a text'),
    v.minLength(1, 'must not be empty'),
    v.maxLength(chars, `must have at most ${chars} characters`),
  )

const count = (least: number, most: number) =>
  v.pipe(
    v.number('must be a number'),
    v.integer('must be a whole number'),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  )

const minor = () =>
  v.pipe(
    v.number('must be a number'),
    v.integer('must be a whole number of minor units, such as 4999 for 49.99'),
    v.minValue(0, 'must not be negative'),
    v.maxValue(limits.priceMinor, `must be at most ${limits.priceMinor}`),
  )

const attribute = v.union(
  [
    v.string(),
    v.pipe(v.number(), v.finite()),
    v.boolean(),
    v.pipe(v.array(v.string()), v.maxLength(limits.attributeListEntries)),
  ],
  'must be a text, a number, true or false, or a list of texts',
)

const attributes = v.pipe(
  v.record(v.string(), attribute, 'must be an object'),
  v.maxEntries(limits.attributes, `must be at most ${limits.attributes}`),
)

const goods = {
  sku: v.exactOptional(text(limits.idChars)),
  /** Of one unit. */
  price_minor: minor(),
  /** The least that one unit may cost, whatever promotions say. */
  floor_minor: v.exactOptional(minor()),
  attributes: v.exactOptional(attributes),
  /** Which product in which version this is (`sku-1@7`), when the caller vouches for it; it is then remembered. */
  product_key: v.exactOptional(text(2 * limits.idChars)),
}

const line = v.strictObject(
  { id: text(limits.idChars), ...goods, quantity: count(1, limits.quantity) },
  'must be an object',
)

/** An instant with an offset or `Z`. */
const instant = v.pipe(
  v.string('must be a text'),
  v.check(
    (written) => /(?:Z|[+-]\d{2}:\d{2})$/.test(written) && readTime(written, 'UTC') !== undefined,
    'must be an instant such as 2022-08-24T10:00:00Z',
  ),
)

const customer = v.objectWithRest(
  {
    id: v.exactOptional(text(limits.idChars)),
    groups: v.exactOptional(v.pipe(v.array(text(limits.idChars), 'must be a list'), v.maxLength(limits.groups))),
    /** The kind of card, such as `gold`; true: some card. */
    loyalty_card: v.exactOptional(v.nullable(v.union([v.string(), v.boolean()], 'must be a text, true or false'))),
    /** Placed before this one. */
    orders_placed: v.exactOptional(count(0, Number.MAX_SAFE_INTEGER)),
    last_order_at: v.exactOptional(v.nullable(instant)),
  },
  v.nullable(attribute),
  'must be an object',
)

const currency = v.pipe(v.string('must be a text'), v.regex(/^[A-Z]{3}$/, 'must be a currency code such as UAH'))

/** A product as its page shows it. */
export const productSchema = v.strictObject({ currency, ...goods }, 'must be an object')

export const orderSchema = v.strictObject(
  {
    currency,
    lines: v.pipe(
      v.array(line, 'must be a list'),
      v.maxLength(limits.cartLines, `must have at most ${limits.cartLines} lines`),
      v.rawCheck(({ dataset, addIssue }) => {
        if (!dataset.typed) return
        const seen = new Set<string>()
        for (const [i, { id }] of dataset.value.entries()) {
          if (seen.has(id)) {
            const path: [v.ArrayPathItem, v.ObjectPathItem] = [
              { type: 'array', origin: 'value', input: dataset.value, key: i, value: dataset.value[i] },
              { type: 'object', origin: 'value', input: { id }, key: 'id', value: id },
            ]
            addIssue({ message: 'must differ from the id of every other line', path })
          }
          seen.add(id)
        }
      }),
    ),
    delivery: v.exactOptional(
      v.nullable(
        v.strictObject(
          {
            method: v.exactOptional(text(limits.idChars)),
            price_minor: v.exactOptional(minor()),
            city: v.exactOptional(text(limits.nameChars)),
            country: v.exactOptional(text(limits.nameChars)),
          },
          'must be an object',
        ),
      ),
    ),
    payment: v.exactOptional(
      v.nullable(v.strictObject({ method: v.exactOptional(text(limits.idChars)) }, 'must be an object')),
    ),
    codes: v.exactOptional(
      v.pipe(
        v.array(v.pipe(v.string('must be a text'), v.maxLength(limits.idChars)), 'must be a list'),
        v.maxLength(limits.groups, `must be at most ${limits.groups} codes`),
      ),
    ),
    channel: v.exactOptional(text(limits.idChars)),
    customer: v.exactOptional(v.nullable(customer)),
  },
  'must be an object',
)

export type Product = v.InferOutput<typeof productSchema>
export type Order = v.InferOutput<typeof orderSchema>
export type OrderLine = Order['lines'][number]

const uses = () => v.exactOptional(count(0, Number.MAX_SAFE_INTEGER))
const codeUsage = v.strictObject({ uses: uses(), customer_uses: uses() }, 'must be an object')

/** What has been redeemed before this order: per promo id. `customer_uses` are those of this order's customer. */
export const usageSchema = v.record(
  v.string(),
  v.strictObject(
    {
      uses: uses(),
      customer_uses: uses(),
      budget_minor: uses(),
      codes: v.exactOptional(v.record(v.string(), codeUsage, 'must be an object')),
    },
    'must be an object',
  ),
  'must be an object',
)

export type Usage = v.InferOutput<typeof usageSchema>
export type PromoUsage = Usage[string]

/** Codes are equal when they differ only in case and in spaces around them. */
export const canonicalCode = (code: string): string => code.trim().toUpperCase()

export const timeZoneSchema = v.pipe(
  v.string('must be a text'),
  v.check(isTimeZone, 'must be a time zone such as Europe/Kyiv'),
)

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
  return lastMs === undefined ? undefined : Math.max(0, Math.floor((nowMs - lastMs) / 86_400_000))
}

/** The values of a customer's attribute; none when it is not known. */
export function customerValues(order: Order, attribute: string): readonly (string | number | boolean)[] {
  const { customer } = order
  if (!customer || !Object.hasOwn(customer, attribute)) return []
  const value = customer[attribute]
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

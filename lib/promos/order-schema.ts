// The schemas of what `allocate` gets: the order, and what has been redeemed before. Apart from order.ts, for who builds
// orders (the admin page) checks none.
import * as v from 'valibot'
import { limits } from '../base/limits.ts'
import { readTime } from '../base/zones.ts'

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
  v.maxEntries(limits.attributes, `must have at most ${limits.attributes} attributes`),
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
        v.maxLength(limits.groups, `must have at most ${limits.groups} codes`),
      ),
    ),
    channel: v.exactOptional(text(limits.idChars)),
    customer: v.exactOptional(v.nullable(customer)),
  },
  'must be an object',
)

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

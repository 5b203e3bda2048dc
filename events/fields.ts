// The fields that several event types share: bounded, printable, safe as keys and in URLs.
import * as v from 'valibot'
import { limits } from '../lib/base/limits.ts'
import { unitsToMinor } from '../lib/base/money.ts'
import { isInstant } from '../lib/base/time.ts'

// Messages are ours: valibot's own repeat what was sent, and that may be somebody's name.
const bounded = (chars: number) =>
  v.pipe(
    v.string('must be text'),
    v.minLength(1, 'must not be empty'),
    v.maxLength(chars, `must have at most ${chars} characters`),
  )

/** Letters and digits of any script, then also `_ . : @ + ~ # -`: what is safe as a key and, encoded, in a path. */
export const id = () =>
  v.pipe(
    bounded(limits.idChars),
    v.regex(
      /^[\p{L}\p{N}][\p{L}\p{N}_.:@+~#-]*$/u,
      'must begin with a letter or digit and hold only those and _ . : @ + ~ # -',
    ),
  )

/** An id that may be made of others (`<order id>:<line id>`, `butter#<customer>#<month>`): anything printable. */
export const token = () =>
  v.pipe(
    bounded(limits.eventIdChars),
    v.regex(/^[^\p{Cc}\p{Cs}\p{Z}]+$/u, 'must hold neither spaces nor control characters'),
  )

/** One line for people. */
export const line = (chars: number) =>
  v.pipe(
    bounded(chars),
    v.check((text) => text.trim() !== '', 'must not be blank'),
    v.regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters or line breaks'),
  )

/** Several lines for people, as an address in Poland has. */
const lines = (chars: number) =>
  v.pipe(
    bounded(chars),
    v.check((text) => text.trim() !== '', 'must not be blank'),
    v.regex(/^(?:[\t\n\r]|[^\p{Cc}\p{Cs}])*$/u, 'must not hold control characters other than line breaks'),
  )

/** With milliseconds and in UTC: `2022-04-24T19:41:07.123Z`. */
export const instant = () =>
  v.pipe(v.string('must be text'), v.check(isInstant, 'must be a UTC instant such as 2022-04-24T19:41:07.123Z'))

/** Minor units. */
export const minor = () =>
  v.pipe(
    v.number('must be a number'),
    v.integer('must be an integer in minor units'),
    v.minValue(0, 'must not be negative'),
    v.maxValue(limits.priceMinor, `must be at most ${limits.priceMinor}`),
  )

/** Whole currency units with at most two decimals, as the shop's first messages carry them: `0.54`. */
export const price = () =>
  v.pipe(
    v.number('must be a number'),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return
      const read = unitsToMinor(dataset.value)
      if (!read.ok) addIssue({ message: read.reason })
    }),
    v.minValue(0, 'must not be negative'),
    v.maxValue(limits.priceMinor / 100, `must be at most ${limits.priceMinor / 100}`),
  )

export const quantity = () =>
  v.pipe(
    v.number('must be a number'),
    v.integer('must be an integer'),
    v.minValue(1, 'must be at least 1'),
    v.maxValue(limits.quantity, `must be at most ${limits.quantity}`),
  )

const attributeText = () => v.pipe(line(limits.attributeChars))

/** What promotions filter on beside the fields that there are: any names; text, numbers, yes or no, lists of text. */
export const attributes = () =>
  v.pipe(
    v.record(
      line(limits.attributeNameChars),
      v.union(
        [
          attributeText(),
          v.pipe(
            v.number(),
            v.finite(),
            // What DynamoDB keeps as it is, and people can read.
            v.check((n) => !String(n).includes('e'), 'must be a number of a size that needs no exponent'),
          ),
          v.boolean(),
          v.pipe(
            v.array(attributeText()),
            v.maxLength(limits.attributeListEntries, `must have at most ${limits.attributeListEntries} entries`),
          ),
        ],
        'must be text, a number, true or false, or a list of texts',
      ),
      'must be an object',
    ),
    v.maxEntries(limits.attributes, `must have at most ${limits.attributes} entries`),
    v.check(
      (all) => JSON.stringify(all).length <= limits.attributesChars,
      `must have at most ${limits.attributesChars} characters of JSON together`,
    ),
  )

const groups = () =>
  v.pipe(
    v.array(line(limits.idChars), 'must be a list'),
    v.maxLength(limits.groups, `must have at most ${limits.groups} entries`),
    v.check((all) => new Set(all).size === all.length, 'must not name a group twice'),
  )

/** What a voucher is; promotions write it, and people read it. */
export const voucherFields = () => ({
  kind: line(limits.nameChars),
  /** The type of goods that it is good for. */
  product_type: v.exactOptional(line(limits.nameChars)),
})

/** Who a customer is: the fields that `new_customer` sets and every picture of the customer repeats. */
export const customerFields = () => ({
  id: id(),
  first_name: line(limits.nameChars),
  last_name: line(limits.nameChars),
  address: lines(limits.addressChars),
  /** The kind of card, such as `gold`. */
  loyalty_card: v.exactOptional(line(limits.idChars)),
  groups: v.exactOptional(groups()),
  /** What else promotions may ask about, such as `city` or `student`. */
  attributes: v.exactOptional(attributes()),
})

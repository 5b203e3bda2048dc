// A promo's config: one schema that checks it, types it, draws its form and is exported as JSON Schema.
import * as v from 'valibot'
import { isObject } from '../base/json.ts'
import { languages } from '../base/languages.ts'
import { limits } from '../base/limits.ts'
import { isTimeZone, readTime } from '../base/zones.ts'
import { actionSchema } from './actions.ts'
import { line, minorUnits, name, whole } from './args.ts'
import { countConditions } from './condition-tree.ts'
import { conditionSchema } from './conditions.ts'
import { filterSchema, pickSchema } from './filter-schema.ts'
import { canonicalCode } from './order.ts'
import { readMinutes, weekdays } from './window.ts'

const describe = <Schema extends v.GenericSchema<unknown, unknown>>(schema: Schema, title: string, text: string) =>
  v.exactOptional(v.pipe(schema, v.title(title), v.description(text)))

const id = v.pipe(
  v.string('must be a text'),
  v.maxLength(limits.idChars, `must have at most ${limits.idChars} characters`),
  v.regex(
    /^[\p{L}\p{N}][\p{L}\p{N}_.:@+~-]*$/u,
    'must begin with a letter or digit and hold only those and _ . : @ + ~ -',
  ),
)

const moment = v.pipe(
  v.string('must be a text'),
  v.check(
    (text) => readTime(text, 'UTC') !== undefined,
    'must be a day such as 2022-08-24, or a day and time such as 2022-08-24T10:00',
  ),
)

const timeZone = v.pipe(v.string('must be a text'), v.check(isTimeZone, 'must be a time zone such as Europe/Kyiv'))

const hour = v.pipe(
  v.string('must be a text'),
  v.check((text) => readMinutes(text) !== undefined, 'must be a time of day such as 09:30'),
)

const recurrence = v.pipe(
  v.strictObject(
    {
      weekdays: v.exactOptional(
        v.pipe(
          v.array(v.picklist(weekdays, `must be one of ${weekdays.join(', ')}`), 'must be a list'),
          v.minLength(1, 'must name a weekday: without one the promo never opens'),
          v.maxLength(7, 'must name each weekday once'),
        ),
      ),
      from: v.exactOptional(hour),
      to: v.exactOptional(hour),
    },
    'must be an object such as {"weekdays": ["sat", "sun"], "from": "18:00", "to": "22:00"}',
  ),
  v.check((all) => Object.keys(all).length > 0, 'must have weekdays or hours'),
  v.check(
    ({ from = '00:00', to = '24:00' }) => from !== to,
    'begins and ends at the same time of day, so that it never opens; leave both out for the whole day',
  ),
)

const positive = () => v.pipe(whole(), v.minValue(1, 'must be at least 1: else nobody could ever use the promo'))

const codeLimits = v.strictObject(
  { uses: v.exactOptional(positive()), customer_uses: v.exactOptional(positive()) },
  'must be an object such as {"uses": 100, "customer_uses": 1}',
)

const promoLimits = v.pipe(
  v.strictObject(
    {
      uses: v.exactOptional(v.pipe(positive(), v.description('Orders in which it may apply, altogether'))),
      customer_uses: v.exactOptional(v.pipe(positive(), v.description('Orders of one customer'))),
      budget: v.exactOptional(
        v.pipe(
          v.number('must be an amount of money, such as 10000'),
          v.minValue(0.01, 'must be more than 0'),
          v.maxValue(10_000_000_000, 'must be at most 10000000000'),
          v.check((value) => /^\d+(?:\.\d{1,2})?$/.test(String(value)), 'must have at most two decimals'),
          v.description('Whole currency units that it may give altogether'),
        ),
      ),
      budget_minor: v.exactOptional(v.pipe(minorUnits(), v.description('The same in minor units'))),
      each_code: v.exactOptional(v.pipe(codeLimits, v.description('Of every code by itself'))),
      codes: v.exactOptional(v.pipe(v.record(v.string(), codeLimits), v.description('Of single codes'))),
    },
    'must be an object such as {"uses": 1000, "customer_uses": 1}',
  ),
  v.check((all) => Object.keys(all).length > 0, 'must have a limit; leave it out for none'),
  v.check((all) => all.budget === undefined || all.budget_minor === undefined, 'has budget and budget_minor: name one'),
)

export const namedTwice = 'names a code twice (upper and lower case are the same)'

const codes = v.pipe(
  v.array(line(limits.idChars), 'must be a list of codes'),
  v.minLength(1, 'must hold a code; leave it out for a promo without codes'),
  v.maxLength(limits.promoCodes, `must have at most ${limits.promoCodes} codes`),
  v.check((all) => new Set(all.map(canonicalCode)).size === all.length, namedTwice),
)

const hintText = v.pipe(
  v.string('must be a text'),
  v.minLength(1, 'must not be empty; write false for no hint'),
  v.maxLength(limits.hintChars, `must have at most ${limits.hintChars} characters`),
)

const hintByLanguage = v.pipe(
  v.strictObject(
    Object.fromEntries(languages.map((language) => [language, v.exactOptional(hintText)])) as Record<
      (typeof languages)[number],
      v.ExactOptionalSchema<typeof hintText, undefined>
    >,
    'must be a text, texts by language, or false',
  ),
  v.check((all) => Object.keys(all).length > 0, 'must have a text in one language at least'),
)

export type HintConfig = false | string | v.InferOutput<typeof hintByLanguage>

const hint = pickSchema<HintConfig>((input) => {
  const none = v.literal(false, 'must be a text, texts by language, or false')
  if (input === undefined) return v.union([hintText, hintByLanguage, none])
  if (isObject(input)) return hintByLanguage
  return typeof input === 'string' ? hintText : none
})

export const states = ['draft', 'test', 'live'] as const

export const promoSchema = v.strictObject(
  {
    id: describe(id, 'Id', 'Never changes; orders and counters know the promo by it'),
    title: describe(line(limits.nameChars), 'Title', 'What people call it'),
    state: describe(
      v.picklist(states, 'must be draft, test or live'),
      'State',
      'draft: never applies. test: for testers only. live: for everyone',
    ),
    priority: describe(
      v.pipe(
        v.number('must be a number'),
        v.integer('must be a whole number'),
        v.minValue(-1_000_000, 'must be at least -1000000'),
        v.maxValue(1_000_000, 'must be at most 1000000'),
      ),
      'Priority',
      'Higher comes first; 0 when left out',
    ),
    exclusive: describe(v.boolean('must be true or false'), 'Exclusive', 'Where it applies, no other promo does'),
    group: describe(name(), 'Group', 'Of the promos of one group only the best for the customer applies'),
    stop: describe(v.boolean('must be true or false'), 'Stop', 'No later promo gets the lines that it acted on'),
    currency: describe(
      v.pipe(v.string('must be a text'), v.regex(/^[A-Z]{3}$/, 'must be a currency code such as UAH')),
      'Currency',
      'Only for orders in this currency',
    ),
    start: describe(moment, 'Start', 'A bare day: from its midnight on'),
    finish: describe(moment, 'Finish', 'A bare day: to its end. With a time: until then, exclusively'),
    time_zone: describe(timeZone, 'Time zone', "Of start, finish and recurrence; the shop's when left out"),
    recurrence: describe(recurrence, 'Recurrence', 'Only on some weekdays, only in some hours'),
    product_filters: describe(filterSchema, 'Goods', 'Which goods it is about; all when left out'),
    order_filters: describe(
      v.pipe(
        v.array(conditionSchema, 'must be a list of conditions'),
        v.maxLength(limits.promoConditions, `must have at most ${limits.promoConditions} entries`),
        v.check(
          (all) => countConditions(all) <= limits.promoConditions,
          `must have at most ${limits.promoConditions} conditions`,
        ),
      ),
      'Order',
      'Conditions, all of which must be met',
    ),
    targets: describe(filterSchema, 'Targets', 'The goods that its actions act on, when not those it is about'),
    actions: v.pipe(
      v.array(actionSchema, 'must be a list of actions'),
      v.minLength(1, 'must hold an action: without one the promo gives nothing'),
      v.maxLength(limits.promoActions, `must have at most ${limits.promoActions} entries`),
      v.title('Discount'),
      v.description('What the customer gets'),
    ),
    codes: describe(codes, 'Codes', 'It applies only to orders with one of these; upper and lower case are the same'),
    limits: describe(promoLimits, 'Limits', 'How often, and for how much money, it may apply'),
    hint: describe(hint, 'Hint', 'What the customer reads who lacks something; false: nothing'),
    notes: describe(
      v.pipe(
        v.string('must be a text'),
        v.maxLength(limits.promoTexts, `must have at most ${limits.promoTexts} characters`),
      ),
      'Notes',
      'For colleagues',
    ),
  },
  'must be an object',
)

export type PromoConfig = v.InferOutput<typeof promoSchema>

// A promo's whole config in one plain sentence, in each language: for lists, beside the form, and for kram promos. What
// it does not tell is what is not of what the promo does: id, title, state, hint, notes.

import { type Language, locales } from '../base/languages.ts'
import { remember } from '../base/remember.ts'
import { minuteOf, wallAt } from '../base/zones.ts'
import type { PromoConfig } from './config.ts'
import type { Filter } from './filter-schema.ts'
import { canonicalCode } from './order.ts'
import { actionText } from './sentences/actions.ts'
import { conditionText } from './sentences/conditions.ts'
import { goodsText } from './sentences/goods.ts'
import { joined, minorText, money, type Telling, timesText } from './sentences/telling.ts'
import { type GoodsText, type SentenceWords, sentenceWords } from './sentences/words.ts'
import { compileWindow, weekdays } from './window.ts'

export type SentenceOptions = {
  language: Language
  /** The shop's; a promo may name its own. */
  currency: string
  timeZone: string
}

/** The sentence of a config that the schema has passed. Pure and quick enough for every key that is pressed. */
export function sentence(config: PromoConfig, { language, currency, timeZone }: SentenceOptions): string {
  const words = sentenceWords[language]
  const telling = { words, language, currency: config.currency ?? currency }
  const named = goodsNamer(config, telling)
  const what = joined(
    config.actions.map((action) => actionText(action, { ...telling, ...named })),
    words.and,
  )
  const clauses = (config.order_filters ?? []).map((condition) => conditionText(condition, { ...telling, ...named }))
  // Goods that nothing has spoken of must be there all the same.
  if (config.product_filters && !named.isNamed()) clauses.unshift(words.there(named.own().plain))
  const parts = [
    what,
    ...(clauses.length === 0 ? [] : [`${words.when}${joined(clauses, words.and)}`]),
    ...codesText(config, telling),
    ...windowText(config, telling, timeZone),
  ]
  const rest = [...limitsText(config, telling), ...optionsText(config, words)]
  return asSentence([parts.join(', '), ...rest].join('; '), telling)
}

/** Begins with a capital, unless it begins with a currency's sign; ends with one full stop. */
function asSentence(text: string, telling: Telling): string {
  const sign = minorText(100, telling).replaceAll(/[\d\s.,]/g, '')
  const begun = text.startsWith(sign) ? text : text.charAt(0).toLocaleUpperCase(telling.language) + text.slice(1)
  return begun.endsWith('.') ? begun : `${begun}.`
}

// The goods of the promo are named once, and then they are "these goods".
function goodsNamer({ product_filters, targets }: PromoConfig, telling: Telling) {
  const named = new Set<Filter>()
  const name = (filter: Filter | undefined): GoodsText => {
    if (filter === undefined) return telling.words.allGoods
    if (named.has(filter) && named.size === 1) return telling.words.theseGoods
    named.add(filter)
    return goodsText(filter, telling)
  }
  return {
    own: () => name(product_filters),
    given: (own: Filter | undefined) => {
      const filter = own ?? targets
      return filter && goodsText(filter, telling)
    },
    goods: (own: Filter | undefined) => name(own ?? targets ?? product_filters),
    isNamed: () => product_filters !== undefined && named.has(product_filters),
  }
}

/** More codes than this are counted, not named. */
const namedCodes = 5

function codesText({ codes }: PromoConfig, { words }: Telling): string[] {
  if (codes === undefined) return []
  const [only] = codes
  if (codes.length === 1 && only !== undefined) return [words.withCode(only.trim())]
  if (codes.length > namedCodes) return [words.withOneOfMany(String(codes.length))]
  return [
    words.withOneOf(
      joined(
        codes.map((code) => code.trim()),
        words.or,
      ),
    ),
  ]
}

const dayFormat = { day: 'numeric', month: 'long', year: 'numeric' } as const
const timeFormat = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const formats = new Map<string, Intl.DateTimeFormat>()

function formatted(
  ms: number,
  zone: string,
  language: Language,
  options: typeof dayFormat | typeof timeFormat,
): string {
  const make = () => new Intl.DateTimeFormat(locales[language], { timeZone: zone, ...options })
  return remember(formats, `${language} ${zone} ${options === dayFormat}`, make).format(ms)
}

const dayIn = (ms: number, zone: string, { language }: Telling): string => formatted(ms, zone, language, dayFormat)

const momentIn = (ms: number, zone: string, { language, words }: Telling): string =>
  `${formatted(ms, zone, language, dayFormat)}${words.at}${formatted(ms, zone, language, timeFormat)}`

const isMidnight = (ms: number, zone: string): boolean => minuteOf(wallAt(zone, ms)) === 0 && ms % 60_000 === 0

type WindowTexts = { start?: string; finish?: string; recurrence?: string; hasTimes: boolean }

/** Start, finish and recurrence, each by itself, where there is one; a day that ends it is itself still part of it. */
export function windowTexts(config: PromoConfig, telling: Telling, timeZone: string): WindowTexts {
  const { words } = telling
  const zone = config.time_zone ?? timeZone
  const { startMs, finishMs } = compileWindow(config, timeZone)
  const startsAtDay = !Number.isFinite(startMs) || isMidnight(startMs, zone)
  const endsAtDay = !Number.isFinite(finishMs) || isMidnight(finishMs, zone)
  const recurrence = recurrenceText(config, words).join(' ')
  const hasHours = config.recurrence?.from !== undefined || config.recurrence?.to !== undefined
  return {
    ...(Number.isFinite(startMs) && {
      start: words.from(startsAtDay ? dayIn(startMs, zone, telling) : momentIn(startMs, zone, telling)),
    }),
    ...(Number.isFinite(finishMs) && {
      finish: words.until(endsAtDay ? dayIn(finishMs - 1, zone, telling) : momentIn(finishMs, zone, telling)),
    }),
    ...(recurrence !== '' && { recurrence }),
    hasTimes: !startsAtDay || !endsAtDay || hasHours,
  }
}

function windowText(config: PromoConfig, telling: Telling, timeZone: string): string[] {
  const { start, finish, recurrence, hasTimes } = windowTexts(config, telling, timeZone)
  const parts = [start, finish, recurrence].filter((part) => part !== undefined)
  if (parts.length === 0) return []
  const isZoneTold = hasTimes || config.time_zone !== undefined
  return [[...parts, ...(isZoneTold ? [telling.words.inZone(config.time_zone ?? timeZone)] : [])].join(' ')]
}

function recurrenceText({ recurrence }: PromoConfig, words: SentenceWords): string[] {
  if (recurrence === undefined) return []
  const { weekdays: days, from, to } = recurrence
  const named = weekdays.flatMap((day, i) => (days?.includes(day) ? [words.weekdays[i] ?? ''] : []))
  return [
    ...(named.length === 0 ? [] : [words.onDays(joined(named, words.and))]),
    ...(from === undefined && to === undefined ? [] : [words.hours(from ?? '00:00', to ?? '24:00')]),
  ]
}

export type Uses = { uses?: number | undefined; customer_uses?: number | undefined }

function usesText({ uses, customer_uses }: Uses, telling: Telling): string[] {
  const { words } = telling
  return [
    ...(uses === undefined ? [] : [words.usesInAll(timesText(uses, telling))]),
    ...(customer_uses === undefined ? [] : [words.usesEach(timesText(customer_uses, telling))]),
  ]
}

function limitsText({ limits, codes = [] }: PromoConfig, telling: Telling): string[] {
  if (limits === undefined) return []
  const { words } = telling
  const { budget, budget_minor, each_code, codes: single = {} } = limits
  const all = (uses: Uses): string => usesText(uses, telling).join(', ')
  const written = new Map(codes.map((code) => [canonicalCode(code), code.trim()]))
  return [
    ...usesText(limits, telling),
    ...(budget === undefined ? [] : [words.budget(money(budget, telling))]),
    ...(budget_minor === undefined ? [] : [words.budget(minorText(budget_minor, telling))]),
    ...(each_code === undefined || all(each_code) === '' ? [] : [words.eachCode(all(each_code))]),
    ...Object.entries(single).map(([code, uses]) => words.oneCode(written.get(canonicalCode(code)) ?? code, all(uses))),
  ]
}

function optionsText({ exclusive, group, stop, currency, priority }: PromoConfig, words: SentenceWords): string[] {
  return [
    ...(exclusive ? [words.exclusive] : []),
    ...(group === undefined ? [] : [words.group(group.trim())]),
    ...(stop ? [words.stop] : []),
    ...(currency === undefined ? [] : [words.currency(currency)]),
    ...(priority === undefined || priority === 0 ? [] : [words.priority(String(priority))]),
  ]
}

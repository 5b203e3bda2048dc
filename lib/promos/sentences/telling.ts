// What all parts of a sentence share: the words of the language, money and numbers in it, and which goods it has named.
import { type Language, locales } from '../../base/languages.ts'
import { remember } from '../../base/remember.ts'
import type { RewardArgs } from '../action-kinds.ts'
import type { Bounds, Least, Names } from '../args.ts'
import { type Forms, moneyText, percentText, pluralForm } from '../words.ts'
import { listOf, minorOf } from '../written.ts'
import type { Noun, RewardText, SentenceWords } from './words.ts'

export type Telling = { words: SentenceWords; language: Language; currency: string }

/** `a, b or c`, with the given word before the last. */
export function joined(parts: readonly string[], last: string): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')}${last}${parts.at(-1)}`
}

export const numberText = (value: number, { language }: Telling): string =>
  String(value).replace('.', language === 'en' ? '.' : ',')

/** Of whole currency units, as configs have them. */
export const money = (value: number, { currency, language }: Telling): string =>
  moneyText(minorOf(value), currency, language)

export const minorText = (minor: number, { currency, language }: Telling): string =>
  moneyText(minor, currency, language)

export const percent = (value: number, { language }: Telling): string => percentText(value, language)

/** `1,000 units`. */
export const count = (n: number, noun: Noun, { language }: Telling): string =>
  `${n.toLocaleString(locales[language])} ${noun[pluralForm(n, language)]}`

/** `1000 sztuk`: the number as it is, of units that do something. */
export const unitsText = (n: number, { words, language }: Telling): string =>
  `${n} ${words.unit[pluralForm(n, language)]}`

/** The same after a preposition that asks for the genitive. */
export const unitsFrom = (n: number, { words: { unit }, language }: Telling): string =>
  `${n} ${pluralForm(n, language) === 'one' ? unit.genitive.one : unit.genitive.many}`

const ordinalRules = new Map<Language, Intl.PluralRules>()

/** `2nd`, `2.`. */
export function ordinal(n: number, { words: { ordinals }, language }: Telling): string {
  const rules = remember(ordinalRules, language, () => new Intl.PluralRules(locales[language], { type: 'ordinal' }))
  return (ordinals[rules.select(n)] ?? ordinals.other)(String(n))
}

/** The form of a noun after a number. */
export const formOf = (n: number, forms: Forms, language: Language): string => forms[pluralForm(n, language)]

export const timesText = (n: number, telling: Telling): string =>
  n === 1 ? telling.words.once : count(n, telling.words.times, telling)

/** Quoted names: `“a” or “b”`. */
export const namesText = (value: Names, { words }: Telling): string => joined(listOf(value).map(words.quote), words.or)

/** A plain number is the least; bounds are said one by one. `show` puts each number into words. */
export function rangeText(value: Least, show: (value: number) => string, { words }: Telling): string {
  const { gte, gt, lte, lt }: Bounds = typeof value === 'number' ? { gte: value } : value
  const parts = [
    gte === undefined ? undefined : words.atLeast(show(gte)),
    gt === undefined ? undefined : words.moreThan(show(gt)),
    lte === undefined ? undefined : words.atMost(show(lte)),
    lt === undefined ? undefined : words.lessThan(show(lt)),
  ]
  return joined(
    parts.filter((part) => part !== undefined),
    words.and,
  )
}

/** The reward that is written; undefined: none, which gives it for nothing. */
export function rewardText(args: RewardArgs, telling: Telling): RewardText | undefined {
  if (args.percent !== undefined) return { kind: 'percent', text: percent(args.percent, telling) }
  if (args.sum !== undefined) return { kind: 'sum', text: money(args.sum, telling) }
  return args.price === undefined ? undefined : { kind: 'price', text: money(args.price, telling) }
}

// The page's language: its texts, which are data files of which one is loaded, and how it writes money and moments.
import { signal } from '@preact/signals-core'
import { type Language, languages, locales } from '../lib/base/languages.ts'
import type { Words } from '../lib/promos/hint-texts.ts'
import type { Labels } from '../lib/promos/labels.ts'
import type { SentenceWords } from '../lib/promos/sentences/words.ts'
import { moneyText, pluralForm } from '../lib/promos/words.ts'
import { words as hintTexts } from './hint-texts.ts'
import { labels } from './label-table.ts'
import { wordsFor } from './messages.ts'
import { sentenceWords } from './sentence-words.ts'
import { spoken } from './spoken.ts'
import type english from './texts/en.json'
import enUrl from './texts/en.json?url'
import plUrl from './texts/pl.json?url'
import ukUrl from './texts/uk.json?url'

type Texts = typeof english
/** What the build adds to each language's texts; `hints` is of all languages, since a promotion's hints are. */
type Added = { labels: Labels; words: unknown; hints: unknown }
export type TextKey = Exclude<keyof Texts, 'messages'>
/** Keys of texts that exist in three forms: `one`, `few`, `many`. */
export type PluralKey = { [Key in TextKey]: Key extends `${infer Stem}.many` ? Stem : never }[TextKey]

const urls: Record<Language, string> = { en: enUrl, pl: plUrl, uk: ukUrl }
const storageKey = 'kram.language'

export const language = signal<Language>('en')
export const texts = signal<Partial<Texts>>({})

const isLanguage = (text: string | null): text is Language => languages.some((name) => name === text)

/** What the reader chose before, else what the browser prefers, else English. */
export function preferredLanguage(): Language {
  const chosen = localStorage.getItem(storageKey)
  if (isLanguage(chosen)) return chosen
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en'
}

/** Loads the texts of a language and shows the page in it. */
export async function useLanguage(next: Language): Promise<void> {
  const answer = await fetch(urls[next])
  const { labels: names, words, hints, ...rest } = (await answer.json()) as Texts & Added
  labels[next] = names
  sentenceWords[next] = spoken(words) as SentenceWords
  Object.assign(hintTexts, spoken(hints) as Record<Language, Words>)
  texts.value = rest as Texts
  language.value = next
  document.documentElement.lang = next
  document.title = t('page.title')
}

export function chooseLanguage(next: Language): void {
  localStorage.setItem(storageKey, next)
  void useLanguage(next)
}

export type Values = { readonly [name: string]: string | number }

const filled = (text: string, values: Values): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))

/** A text of the page, with `{name}` replaced by the value of that name. */
export const t = (key: TextKey, values: Values = {}): string => filled(texts.value[key] ?? key, values)

/** The text of a name that comes from elsewhere, where the page has one. */
export const textOf = (name: string): string | undefined => (texts.value as { [name: string]: string })[name]

/** A sentence of the checks. */
export const messageText = (message: string): string => wordsFor(message, texts.value.messages ?? [])

/** A text that depends on a number, which is `{n}` in it. */
export const tn = (key: PluralKey, n: number): string =>
  t(`${key}.${pluralForm(n, language.value)}` as TextKey, { n: n.toLocaleString(locale()) })

export const locale = (): string => locales[language.value]

export const money = (minor: number, currency: string): string => moneyText(minor, currency, language.value)

/** A moment on the wall clock of a zone: `28 Nov 2026, 18:00`. */
export const moment = (ms: number, timeZone: string): string =>
  new Intl.DateTimeFormat(locale(), { timeZone, dateStyle: 'medium', timeStyle: 'short' }).format(ms)

/** A local day: `28 Nov 2026`. */
export const day = (ms: number, timeZone: string): string =>
  new Intl.DateTimeFormat(locale(), { timeZone, dateStyle: 'medium' }).format(ms)

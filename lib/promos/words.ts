// Numbers, money and days as people of each language write them.
import { type Language, locales } from '../base/languages.ts'
import { remember } from '../base/remember.ts'

/** `one`, `few`, `many` as Unicode's plural rules for the language name them (CLDR); English has `one` and `many`. */
export type Forms = { one: string; few: string; many: string }

const plurals: Record<Language, Intl.PluralRules> = {
  pl: new Intl.PluralRules(locales.pl),
  uk: new Intl.PluralRules(locales.uk),
  en: new Intl.PluralRules(locales.en),
}

const knownForms: Record<Language, (keyof Forms)[]> = { pl: [], uk: [], en: [] }
const smallCount = 100

/** The form of a noun that a count takes in the language. */
export function pluralForm(count: number, language: Language): keyof Forms {
  // Short cut: most counts are small.
  if (Number.isInteger(count) && count >= 0 && count < smallCount) return knownForm(count, language)
  return formOf(count, language)
}

function knownForm(count: number, language: Language): keyof Forms {
  knownForms[language][count] ??= formOf(count, language)
  return knownForms[language][count]
}

function formOf(count: number, language: Language): keyof Forms {
  const category = plurals[language].select(count)
  return category === 'one' || category === 'few' ? category : 'many'
}

const moneyFormats = new Map<string, Intl.NumberFormat>()
const moneyTexts: Record<Language, Map<string, Map<number, string>>> = { pl: new Map(), uk: new Map(), en: new Map() }
let moneyTextCount = 0

/** An amount as people of the language write it: `30 zł`, `49,99 ₴`. Spaces in it do not break. */
export function moneyText(minor: number, currency: string, language: Language): string {
  // Short cut: thresholds are round sums and rewards few, so that most amounts were written before.
  if (minor <= knownMinor) return knownMoney(minor, currency, language)
  return newMoney(minor, currency, language)
}

const newMoney = (minor: number, currency: string, language: Language): string =>
  moneyFormatOf(currency, language).format(minor / 100)

/** Larger amounts hardly come again. */
const knownMinor = 100_000_000

function knownMoney(minor: number, currency: string, language: Language): string {
  const known = moneyTexts[language].get(currency)?.get(minor)
  if (known !== undefined) return known
  if (moneyTextCount >= 1_000) {
    for (const texts of Object.values(moneyTexts)) texts.clear()
    moneyTextCount = 0
  }
  const text = newMoney(minor, currency, language)
  const texts = moneyTexts[language].get(currency) ?? new Map<number, string>()
  moneyTexts[language].set(currency, texts.set(minor, text))
  moneyTextCount++
  return text
}

const moneyFormatOf = (currency: string, language: Language): Intl.NumberFormat =>
  remember(
    moneyFormats,
    `${language} ${currency}`,
    () =>
      new Intl.NumberFormat(locales[language], {
        style: 'currency',
        currency,
        currencyDisplay: 'narrowSymbol',
        minimumFractionDigits: 2,
        maximumFractionDigits: 2,
        trailingZeroDisplay: 'stripIfInteger',
      }),
  )

/** `13%`, in Polish and Ukrainian `12,5 %` as the language has it. */
export const percentText = (percent: number, language: Language): string =>
  `${String(percent).replace('.', language === 'en' ? '.' : ',')}%`

const dayFormats = new Map<string, Intl.DateTimeFormat>()

/** A local day as people of the language write it: `25 серпня`. */
export function dayText(ms: number, timeZone: string, language: Language): string {
  const make = () => new Intl.DateTimeFormat(locales[language], { timeZone, day: 'numeric', month: 'long' })
  return remember(dayFormats, `${language} ${timeZone}`, make).format(ms)
}

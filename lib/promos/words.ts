// Numbers, money and days as people of each language write them.
import { type Language, locales } from '../base/languages.ts'

/** `one`, `few`, `many` as Unicode's plural rules for the language name them (CLDR); English has `one` and `many`. */
export type Forms = { one: string; few: string; many: string }

const plurals: Record<Language, Intl.PluralRules> = {
  pl: new Intl.PluralRules(locales.pl),
  uk: new Intl.PluralRules(locales.uk),
  en: new Intl.PluralRules(locales.en),
}

/** Of small counts, which most are. */
const knownForms: Record<Language, (keyof Forms)[]> = { pl: [], uk: [], en: [] }
const smallCount = 100

/** The form of a noun that a count takes in the language. */
export function pluralForm(count: number, language: Language): keyof Forms {
  const known = knownForms[language][count]
  if (known !== undefined) return known
  const category = plurals[language].select(count)
  const form = category === 'one' || category === 'few' ? category : 'many'
  if (Number.isInteger(count) && count >= 0 && count < smallCount) knownForms[language][count] = form
  return form
}

const moneyFormats = new Map<string, Intl.NumberFormat>()
/** Thresholds are round sums and rewards few, so that most amounts were written before. */
const moneyTexts: Record<Language, Map<string, Map<number, string>>> = { pl: new Map(), uk: new Map(), en: new Map() }
let moneyTextCount = 0

/** An amount as people of the language write it: `30 zł`, `49,99 ₴`. Spaces in it do not break. */
export function moneyText(minor: number, currency: string, language: Language): string {
  const known = moneyTexts[language].get(currency)?.get(minor)
  if (known !== undefined) return known
  if (moneyTextCount >= 1_000) {
    for (const texts of Object.values(moneyTexts)) texts.clear()
    moneyTextCount = 0
  }
  const text = moneyFormatOf(currency, language).format(minor / 100)
  const texts = moneyTexts[language].get(currency) ?? new Map<number, string>()
  moneyTexts[language].set(currency, texts.set(minor, text))
  moneyTextCount++
  return text
}

function moneyFormatOf(currency: string, language: Language): Intl.NumberFormat {
  const key = `${language} ${currency}`
  let format = moneyFormats.get(key)
  if (!format) {
    if (moneyFormats.size >= 1_000) moneyFormats.clear()
    format = new Intl.NumberFormat(locales[language], {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
      trailingZeroDisplay: 'stripIfInteger',
    })
    moneyFormats.set(key, format)
  }
  return format
}

/** `13%`, in Polish and Ukrainian `12,5 %` as the language has it. */
export const percentText = (percent: number, language: Language): string =>
  `${String(percent).replace('.', language === 'en' ? '.' : ',')}%`

const dayFormats = new Map<string, Intl.DateTimeFormat>()

/** A local day as people of the language write it: `25 серпня`. */
export function dayText(ms: number, timeZone: string, language: Language): string {
  const key = `${language} ${timeZone}`
  let format = dayFormats.get(key)
  if (!format) {
    if (dayFormats.size >= 1_000) dayFormats.clear()
    format = new Intl.DateTimeFormat(locales[language], { timeZone, day: 'numeric', month: 'long' })
    dayFormats.set(key, format)
  }
  return format.format(ms)
}

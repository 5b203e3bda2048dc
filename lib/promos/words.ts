// What hints say in each language. A table per language, so that one with a word missing does not compile.
import type { Language } from './languages.ts'

/** `one`, `few`, `many` as Unicode's plural rules for the language name them (CLDR); English has `one` and `many`. */
export type Forms = { one: string; few: string; many: string }

export type Words = {
  allGoods: string
  /** `goods`: names such as "Puma Shorts", or ''. */
  addSum: (money: string, goods: string) => string
  addUnits: (units: string, goods: string) => string
  units: Forms
  delivery: (method: string) => string
  payment: (method: string) => string
  channel: (channel: string) => string
  card: (kind: string) => string
  code: (code: string) => string
  /** The last of several steps is joined by this. */
  and: string
  get: (steps: string, reward: string) => string
  have: (reward: string) => string
  percentOff: (percent: string) => string
  sumOff: (money: string) => string
  cashback: (amount: string) => string
  bonus: (amount: string) => string
  freeDelivery: string
  cheaperDelivery: string
  gift: string
  voucher: string
  discount: string
}

export const words: Record<Language, Words> = {
  en: {
    allGoods: 'all goods',
    addSum: (money, goods) => (goods ? `add ${goods} for ${money} more` : `add goods for ${money} more`),
    addUnits: (units, goods) => (goods ? `add ${units} of ${goods}` : `add ${units}`),
    units: { one: 'more item', few: 'more items', many: 'more items' },
    delivery: (method) => `choose delivery “${method}”`,
    payment: (method) => `pay by “${method}”`,
    channel: (channel) => `order in “${channel}”`,
    card: (kind) => (kind ? `show a loyalty card “${kind}”` : 'show a loyalty card'),
    code: (code) => (code ? `enter the promo code ${code}` : 'enter a promo code'),
    and: ' and ',
    get: (steps, reward) => `${steps} to get ${reward}`,
    have: (reward) => `you get ${reward}`,
    percentOff: (percent) => `${percent} off`,
    sumOff: (money) => `${money} off`,
    cashback: (amount) => `${amount} cashback`,
    bonus: (amount) => `a bonus of ${amount}`,
    freeDelivery: 'free delivery',
    cheaperDelivery: 'cheaper delivery',
    gift: 'a gift',
    voucher: 'a voucher',
    discount: 'a discount',
  },
  pl: {
    allGoods: 'wszystkie produkty',
    addSum: (money, goods) =>
      goods ? `dodaj produkty ${goods} za jeszcze ${money}` : `dodaj produkty za jeszcze ${money}`,
    addUnits: (units, goods) => (goods ? `dodaj jeszcze ${units} ${goods}` : `dodaj jeszcze ${units}`),
    units: { one: 'sztukę', few: 'sztuki', many: 'sztuk' },
    delivery: (method) => `wybierz dostawę „${method}”`,
    payment: (method) => `wybierz płatność „${method}”`,
    channel: (channel) => `zamów przez „${channel}”`,
    card: (kind) => (kind ? `pokaż kartę lojalnościową „${kind}”` : 'pokaż kartę lojalnościową'),
    code: (code) => (code ? `wpisz kod ${code}` : 'wpisz kod promocyjny'),
    and: ' i ',
    get: (steps, reward) => `${steps}, a otrzymasz ${reward}`,
    have: (reward) => `otrzymujesz ${reward}`,
    percentOff: (percent) => `rabat ${percent}`,
    sumOff: (money) => `rabat ${money}`,
    cashback: (amount) => `zwrot ${amount}`,
    bonus: (amount) => `bonus ${amount}`,
    freeDelivery: 'darmową dostawę',
    cheaperDelivery: 'tańszą dostawę',
    gift: 'prezent',
    voucher: 'voucher',
    discount: 'rabat',
  },
  uk: {
    allGoods: 'усі товари',
    addSum: (money, goods) => (goods ? `додай товарів ${goods} ще на ${money}` : `додай товарів ще на ${money}`),
    addUnits: (units, goods) => (goods ? `додай ще ${units} ${goods}` : `додай ще ${units}`),
    units: { one: 'товар', few: 'товари', many: 'товарів' },
    delivery: (method) => `обери доставку «${method}»`,
    payment: (method) => `обери оплату «${method}»`,
    channel: (channel) => `замов через «${channel}»`,
    card: (kind) => (kind ? `покажи картку лояльності «${kind}»` : 'покажи картку лояльності'),
    code: (code) => (code ? `введи промокод ${code}` : 'введи промокод'),
    and: ' і ',
    get: (steps, reward) => `${steps} та отримай ${reward}`,
    have: (reward) => `ти отримуєш ${reward}`,
    percentOff: (percent) => `знижку ${percent}`,
    sumOff: (money) => `знижку ${money}`,
    cashback: (amount) => `кешбек ${amount}`,
    bonus: (amount) => `бонус ${amount}`,
    freeDelivery: 'безкоштовну доставку',
    cheaperDelivery: 'дешевшу доставку',
    gift: 'подарунок',
    voucher: 'ваучер',
    discount: 'знижку',
  },
}

const locales: Record<Language, string> = { pl: 'pl-PL', uk: 'uk-UA', en: 'en-GB' }

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
const moneyTexts = new Map<string, string>()

/** An amount as people of the language write it: `30 zł`, `49,99 ₴`. Spaces in it do not break. */
export function moneyText(minor: number, currency: string, language: Language): string {
  const textKey = `${language} ${currency} ${minor}`
  const known = moneyTexts.get(textKey)
  if (known !== undefined) return known
  if (moneyTexts.size >= 1_000) moneyTexts.clear()
  const text = moneyFormatOf(currency, language).format(minor / 100)
  moneyTexts.set(textKey, text)
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

// The print-outs of `kram list`: Polish is the first shop's own, byte for byte; Ukrainian and English say the same.
// (https://github.com/prokulski/ClientFlow; where its code and its article differ, the article's form.)
import type { Language } from '../base/languages.ts'
import { minorToText } from '../base/money.ts'
import { toInstant } from '../base/time.ts'
import type { CustomerDocument, Purchase } from './customer-document.ts'
import type { Product } from './product.ts'

export type PrintOptions = {
  language: Language
  /** ISO 4217 code of the shop's currency. */
  currency: string
}

type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/** How one language says it. `text` is the line's goods, its amounts and its time, ready to print. */
type Words = {
  /** Between whole units and the rest. */
  decimalPoint: '.' | ','
  /** Where the sign differs from the common one. */
  currencySigns: Record<string, string>
  /** A quantity with its unit; the first shop printed the bare number. */
  pieces?: PluralForms
  hasNothing: string
  hasProducts: string
  purchase: (text: { goods: string; quantity: string; price: string; total: string; time: string }) => string
  /** Behind the total of a purchase that had one. */
  discount: string
  product: (text: { name: string; type: string; price: string; id: string }) => string
}

const words: Record<Language, Words> = {
  pl: {
    decimalPoint: '.',
    currencySigns: {},
    hasNothing: 'nie ma produktów.',
    hasProducts: 'ma następujące produkty:',
    purchase: ({ goods, quantity, price, total, time }) =>
      `${goods} (${quantity} za ${price} = ${total}, kupione ${time})`,
    discount: 'rabat',
    product: ({ name, type, price, id }) => `Produkt: "${name}" (${type}, cena ${price}, ID ${id})`,
  },
  uk: {
    decimalPoint: ',',
    currencySigns: { UAH: 'грн' },
    pieces: { one: 'штука', few: 'штуки', many: 'штук', other: 'штуки' },
    hasNothing: 'не має товарів.',
    hasProducts: 'має такі товари:',
    purchase: ({ goods, quantity, price, total, time }) =>
      `${goods} (${quantity} по ${price} = ${total}, куплено ${time})`,
    discount: 'знижка',
    product: ({ name, type, price, id }) => `Товар: "${name}" (${type}, ціна ${price}, ID ${id})`,
  },
  en: {
    decimalPoint: '.',
    currencySigns: {},
    pieces: { one: 'piece', other: 'pieces' },
    hasNothing: 'has no products.',
    hasProducts: 'has these products:',
    purchase: ({ goods, quantity, price, total, time }) =>
      `${goods} (${quantity} at ${price} = ${total}, bought ${time})`,
    discount: 'discount',
    product: ({ name, type, price, id }) => `Product: "${name}" (${type}, price ${price}, ID ${id})`,
  },
}

const commonSigns: Record<string, string> = { PLN: 'zł', UAH: '₴', EUR: '€', USD: '$', GBP: '£' }

// Which form goes with a number: Unicode CLDR's plural rules.
const pluralRules = { pl: new Intl.PluralRules('pl'), uk: new Intl.PluralRules('uk'), en: new Intl.PluralRules('en') }

function quantityText(quantity: number, language: Language): string {
  const { pieces } = words[language]
  return pieces ? `${quantity} ${pieces[pluralRules[language].select(quantity)] ?? pieces.other}` : String(quantity)
}

/** An amount for people: `0.36 zł` in Polish (as the first shop printed it), `0,36 грн` in Ukrainian. */
function moneyText(minor: number, { language, currency }: PrintOptions): string {
  const { decimalPoint, currencySigns } = words[language]
  const sign = currencySigns[currency] ?? commonSigns[currency] ?? currency
  return `${minorToText(minor).replace('.', decimalPoint)} ${sign}`
}

/** Milliseconds since the epoch -> `2022-04-24 19:41:07`, in UTC. */
const timeText = (ms: number): string => toInstant(ms).slice(0, 19).replace('T', ' ')

/** Text for one line of a terminal: control characters, line ends and direction overrides become spaces. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, ' ')

function purchaseText(purchase: Purchase, options: PrintOptions): string {
  const { purchase: say, discount } = words[options.language]
  const total = moneyText(purchase.price_minor * purchase.quantity, options)
  const off = purchase.discount_minor ? `, ${discount} ${moneyText(purchase.discount_minor, options)}` : ''
  return say({
    goods: oneLine(`${purchase.type} ${purchase.name}`),
    quantity: quantityText(purchase.quantity, options.language),
    price: moneyText(purchase.price_minor, options),
    total: total + off,
    time: timeText(purchase.timestamp_ms),
  })
}

type Printable = Pick<CustomerDocument, 'id' | 'first_name' | 'last_name' | 'products'>

/** The customer's line, a line for each purchase, and the empty line that parts customers. */
export function printCustomer(customer: Printable, options: PrintOptions): string {
  const { hasNothing, hasProducts } = words[options.language]
  const name = oneLine(`${customer.first_name} ${customer.last_name} (${customer.id})`)
  const lines = customer.products.map((purchase) => ` * ${purchaseText(purchase, options)}\n`)
  return `${name} - ${lines.length === 0 ? hasNothing : hasProducts}\n${lines.join('')}\n`
}

/** The product's line with its end. */
export function printProduct(product: Product, options: PrintOptions): string {
  const text = words[options.language].product({
    name: oneLine(product.name),
    type: oneLine(product.type),
    price: moneyText(product.price_minor, options),
    id: oneLine(product.id),
  })
  return `${text}\n`
}

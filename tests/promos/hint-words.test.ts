// What hints say in Polish, Ukrainian and English: nouns that fit their number, money, days, and the whole sentences.
import { describe, expect, test } from 'vitest'
import type { Language } from '../../lib/base/languages.ts'
import type { Hint } from '../../lib/promos/allocation.ts'
import { evaluate } from '../../lib/promos/evaluate.ts'
import { renderTemplate } from '../../lib/promos/hint-template.ts'
import { words } from '../../lib/promos/hint-texts.ts'
import { moneyText } from '../../lib/promos/words.ts'

const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ')

const hintsOf = (promo: object, language: Language, order: object = {}): Hint[] =>
  evaluate(
    {
      promos: [{ id: 'p', actions: [{ type: 'percent_off', value: 10 }], ...promo }],
      order: {
        currency: 'PLN',
        lines: [{ id: 'l', price_minor: 10_000, quantity: 1, attributes: { kind: 'Skarpety' } }],
        ...order,
      },
      now: '2022-08-24T10:00:00Z',
    },
    { timeZone: 'Europe/Warsaw', language },
  ).hints

const hintOf = (...args: Parameters<typeof hintsOf>): string => plain(hintsOf(...args)[0]?.text ?? 'no hint')

// CLDR's plural rules, language by language.
const nouns: [Language, string, [count: number, noun: string][]][] = [
  [
    'pl',
    'para|pary|par',
    [
      [0, 'par'],
      [1, 'para'],
      [2, 'pary'],
      [4, 'pary'],
      [5, 'par'],
      [12, 'par'],
      [14, 'par'],
      [21, 'par'],
      [22, 'pary'],
      [25, 'par'],
      [101, 'par'],
      [112, 'par'],
      [122, 'pary'],
    ],
  ],
  [
    'uk',
    'пара|пари|пар',
    [
      [0, 'пар'],
      [1, 'пара'],
      [2, 'пари'],
      [4, 'пари'],
      [5, 'пар'],
      [11, 'пар'],
      [12, 'пар'],
      [21, 'пара'],
      [22, 'пари'],
      [25, 'пар'],
      [101, 'пара'],
      [111, 'пар'],
    ],
  ],
  [
    'en',
    'pair|pairs',
    [
      [0, 'pairs'],
      [1, 'pair'],
      [2, 'pairs'],
      [5, 'pairs'],
      [21, 'pairs'],
      [22, 'pairs'],
    ],
  ],
]

describe('nouns fit their number', () => {
  test.each(nouns.flatMap(([language, forms, all]) => all.map((one) => [language, ...one, forms] as const)))(
    '%s: %i %s',
    (language, units, noun, forms) => {
      const values = { units, missing_units: String(units) }
      expect(renderTemplate(`{missing_units} {missing_units:${forms}}`, values, language)).toBe(`${units} ${noun}`)
    },
  )

  test.each<[Language, number, string]>([
    ['pl', 2, 'Dodaj jeszcze 1 sztukę, a otrzymasz rabat 10%'],
    ['pl', 3, 'Dodaj jeszcze 2 sztuki, a otrzymasz rabat 10%'],
    ['pl', 6, 'Dodaj jeszcze 5 sztuk, a otrzymasz rabat 10%'],
    ['pl', 22, 'Dodaj jeszcze 21 sztuk, a otrzymasz rabat 10%'],
    ['pl', 23, 'Dodaj jeszcze 22 sztuki, a otrzymasz rabat 10%'],
    ['uk', 2, 'Додай ще 1 товар та отримай знижку 10%'],
    ['uk', 3, 'Додай ще 2 товари та отримай знижку 10%'],
    ['uk', 6, 'Додай ще 5 товарів та отримай знижку 10%'],
    ['uk', 22, 'Додай ще 21 товар та отримай знижку 10%'],
    ['uk', 23, 'Додай ще 22 товари та отримай знижку 10%'],
    ['en', 2, 'Add 1 more item to get 10% off'],
    ['en', 22, 'Add 21 more items to get 10% off'],
  ])('in sentences: %s, %i units wanted', (language, value, text) => {
    expect(hintOf({ order_filters: [{ type: 'total_quantity', value }] }, language)).toBe(text)
  })
})

describe('money is written as in the language', () => {
  test.each<[Language, string, number, string]>([
    ['pl', 'PLN', 3_000, '30 zł'],
    ['pl', 'PLN', 4_999, '49,99 zł'],
    ['pl', 'PLN', 5, '0,05 zł'],
    ['pl', 'PLN', 123_456_700, '1 234 567 zł'],
    ['pl', 'UAH', 3_000, '30 ₴'],
    ['uk', 'UAH', 3_000, '30 ₴'],
    ['uk', 'UAH', 4_990, '49,90 ₴'],
    ['uk', 'UAH', 123_456_789, '1 234 567,89 ₴'],
    ['en', 'GBP', 3_000, '£30'],
    ['en', 'UAH', 123_456_789, '₴1,234,567.89'],
  ])('%s %s %i', (language, currency, minor, text) => {
    expect(plain(moneyText(minor, currency, language))).toBe(text)
  })
})

describe('every step and reward has its words', () => {
  const steps: [string, object[], Record<Language, string>][] = [
    [
      'a sum',
      [{ type: 'total_value', value: 130.5 }],
      {
        pl: 'Dodaj produkty za jeszcze 30,50 zł',
        uk: 'Додай товарів ще на 30,50 zł',
        en: 'Add goods for zł 30.50 more',
      },
    ],
    [
      'delivery',
      [{ type: 'selected_delivery', value: 'inpost' }],
      { pl: 'Wybierz dostawę „inpost”', uk: 'Обери доставку «inpost»', en: 'Choose delivery “inpost”' },
    ],
    [
      'payment',
      [{ type: 'selected_payment', value: 'blik' }],
      { pl: 'Wybierz płatność „blik”', uk: 'Обери оплату «blik»', en: 'Pay by “blik”' },
    ],
    [
      'a channel',
      [{ type: 'channel', value: 'app' }],
      { pl: 'Zamów przez „app”', uk: 'Замов через «app»', en: 'Order in “app”' },
    ],
    [
      'some card',
      [{ type: 'loyalty_card' }],
      { pl: 'Pokaż kartę lojalnościową', uk: 'Покажи картку лояльності', en: 'Show a loyalty card' },
    ],
    [
      'a card of a kind',
      [{ type: 'loyalty_card', value: 'gold' }],
      {
        pl: 'Pokaż kartę lojalnościową „gold”',
        uk: 'Покажи картку лояльності «gold»',
        en: 'Show a loyalty card “gold”',
      },
    ],
    [
      'goods of its own',
      [{ type: 'contains', filter: { kind: 'Buty' }, quantity: 2 }],
      { pl: 'Dodaj jeszcze 2 sztuki Buty', uk: 'Додай ще 2 товари Buty', en: 'Add 2 more items of Buty' },
    ],
    [
      'a sum and units of the same goods',
      [
        { type: 'total_value', value: 130.5 },
        { type: 'total_quantity', value: 2 },
      ],
      {
        pl: 'Dodaj jeszcze co najmniej 1 sztukę za łącznie 30,50 zł',
        uk: 'Додай ще щонайменше 1 товар на 30,50 zł разом',
        en: 'Add at least 1 more item for zł 30.50 in all',
      },
    ],
    [
      'goods of some prices',
      [{ type: 'contains', filter: { kind: 'Buty', price: { gte: 50, lte: 80 } } }],
      {
        pl: 'Dodaj jeszcze 1 sztukę Buty od 50 zł do 80 zł',
        uk: 'Додай ще 1 товар Buty від 50 zł до 80 zł',
        en: 'Add 1 more item of Buty from zł 50 up to zł 80',
      },
    ],
    [
      'goods of one price',
      [{ type: 'contains', filter: { price: 50 } }],
      {
        pl: 'Dodaj jeszcze 1 sztukę po 50 zł',
        uk: 'Додай ще 1 товар по 50 zł',
        en: 'Add 1 more item of goods at zł 50',
      },
    ],
    [
      'several',
      [{ type: 'selected_payment', value: 'blik' }, { type: 'channel', value: 'app' }, { type: 'loyalty_card' }],
      {
        pl: 'Wybierz płatność „blik”, zamów przez „app” i pokaż kartę lojalnościową',
        uk: 'Обери оплату «blik», замов через «app» і покажи картку лояльності',
        en: 'Pay by “blik”, order in “app” and show a loyalty card',
      },
    ],
  ]
  const reward = { pl: ', a otrzymasz rabat 10%', uk: ' та отримай знижку 10%', en: ' to get 10% off' }
  const languages: Language[] = ['pl', 'uk', 'en']

  test.each(
    steps.flatMap(([name, filters, texts]) => languages.map((one) => [name, one, filters, texts[one]] as const)),
  )('to do %s: %s', (_, language, order_filters, text) => {
    expect(hintOf({ order_filters }, language)).toBe(`${text}${reward[language]}`)
  })

  const rewards: [object[], Record<Language, string>][] = [
    [[{ type: 'fixed_off', value: 20 }], { pl: 'rabat 20 zł', uk: 'знижку 20 zł', en: 'zł 20 off' }],
    [[{ type: 'cashback', value: 12.5 }], { pl: 'zwrot 12,5%', uk: 'кешбек 12,5%', en: '12.5% cashback' }],
    [[{ type: 'cashback', value: 5, as: 'sum' }], { pl: 'zwrot 5 zł', uk: 'кешбек 5 zł', en: 'zł 5 cashback' }],
    [[{ type: 'bonus', value: 3 }], { pl: 'bonus 3%', uk: 'бонус 3%', en: 'a bonus of 3%' }],
    [[{ type: 'free_delivery' }], { pl: 'darmową dostawę', uk: 'безкоштовну доставку', en: 'free delivery' }],
    [
      [{ type: 'percent_off', value: 50, on: 'delivery' }],
      { pl: 'tańszą dostawę', uk: 'дешевшу доставку', en: 'cheaper delivery' },
    ],
    [[{ type: 'gift', value: 'x' }], { pl: 'prezent', uk: 'подарунок', en: 'a gift' }],
    [[{ type: 'voucher', value: 'x' }], { pl: 'voucher', uk: 'ваучер', en: 'a voucher' }],
    [[{ type: 'fixed_price', value: 60 }], { pl: 'rabat 40 zł', uk: 'знижку 40 zł', en: 'zł 40 off' }],
    [
      [
        { type: 'cashback', value: 1 },
        { type: 'gift', value: 'x' },
      ],
      { pl: 'zwrot 1% i prezent', uk: 'кешбек 1% і подарунок', en: '1% cashback and a gift' },
    ],
  ]
  test.each(rewards.flatMap(([actions, texts]) => languages.map((one) => [texts[one], one, actions] as const)))(
    'to get: %s (%s)',
    (text, language, actions) => {
      const order = { delivery: { method: 'inpost', price_minor: 1_500 } }
      const hint = hintOf({ order_filters: [{ type: 'channel', value: 'app' }], actions }, language, order)
      expect(hint.endsWith(` ${text}`), hint).toBe(true)
    },
  )
})

describe("a promo's own text", () => {
  const hint = {
    pl: '{title}: jeszcze {missing_sum} do {finish}',
    uk: '{title}: ще {missing_sum} до {finish}',
    en: '{title}: {missing_sum} more until {finish}',
  }
  const promo = { title: 'X', finish: '2022-09-01', order_filters: [{ type: 'total_value', value: 130 }], hint }

  test.each<[Language, string]>([
    ['pl', 'X: jeszcze 30 zł do 1 września'],
    ['uk', 'X: ще 30 zł до 1 вересня'],
    ['en', 'X: zł 30 more until 1 September'],
  ])('%s', (language, text) => {
    expect(hintOf(promo, language)).toBe(text)
  })

  test('in a language that it lacks is English, else any', () => {
    expect(hintOf({ ...promo, hint: { en: 'english', uk: 'українська' } }, 'pl')).toBe('english')
    expect(hintOf({ ...promo, hint: { uk: 'українська' } }, 'pl')).toBe('українська')
  })

  test('that names what is not there gives way to the sentence', () => {
    const order_filters = [{ type: 'channel', value: 'app' }]
    expect(hintOf({ ...promo, order_filters }, 'pl')).toBe('Zamów przez „app”, a otrzymasz rabat 10%')
  })
})

test('each language has a word for everything', () => {
  for (const own of Object.values(words)) expect(Object.keys(own)).toEqual(Object.keys(words.en))
})

// What hints say in each language. A table per language, so that one with a word missing does not compile. A function only
// puts what it is given into a text, as it is: so the admin page can have the same as data.
import type { Language } from '../base/languages.ts'
import type { Forms } from './words.ts'

export type Words = {
  allGoods: string
  addSum: (money: string) => string
  /** `goods`: names such as "Puma Shorts". */
  addSumOf: (money: string, goods: string) => string
  addUnits: (units: string) => string
  addUnitsOf: (units: string, goods: string) => string
  units: Forms
  /** Units and a sum, of the same goods. */
  addBoth: (units: string, money: string) => string
  addBothOf: (units: string, goods: string, money: string) => string
  priceFrom: (money: string) => string
  priceTo: (money: string) => string
  priceOf: (money: string) => string
  /** Goods of which nothing but their price is named. */
  pricedGoods: (prices: string) => string
  delivery: (method: string) => string
  payment: (method: string) => string
  channel: (channel: string) => string
  card: (kind: string) => string
  anyCard: string
  code: (code: string) => string
  anyCode: string
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
    addSum: (money) => `add goods for ${money} more`,
    addSumOf: (money, goods) => `add ${goods} for ${money} more`,
    addUnits: (units) => `add ${units}`,
    addUnitsOf: (units, goods) => `add ${units} of ${goods}`,
    units: { one: 'more item', few: 'more items', many: 'more items' },
    addBoth: (units, money) => `add at least ${units} for ${money} in all`,
    addBothOf: (units, goods, money) => `add at least ${units} of ${goods} for ${money} in all`,
    priceFrom: (money) => `from ${money}`,
    priceTo: (money) => `up to ${money}`,
    priceOf: (money) => `at ${money}`,
    pricedGoods: (prices) => `goods ${prices}`,
    delivery: (method) => `choose delivery “${method}”`,
    payment: (method) => `pay by “${method}”`,
    channel: (channel) => `order in “${channel}”`,
    card: (kind) => `show a loyalty card “${kind}”`,
    anyCard: 'show a loyalty card',
    code: (code) => `enter the promo code ${code}`,
    anyCode: 'enter a promo code',
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
    addSum: (money) => `dodaj produkty za jeszcze ${money}`,
    addSumOf: (money, goods) => `dodaj produkty ${goods} za jeszcze ${money}`,
    addUnits: (units) => `dodaj jeszcze ${units}`,
    addUnitsOf: (units, goods) => `dodaj jeszcze ${units} ${goods}`,
    units: { one: 'sztukę', few: 'sztuki', many: 'sztuk' },
    addBoth: (units, money) => `dodaj jeszcze co najmniej ${units} za łącznie ${money}`,
    addBothOf: (units, goods, money) => `dodaj jeszcze co najmniej ${units} ${goods} za łącznie ${money}`,
    priceFrom: (money) => `od ${money}`,
    priceTo: (money) => `do ${money}`,
    priceOf: (money) => `po ${money}`,
    pricedGoods: (prices) => prices,
    delivery: (method) => `wybierz dostawę „${method}”`,
    payment: (method) => `wybierz płatność „${method}”`,
    channel: (channel) => `zamów przez „${channel}”`,
    card: (kind) => `pokaż kartę lojalnościową „${kind}”`,
    anyCard: 'pokaż kartę lojalnościową',
    code: (code) => `wpisz kod ${code}`,
    anyCode: 'wpisz kod promocyjny',
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
    addSum: (money) => `додай товарів ще на ${money}`,
    addSumOf: (money, goods) => `додай товарів ${goods} ще на ${money}`,
    addUnits: (units) => `додай ще ${units}`,
    addUnitsOf: (units, goods) => `додай ще ${units} ${goods}`,
    units: { one: 'товар', few: 'товари', many: 'товарів' },
    addBoth: (units, money) => `додай ще щонайменше ${units} на ${money} разом`,
    addBothOf: (units, goods, money) => `додай ще щонайменше ${units} ${goods} на ${money} разом`,
    priceFrom: (money) => `від ${money}`,
    priceTo: (money) => `до ${money}`,
    priceOf: (money) => `по ${money}`,
    pricedGoods: (prices) => prices,
    delivery: (method) => `обери доставку «${method}»`,
    payment: (method) => `обери оплату «${method}»`,
    channel: (channel) => `замов через «${channel}»`,
    card: (kind) => `покажи картку лояльності «${kind}»`,
    anyCard: 'покажи картку лояльності',
    code: (code) => `введи промокод ${code}`,
    anyCode: 'введи промокод',
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

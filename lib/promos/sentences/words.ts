// What a sentence about a promo is made of in each language. A table per language, so that one with a word missing does
// not compile. Names that people gave (of goods, attributes, methods) are quoted and never bent: sentences are built
// around them so that the grammar needs no more. A function only puts what it is given into a text, as it is: so the
// admin page can have the same as data (tests/admin/spoken.test.ts holds them to it).
import type { Language } from '../../base/languages.ts'
import type { Forms } from '../words.ts'
import type { ChangeWords } from './change-words.ts'
import { en } from './words-en.ts'
import { pl } from './words-pl.ts'
import { uk } from './words-uk.ts'

/** `one`, `few`, `many` after a number, and the two forms after a preposition that asks for the genitive. */
export type Noun = Forms & { genitive: { one: string; many: string } }

/** Goods as the object of a sentence, and in the genitive. */
export type GoodsText = { plain: string; genitive: string }

/** What is taken off. */
export type RewardText = { kind: RewardKind; text: string }
export type RewardKind = 'percent' | 'sum' | 'price'
export type RewardWords = { [kind in RewardKind]: (text: string) => string }

export type SentenceWords = {
  quote: (text: string) => string
  yes: string
  no: string
  and: string
  or: string
  /** Conditions begin with it. */
  when: string
  notSo: (text: string) => string

  // Goods.
  goods: GoodsText
  allGoods: GoodsText
  /** Goods that the sentence has named already. */
  theseGoods: GoodsText
  /** ` but not of kind “Shorts”`, with what parts it from what stands before; and the same where it stands first. */
  butNot: (phrase: string) => string
  not: (phrase: string) => string
  /** Attributes that have words of their own, where they equal one of the values. */
  attributes: { [attribute: string]: (values: string) => string }
  /** A price has a relation as any attribute has. */
  priced: (relation: string) => string
  /** Any other: its name quoted, and a relation. */
  attribute: (name: string, relation: string) => string
  hasAttribute: (name: string) => string
  lacksAttribute: (name: string) => string
  relations: {
    is: (values: string) => string
    other: (values: string) => string
    below: (value: string) => string
    atMost: (value: string) => string
    above: (value: string) => string
    atLeast: (value: string) => string
    between: (low: string, high: string) => string
    prefix: (text: string) => string
    all: (values: string) => string
  }

  // Counting.
  units: Noun
  /** The same where it is who does something: `3 sztuki`. */
  unit: Noun
  times: Noun
  once: string
  days: Noun
  atLeast: (text: string) => string
  moreThan: (text: string) => string
  atMost: (text: string) => string
  lessThan: (text: string) => string

  // Actions: on what.
  eachUnit: (genitive: string) => string
  eachLine: (genitive: string) => string
  together: (plain: string) => string
  delivery: string
  off: (amount: string, where: string) => string
  priceOf: (money: string, where: string) => string
  cashback: (amount: string, where: string) => string
  bonus: (amount: string, where: string) => string
  freeDelivery: string
  gift: (sku: string) => string
  gifts: (sku: string, units: string) => string
  voucher: (kind: string) => string
  voucherFor: (kind: string, productType: string) => string
  rewardEach: RewardWords
  rewardTogether: RewardWords
  forNothing: string
  everyUnit: string
  everyUnits: (genitive: string) => string
  /** The number, and the units as a text. */
  more: (n: string, units: string) => string
  buyGet: (each: string, bought: string, gets: string, reward: string) => string
  groupOfOne: (genitive: string, reward: string) => string
  groupOf: (units: string, genitive: string, reward: string) => string
  set: (parts: string, reward: string) => string
  unitsOf: (units: string, genitive: string) => string
  firstUnit: (genitive: string, reward: string) => string
  firstUnits: (units: string, genitive: string, reward: string) => string
  /** `nth`: an ordinal. */
  andFrom: (first: string, nth: string, reward: string) => string
  fromUnit: (nth: string, genitive: string, reward: string) => string
  tiers: (goods: string, steps: string) => string
  tier: (reward: string, from: string) => string
  priceOfUnit: (price: string) => string
  /** Of tiers and totals that are reckoned on what earlier promos left. */
  ofRemaining: string
  cheapestFirst: string
  dearestFirst: string
  perLine: (text: string) => string
  perOrder: (text: string) => string

  // Conditions, each a clause.
  isDelivery: (methods: string) => string
  isPayment: (methods: string) => string
  isChannel: (channels: string) => string
  isCity: (cities: string) => string
  isCountry: (countries: string) => string
  cost: (plain: string, range: string) => string
  orderCosts: (range: string) => string
  orderCostsWithDelivery: (range: string) => string
  count: (genitive: string, range: string) => string
  there: (plain: string) => string
  oneLine: (genitive: string, range: string) => string
  hasCode: (codes: string) => string
  hasCard: (kinds: string) => string
  hasAnyCard: string
  hasNoCard: string
  inGroup: (groups: string) => string
  customerHas: (name: string, relation: string) => string
  customerHasAny: (name: string) => string
  customerLacks: (name: string) => string
  firstOrder: string
  nthOrder: (ordinals: string) => string
  everyNthOrder: (ordinals: string) => string
  /** By the language's plural rules for ordinals (CLDR). */
  ordinals: { [category in Intl.LDMLPluralRule]?: (n: string) => string } & { other: (n: string) => string }
  lastOrderAgo: (range: string) => string
  notDiscounted: string
  isTester: string

  // Codes, window, options.
  withCode: (code: string) => string
  withOneOf: (codes: string) => string
  withOneOfMany: (count: string) => string
  from: (moment: string) => string
  until: (moment: string) => string
  /** Between a day and a time of day. */
  at: string
  inZone: (zone: string) => string
  /** Monday first. */
  weekdays: readonly [string, string, string, string, string, string, string]
  onDays: (days: string) => string
  hours: (from: string, to: string) => string
  usesInAll: (times: string) => string
  usesEach: (times: string) => string
  budget: (money: string) => string
  eachCode: (limits: string) => string
  oneCode: (code: string, limits: string) => string
  exclusive: string
  group: (group: string) => string
  stop: string
  currency: (currency: string) => string
  priority: (priority: string) => string

  changes: ChangeWords
}

export const sentenceWords: Record<Language, SentenceWords> = { pl, uk, en }

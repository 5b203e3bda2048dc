// Sentences about promos in English.
import type { GoodsText, RewardText, SentenceWords } from './words.ts'

const quote = (text: string): string => `“${text}”`
const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })
const suffixes: { [form: string]: string } = { one: 'st', two: 'nd', few: 'rd', other: 'th' }
const ordinal = (n: number): string => `${n}${suffixes[ordinals.select(n)]}`
const units = (n: number): string => `${n} ${n === 1 ? 'unit' : 'units'}`
const list = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} or ${parts.at(-1)}`
const same = (text: string): GoodsText => ({ plain: text, genitive: text })

const at = ({ kind, text }: RewardText): string => {
  if (kind === 'price') return `at ${text} each`
  return kind === 'sum' ? `with ${text} off each` : `at ${text} off`
}
const together = ({ kind, text }: RewardText): string => (kind === 'price' ? `for ${text}` : `with ${text} off`)

export const en: SentenceWords = {
  quote,
  yes: 'yes',
  no: 'no',
  and: ' and ',
  or: ' or ',
  when: 'if ',
  notSo: (text) => `it is not so that ${text}`,

  goods: same('goods'),
  allGoods: { plain: 'all goods', genitive: 'any goods' },
  theseGoods: same('these goods'),
  butNot: (phrase) => ` but not ${phrase}`,
  not: (phrase) => `not ${phrase}`,
  attributes: {
    brand: (values) => `of brand ${values}`,
    type: (values) => `of type ${values}`,
    kind: (values) => `of kind ${values}`,
    category: (values) => `of category ${values}`,
    name: (values) => `named ${values}`,
    sku: (values) => `with SKU ${values}`,
    size: (values) => `in size ${values}`,
    color: (values) => `in colour ${values}`,
  },
  priced: (relation) => `priced ${relation}`,
  attribute: (name, relation) => `with ${quote(name)}: ${relation}`,
  hasAttribute: (name) => `that have ${quote(name)}`,
  lacksAttribute: (name) => `without ${quote(name)}`,
  relations: {
    is: (values) => values,
    other: (values) => `other than ${values}`,
    below: (value) => `below ${value}`,
    atMost: (value) => `at most ${value}`,
    above: (value) => `above ${value}`,
    atLeast: (value) => `at least ${value}`,
    between: (low, high) => `from ${low} to ${high}`,
    prefix: (text) => `beginning with ${text}`,
    all: (values) => `holding ${values}`,
  },

  units: { one: 'unit', few: 'units', many: 'units', genitive: { one: 'unit', many: 'units' } },
  times: { one: 'time', few: 'times', many: 'times', genitive: { one: 'time', many: 'times' } },
  once: 'once',
  days: { one: 'day', few: 'days', many: 'days', genitive: { one: 'day', many: 'days' } },
  atLeast: (text) => `at least ${text}`,
  moreThan: (text) => `more than ${text}`,
  atMost: (text) => `at most ${text}`,
  lessThan: (text) => `less than ${text}`,

  eachUnit: (goods) => `each unit of ${goods}`,
  eachLine: (goods) => `each line of ${goods}`,
  together: (goods) => `${goods} together`,
  delivery: 'delivery',
  off: (amount, where) => `${amount} off ${where}`,
  priceOf: (money, where) => `a price of ${money} for ${where}`,
  cashback: (amount, where) => `${amount} cashback for ${where}`,
  bonus: (amount, where) => `${amount} in bonus points for ${where}`,
  freeDelivery: 'free delivery',
  gift: (sku, count) => (count === 1 ? `a gift: ${quote(sku)}` : `a gift: ${units(count)} of ${quote(sku)}`),
  voucher: (kind, type) => `a voucher ${quote(kind)}${type === undefined ? '' : ` for goods of type ${quote(type)}`}`,
  buyGet: (buy, bought, get, given, reward) => {
    const more = given ? `${units(get)} of ${given.genitive}` : `${get} more`
    return `for every ${buy === 1 ? 'unit' : units(buy)} of ${bought.genitive} ${more} ${reward ? at(reward) : 'for nothing'}`
  },
  groups: (count, goods, reward) =>
    count === 1
      ? `each unit of ${goods.genitive} ${together(reward)}`
      : `every ${units(count)} of ${goods.genitive} together ${together(reward)}`,
  set: (parts, reward) => `a set of ${parts} ${together(reward)}`,
  setPart: (count, goods) => `${units(count)} of ${goods}`,
  further: (first, goods, firstReward, further) => {
    const begins = firstReward
      ? `the first ${first === 1 ? 'unit' : units(first)} of ${goods.genitive} ${at(firstReward)}, and `
      : ''
    return `${begins}from the ${ordinal(first + 1)} unit ${firstReward ? '' : `of ${goods.genitive} `}on ${at(further)}`
  },
  tiers: (goods, steps) => `a discount on ${goods} that grows: ${steps}`,
  tier: ({ kind, text }, from) => `${kind === 'price' ? `${text} a unit` : text} from ${from}`,
  fromUnits: units,
  ofRemaining: 'after earlier promotions',
  cheapestFirst: 'the cheapest first',
  dearestFirst: 'the dearest first',
  perLine: (text) => `${text} of a line`,
  perOrder: (text) => `${text} of an order`,

  isDelivery: (methods) => `delivery is ${methods}`,
  isPayment: (methods) => `payment is ${methods}`,
  isChannel: (channels) => `the order comes through ${channels}`,
  isCity: (cities) => `the order goes to the city ${cities}`,
  isCountry: (countries) => `the order goes to the country ${countries}`,
  cost: (goods, range) => `${goods} cost ${range} together`,
  orderCosts: (range) => `the order without delivery costs ${range}`,
  orderCostsWithDelivery: (range) => `the order with delivery costs ${range}`,
  count: (goods, range) => `the order holds ${range} of ${goods}`,
  there: (goods) => `the order holds ${goods}`,
  oneLine: (goods, range) => `one line of ${goods} has ${range}`,
  hasCode: (codes) => `the customer enters the code ${codes}`,
  hasCard: (kinds) => (kinds ? `the customer has a loyalty card ${kinds}` : 'the customer has a loyalty card'),
  hasNoCard: 'the customer has no loyalty card',
  inGroup: (groups) => `the customer is in the group ${groups}`,
  customerHas: (name, relation) => `the customer has ${quote(name)}: ${relation}`,
  customerHasAny: (name) => `the customer has ${quote(name)}`,
  customerLacks: (name) => `the customer has no ${quote(name)}`,
  firstOrder: 'it is the customer’s first order',
  nthOrder: (numbers) => `it is the customer’s ${list(numbers.map(ordinal))} order`,
  everyNthOrder: (numbers) => `it is every ${list(numbers.map(ordinal))} order of the customer`,
  lastOrderAgo: (range) => `the customer’s last order is ${range} ago`,
  notDiscounted: 'no earlier promotion has made the goods cheaper',
  isTester: 'the customer is a tester',

  withCode: (code) => `with the code ${code}`,
  withOneOf: (codes) => `with one of the codes ${codes}`,
  withOneOfMany: (count) => `with one of ${count} codes`,
  from: (moment) => `from ${moment}`,
  until: (moment) => `until ${moment}`,
  at: ' at ',
  inZone: (zone) => `(${zone})`,
  weekdays: ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays'],
  onDays: (days) => `on ${days}`,
  hours: (from, to) => `from ${from} to ${to}`,
  usesInAll: (times) => `at most ${times} in all`,
  usesEach: (times) => `at most ${times} for each customer`,
  budget: (money) => `until ${money} have been given`,
  eachCode: (limits) => `each code ${limits}`,
  oneCode: (code, limits) => `the code ${code} ${limits}`,
  exclusive: 'no other promotion applies beside it',
  group: (group) => `of the group ${quote(group)} only the best promotion applies`,
  stop: 'later promotions leave its goods alone',
  currency: (currency) => `only orders in ${currency}`,
  priority: (priority) => `priority ${priority}`,

  changes: {
    created: (sentence) => `Created: ${sentence}`,
    noLonger: (text) => `no longer ${text}`,
    also: (text) => `now also ${text}`,
    unlimited: 'without limit',
    none: 'none',
    always: 'always',
    standardHint: 'made from the config',
    noHint: 'none',
    reordered: 'in another order',
    sameMeaning: 'written differently, means the same',
    codes: { one: 'code', few: 'codes', many: 'codes' },
  },
}

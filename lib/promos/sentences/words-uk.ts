// Sentences about promos in Ukrainian.
import type { GoodsText, Noun, RewardText, SentenceWords } from './words.ts'

const quote = (text: string): string => `«${text}»`
const rules = new Intl.PluralRules('uk')

const unit: Noun = {
  one: 'одиниця',
  few: 'одиниці',
  many: 'одиниць',
  genitive: { one: 'одиниці', many: 'одиниць' },
}

const counted = (n: number, noun: Noun): string => {
  const form = rules.select(n)
  return `${n} ${form === 'one' || form === 'few' ? noun[form] : noun.many}`
}
/** After `від`, `за купівлі`: 1 одиниці, 21 одиниці, 2 одиниць. */
const ofUnits = (n: number): string => `${n} ${rules.select(n) === 'one' ? unit.genitive.one : unit.genitive.many}`
const list = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} або ${parts.at(-1)}`
const goods = (plain: string, genitive: string): GoodsText => ({ plain, genitive })

const discounted = ({ kind, text }: RewardText): string => {
  if (kind === 'price') return `по ${text}`
  return kind === 'sum' ? `зі знижкою ${text} на одиницю` : `зі знижкою ${text}`
}
const together = ({ kind, text }: RewardText): string => (kind === 'price' ? `за ${text}` : `зі знижкою ${text}`)

export const uk: SentenceWords = {
  quote,
  yes: 'так',
  no: 'ні',
  and: ' і ',
  or: ' або ',
  when: 'якщо ',
  notSo: (text) => `не так, що ${text}`,

  goods: goods('товари', 'товарів'),
  allGoods: goods('всі товари', 'будь-яких товарів'),
  theseGoods: goods('ці товари', 'цих товарів'),
  butNot: (phrase) => `, але не ${phrase}`,
  not: (phrase) => `не ${phrase}`,
  attributes: {
    brand: (values) => `бренду ${values}`,
    type: (values) => `типу ${values}`,
    kind: (values) => `виду ${values}`,
    category: (values) => `з категорії ${values}`,
    name: (values) => `з назвою ${values}`,
    sku: (values) => `з артикулом ${values}`,
    size: (values) => `розміру ${values}`,
    color: (values) => `кольору ${values}`,
  },
  priced: (relation) => `ціною ${relation}`,
  attribute: (name, relation) => `з ознакою ${quote(name)}: ${relation}`,
  hasAttribute: (name) => `з ознакою ${quote(name)}`,
  lacksAttribute: (name) => `без ознаки ${quote(name)}`,
  relations: {
    is: (values) => values,
    other: (values) => `крім ${values}`,
    below: (value) => `менше ніж ${value}`,
    atMost: (value) => `не більше ніж ${value}`,
    above: (value) => `більше ніж ${value}`,
    atLeast: (value) => `не менше ніж ${value}`,
    between: (low, high) => `від ${low} до ${high}`,
    prefix: (text) => `починається з ${text}`,
    all: (values) => `містить ${values}`,
  },

  units: { one: 'одиницю', few: 'одиниці', many: 'одиниць', genitive: unit.genitive },
  times: { one: 'раз', few: 'рази', many: 'разів', genitive: { one: 'разу', many: 'разів' } },
  once: '1 раз',
  days: { one: 'день', few: 'дні', many: 'днів', genitive: { one: 'дня', many: 'днів' } },
  atLeast: (text) => `щонайменше ${text}`,
  moreThan: (text) => `більше ніж ${text}`,
  atMost: (text) => `щонайбільше ${text}`,
  lessThan: (text) => `менше ніж ${text}`,

  eachUnit: (of) => `кожну одиницю ${of}`,
  eachLine: (of) => `кожну позицію ${of}`,
  together: (plain) => `${plain} разом`,
  delivery: 'доставку',
  off: (amount, where) => `знижка ${amount} на ${where}`,
  priceOf: (money, where) => `ціна ${money} за ${where}`,
  cashback: (amount, where) => `кешбек ${amount} за ${where}`,
  bonus: (amount, where) => `${amount} бонусами за ${where}`,
  freeDelivery: 'безкоштовна доставка',
  gift: (sku, count) => (count === 1 ? `подарунок: ${quote(sku)}` : `подарунок: ${counted(count, unit)} ${quote(sku)}`),
  voucher: (kind, type) => `ваучер ${quote(kind)}${type === undefined ? '' : ` на товари типу ${quote(type)}`}`,
  buyGet: (buy, bought, get, given, reward) => {
    const what = given ? `${counted(get, unit)} ${given.genitive}` : `ще ${counted(get, unit)}`
    const each = buy === 1 ? 'кожної одиниці' : `кожних ${ofUnits(buy)}`
    return `за купівлі ${each} ${bought.genitive} ${what} ${reward ? discounted(reward) : 'безкоштовно'}`
  },
  groups: (count, of, reward) =>
    count === 1
      ? `кожна одиниця ${of.genitive} ${together(reward)}`
      : `кожні ${counted(count, unit)} ${of.genitive} разом ${together(reward)}`,
  set: (parts, reward) => `набір (${parts}) ${together(reward)}`,
  setPart: (count, of) => `${counted(count, unit)} ${of}`,
  further: (first, of, firstReward, further) => {
    const begins = firstReward
      ? `${first === 1 ? 'перша одиниця' : `перші ${counted(first, unit)}`} ${of.genitive} ${discounted(firstReward)}, а `
      : ''
    return `${begins}від ${first + 1}-ї одиниці ${firstReward ? '' : `${of.genitive} `}кожна ${discounted(further)}`
  },
  tiers: (plain, steps) => `знижка на ${plain}, що зростає: ${steps}`,
  tier: ({ kind, text }, from) => `${kind === 'price' ? `${text} за одиницю` : text} від ${from}`,
  fromUnits: ofUnits,
  ofRemaining: 'після попередніх акцій',
  cheapestFirst: 'починаючи з найдешевших',
  dearestFirst: 'починаючи з найдорожчих',
  perLine: (text) => `${text} з позиції`,
  perOrder: (text) => `${text} із замовлення`,

  isDelivery: (methods) => `доставка — ${methods}`,
  isPayment: (methods) => `оплата — ${methods}`,
  isChannel: (channels) => `замовлення зроблено через ${channels}`,
  isCity: (cities) => `місто доставки — ${cities}`,
  isCountry: (countries) => `країна доставки — ${countries}`,
  cost: (plain, range) => `${plain} коштують разом ${range}`,
  orderCosts: (range) => `замовлення без доставки коштує ${range}`,
  orderCostsWithDelivery: (range) => `замовлення з доставкою коштує ${range}`,
  count: (of, range) => `замовлення містить ${range} ${of}`,
  there: (plain) => `замовлення містить ${plain}`,
  oneLine: (of, range) => `одна позиція ${of} має ${range}`,
  hasCode: (codes) => `клієнт увів код ${codes}`,
  hasCard: (kinds) => (kinds ? `клієнт має картку лояльності ${kinds}` : 'клієнт має картку лояльності'),
  hasNoCard: 'клієнт не має картки лояльності',
  inGroup: (groups) => `клієнт належить до групи ${groups}`,
  customerHas: (name, relation) => `клієнт має ознаку ${quote(name)}: ${relation}`,
  customerHasAny: (name) => `клієнт має ознаку ${quote(name)}`,
  customerLacks: (name) => `клієнт не має ознаки ${quote(name)}`,
  firstOrder: 'це перше замовлення клієнта',
  nthOrder: (numbers) => `це замовлення клієнта № ${list(numbers.map(String))}`,
  everyNthOrder: (numbers) => `номер замовлення клієнта ділиться на ${list(numbers.map(String))}`,
  lastOrderAgo: (range) => `від останнього замовлення клієнта минуло ${range}`,
  notDiscounted: 'попередня акція не здешевила цих товарів',
  isTester: 'клієнт є тестувальником',

  withCode: (code) => `з кодом ${code}`,
  withOneOf: (codes) => `з одним із кодів ${codes}`,
  withOneOfMany: (count) => `з одним із ${count} кодів`,
  from: (moment) => `з ${moment}`,
  until: (moment) => `до ${moment}`,
  at: ' о ',
  inZone: (zone) => `(${zone})`,
  weekdays: ['щопонеділка', 'щовівторка', 'щосереди', 'щочетверга', 'щоп’ятниці', 'щосуботи', 'щонеділі'],
  onDays: (days) => days,
  hours: (from, to) => `з ${from} до ${to}`,
  usesInAll: (times) => `щонайбільше ${times} загалом`,
  usesEach: (times) => `щонайбільше ${times} на клієнта`,
  budget: (money) => `доки не вичерпано бюджет ${money}`,
  eachCode: (limits) => `кожен код ${limits}`,
  oneCode: (code, limits) => `код ${code} ${limits}`,
  exclusive: 'не поєднується з іншими акціями',
  group: (group) => `з групи ${quote(group)} діє лише найвигідніша акція`,
  stop: 'наступні акції оминають її товари',
  currency: (currency) => `лише замовлення у валюті ${currency}`,
  priority: (priority) => `пріоритет ${priority}`,

  changes: {
    created: (sentence) => `Створено: ${sentence}`,
    noLonger: (text) => `більше не ${text}`,
    also: (text) => `тепер також ${text}`,
    unlimited: 'без ліміту',
    none: 'немає',
    always: 'завжди',
    standardHint: 'складена з налаштувань',
    noHint: 'немає',
    reordered: 'в іншому порядку',
    sameMeaning: 'записано інакше, означає те саме',
    codes: { one: 'код', few: 'коди', many: 'кодів' },
  },
}

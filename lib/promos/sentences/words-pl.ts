// Sentences about promos in Polish.
import type { GoodsText, Noun, RewardText, SentenceWords } from './words.ts'

const quote = (text: string): string => `„${text}”`
const rules = new Intl.PluralRules('pl')

const sztuka: Noun = { one: 'sztuka', few: 'sztuki', many: 'sztuk', genitive: { one: 'sztuki', many: 'sztuk' } }

const counted = (n: number, noun: Noun): string => {
  const form = rules.select(n)
  return `${n} ${form === 'one' || form === 'few' ? noun[form] : noun.many}`
}
/** After `od`, `przy zakupie`: 1 sztuki, 2 sztuk. */
const ofUnits = (n: number): string => `${n} ${n === 1 ? sztuka.genitive.one : sztuka.genitive.many}`
const list = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} lub ${parts.at(-1)}`
const goods = (plain: string, genitive: string): GoodsText => ({ plain, genitive })

const discounted = ({ kind, text }: RewardText): string => {
  if (kind === 'price') return `po ${text}`
  return kind === 'sum' ? `z rabatem ${text} za sztukę` : `z rabatem ${text}`
}
const together = ({ kind, text }: RewardText): string => (kind === 'price' ? `za ${text}` : `z rabatem ${text}`)

export const pl: SentenceWords = {
  quote,
  yes: 'tak',
  no: 'nie',
  and: ' i ',
  or: ' lub ',
  when: 'gdy ',
  notSo: (text) => `nie jest tak, że ${text}`,

  goods: goods('produkty', 'produktów'),
  allGoods: goods('wszystkie produkty', 'dowolnych produktów'),
  theseGoods: goods('te produkty', 'tych produktów'),
  butNot: (phrase) => `, ale nie ${phrase}`,
  not: (phrase) => `nie ${phrase}`,
  attributes: {
    brand: (values) => `marki ${values}`,
    type: (values) => `typu ${values}`,
    kind: (values) => `rodzaju ${values}`,
    category: (values) => `z kategorii ${values}`,
    name: (values) => `o nazwie ${values}`,
    sku: (values) => `o numerze ${values}`,
    size: (values) => `w rozmiarze ${values}`,
    color: (values) => `w kolorze ${values}`,
  },
  priced: (relation) => `w cenie ${relation}`,
  attribute: (name, relation) => `z cechą ${quote(name)}: ${relation}`,
  hasAttribute: (name) => `z cechą ${quote(name)}`,
  lacksAttribute: (name) => `bez cechy ${quote(name)}`,
  relations: {
    is: (values) => values,
    other: (values) => `inną niż ${values}`,
    below: (value) => `poniżej ${value}`,
    atMost: (value) => `najwyżej ${value}`,
    above: (value) => `powyżej ${value}`,
    atLeast: (value) => `co najmniej ${value}`,
    between: (low, high) => `od ${low} do ${high}`,
    prefix: (text) => `zaczynającą się od ${text}`,
    all: (values) => `zawierającą ${values}`,
  },

  units: { one: 'sztukę', few: 'sztuki', many: 'sztuk', genitive: sztuka.genitive },
  times: { one: 'raz', few: 'razy', many: 'razy', genitive: { one: 'razu', many: 'razy' } },
  once: '1 raz',
  days: { one: 'dzień', few: 'dni', many: 'dni', genitive: { one: 'dnia', many: 'dni' } },
  atLeast: (text) => `co najmniej ${text}`,
  moreThan: (text) => `więcej niż ${text}`,
  atMost: (text) => `najwyżej ${text}`,
  lessThan: (text) => `mniej niż ${text}`,

  eachUnit: (of) => `każdą sztukę ${of}`,
  eachLine: (of) => `każdą pozycję ${of}`,
  together: (plain) => `${plain} razem`,
  delivery: 'dostawę',
  off: (amount, where) => `rabat ${amount} na ${where}`,
  priceOf: (money, where) => `cena ${money} za ${where}`,
  cashback: (amount, where) => `zwrot ${amount} za ${where}`,
  bonus: (amount, where) => `${amount} w punktach bonusowych za ${where}`,
  freeDelivery: 'darmowa dostawa',
  gift: (sku, count) => (count === 1 ? `prezent: ${quote(sku)}` : `prezent: ${counted(count, sztuka)} ${quote(sku)}`),
  voucher: (kind, type) => `voucher ${quote(kind)}${type === undefined ? '' : ` na produkty typu ${quote(type)}`}`,
  buyGet: (buy, bought, get, given, reward) => {
    const what = given ? `${counted(get, sztuka)} ${given.genitive}` : `jeszcze ${counted(get, sztuka)}`
    const each = buy === 1 ? 'każdej sztuki' : `każdych ${ofUnits(buy)}`
    return `przy zakupie ${each} ${bought.genitive} ${what} ${reward ? discounted(reward) : 'gratis'}`
  },
  groups: (count, of, reward) =>
    count === 1
      ? `każda sztuka ${of.genitive} ${together(reward)}`
      : `każde ${counted(count, sztuka)} ${of.genitive} razem ${together(reward)}`,
  set: (parts, reward) => `zestaw (${parts}) ${together(reward)}`,
  setPart: (count, of) => `${counted(count, sztuka)} ${of}`,
  further: (first, of, firstReward, further) => {
    const begins = firstReward
      ? `${first === 1 ? 'pierwsza sztuka' : `pierwsze ${counted(first, sztuka)}`} ${of.genitive} ${discounted(firstReward)}, a `
      : ''
    return `${begins}od ${first + 1}. sztuki ${firstReward ? '' : `${of.genitive} `}każda ${discounted(further)}`
  },
  tiers: (plain, steps) => `rosnący rabat na ${plain}: ${steps}`,
  tier: ({ kind, text }, from) => `${kind === 'price' ? `${text} za sztukę` : text} od ${from}`,
  fromUnits: ofUnits,
  ofRemaining: 'po wcześniejszych promocjach',
  cheapestFirst: 'zaczynając od najtańszych',
  dearestFirst: 'zaczynając od najdroższych',
  perLine: (text) => `${text} z pozycji`,
  perOrder: (text) => `${text} z zamówienia`,

  isDelivery: (methods) => `dostawa to ${methods}`,
  isPayment: (methods) => `płatność to ${methods}`,
  isChannel: (channels) => `zamówienie przychodzi przez ${channels}`,
  isCity: (cities) => `miasto dostawy to ${cities}`,
  isCountry: (countries) => `kraj dostawy to ${countries}`,
  cost: (plain, range) => `${plain} kosztują razem ${range}`,
  orderCosts: (range) => `zamówienie bez dostawy kosztuje ${range}`,
  orderCostsWithDelivery: (range) => `zamówienie z dostawą kosztuje ${range}`,
  count: (of, range) => `zamówienie zawiera ${range} ${of}`,
  there: (plain) => `zamówienie zawiera ${plain}`,
  oneLine: (of, range) => `jedna pozycja ${of} ma ${range}`,
  hasCode: (codes) => `klient podaje kod ${codes}`,
  hasCard: (kinds) => (kinds ? `klient ma kartę lojalnościową ${kinds}` : 'klient ma kartę lojalnościową'),
  hasNoCard: 'klient nie ma karty lojalnościowej',
  inGroup: (groups) => `klient należy do grupy ${groups}`,
  customerHas: (name, relation) => `klient ma cechę ${quote(name)}: ${relation}`,
  customerHasAny: (name) => `klient ma cechę ${quote(name)}`,
  customerLacks: (name) => `klient nie ma cechy ${quote(name)}`,
  firstOrder: 'to pierwsze zamówienie klienta',
  nthOrder: (numbers) => `to ${list(numbers.map((n) => `${n}.`))} zamówienie klienta`,
  everyNthOrder: (numbers) => `to co ${list(numbers.map((n) => `${n}.`))} zamówienie klienta`,
  lastOrderAgo: (range) => `od ostatniego zamówienia klienta minęło ${range}`,
  notDiscounted: 'wcześniejsza promocja nie przeceniła tych produktów',
  isTester: 'klient jest testerem',

  withCode: (code) => `z kodem ${code}`,
  withOneOf: (codes) => `z jednym z kodów ${codes}`,
  withOneOfMany: (count) => `z jednym z ${count} kodów`,
  from: (moment) => `od ${moment}`,
  until: (moment) => `do ${moment}`,
  at: ' o ',
  inZone: (zone) => `(${zone})`,
  weekdays: ['poniedziałki', 'wtorki', 'środy', 'czwartki', 'piątki', 'soboty', 'niedziele'],
  onDays: (days) => `w ${days}`,
  hours: (from, to) => `w godzinach od ${from} do ${to}`,
  usesInAll: (times) => `najwyżej ${times} łącznie`,
  usesEach: (times) => `najwyżej ${times} na klienta`,
  budget: (money) => `do wyczerpania budżetu ${money}`,
  eachCode: (limits) => `każdy kod ${limits}`,
  oneCode: (code, limits) => `kod ${code} ${limits}`,
  exclusive: 'nie łączy się z innymi promocjami',
  group: (group) => `z grupy ${quote(group)} działa tylko najlepsza promocja`,
  stop: 'późniejsze promocje omijają jej produkty',
  currency: (currency) => `tylko zamówienia w walucie ${currency}`,
  priority: (priority) => `priorytet ${priority}`,

  changes: {
    created: (sentence) => `Utworzono: ${sentence}`,
    noLonger: (text) => `już nie ${text}`,
    also: (text) => `teraz także ${text}`,
    unlimited: 'bez limitu',
    none: 'brak',
    always: 'zawsze',
    standardHint: 'ułożona z ustawień',
    noHint: 'brak',
    reordered: 'w innej kolejności',
    sameMeaning: 'zapisane inaczej, znaczy to samo',
    codes: { one: 'kod', few: 'kody', many: 'kodów' },
  },
}

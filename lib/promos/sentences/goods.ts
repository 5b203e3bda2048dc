// Goods in words, from the filter that chooses them.
import { isObject } from '../../base/json.ts'
import type { Filter, FilterOperators, FilterTest, Scalar } from '../filter-schema.ts'
import { joined, money, numberText, type Telling } from './telling.ts'
import type { GoodsText } from './words.ts'

function valueText(value: Scalar, attribute: string, telling: Telling): string {
  if (typeof value === 'boolean') return value ? telling.words.yes : telling.words.no
  if (typeof value === 'number') return attribute === 'price' ? money(value, telling) : numberText(value, telling)
  return telling.words.quote(value)
}

/** Every operator of one test: `of at least 5 and below 10`; an existence stands alone. */
export function relationsOf(test: FilterOperators, attribute: string, telling: Telling): string[] {
  const { relations, and, or } = telling.words
  const show = (value: Scalar): string => valueText(value, attribute, telling)
  const all = (values: readonly Scalar[], last: string): string => joined(values.map(show), last)
  const parts: { [Operator in keyof FilterOperators]-?: (wanted: NonNullable<FilterOperators[Operator]>) => string } = {
    eq: (value) => relations.is(show(value)),
    ne: (value) => relations.other(show(value)),
    in: (values) => relations.is(all(values, or)),
    not_in: (values) => relations.other(all(values, and)),
    lt: (value) => relations.below(show(value)),
    lte: (value) => relations.atMost(show(value)),
    gt: (value) => relations.above(show(value)),
    gte: (value) => relations.atLeast(show(value)),
    between: ([low, high]) => relations.between(show(low), show(high)),
    exists: () => '',
    prefix: (text) => relations.prefix(show(text)),
    has_all: (values) => relations.all(all(values, and)),
  }
  return Object.entries(test).flatMap(([operator, wanted]) => {
    const part = parts[operator as keyof FilterOperators] as (wanted: unknown) => string
    return wanted === undefined || operator === 'exists' ? [] : [part(wanted)]
  })
}

export const operatorsOf = (test: FilterTest): FilterOperators => {
  if (Array.isArray(test)) return { in: test }
  return isObject(test) ? test : { eq: test as Scalar }
}

const priceOperators = new Set(['eq', 'in', 'lt', 'lte', 'gt', 'gte', 'between'])

function testPhrase(attribute: string, test: FilterTest, telling: Telling): string {
  const { words } = telling
  const operators = operatorsOf(test)
  const values = operators.in ?? (operators.eq === undefined ? undefined : [operators.eq])
  const own = Object.hasOwn(words.attributes, attribute) ? words.attributes[attribute] : undefined
  if (own && values && Object.keys(operators).length === 1) {
    return own(
      joined(
        values.map((value) => valueText(value, attribute, telling)),
        words.or,
      ),
    )
  }
  const relations = relationsOf(operators, attribute, telling)
  if (attribute === 'price' && Object.keys(operators).every((name) => priceOperators.has(name))) {
    return words.priced(joined(relations, words.and))
  }
  const told = relations.length === 0 ? [] : [words.attribute(attribute, joined(relations, words.and))]
  if (operators.exists === undefined) return told.join('')
  const existence = operators.exists ? words.hasAttribute(attribute) : words.lacksAttribute(attribute)
  return [existence, ...told].join(words.and)
}

type Phrase = { text: string; kind: 'one' | 'all' | 'any' }

const bracketed = ({ text, kind }: Phrase, inside: 'all' | 'any' | 'not'): string =>
  kind === 'one' || kind === inside ? text : `(${text})`

// `of brand “Puma” and of kind “Shorts” but not in size 36`.
function phraseOf(filter: Filter, telling: Telling): Phrase {
  const { words } = telling
  const positive: Phrase[] = []
  const negative: Phrase[] = []
  for (const [name, value] of Object.entries(filter)) {
    if (value === undefined) continue
    if (name === 'not') negative.push(phraseOf(value as Filter, telling))
    else if (name === 'all') positive.push(...(value as Filter[]).map((branch) => phraseOf(branch, telling)))
    else if (name === 'any') positive.push(anyOf(value as Filter[], telling))
    else positive.push({ text: testPhrase(name, value as FilterTest, telling), kind: 'one' })
  }
  const [only] = positive
  if (positive.length === 1 && negative.length === 0 && only) return only
  const told = joined(
    positive.map((part) => bracketed(part, 'all')),
    words.and,
  )
  const left = negative.map((part, i) => (told === '' && i === 0 ? words.not : words.butNot)(bracketed(part, 'not')))
  return { text: `${told}${left.join('')}`, kind: positive.length + negative.length > 1 ? 'all' : 'one' }
}

function anyOf(branches: readonly Filter[], telling: Telling): Phrase {
  const [only, ...others] = branches.map((branch) => phraseOf(branch, telling))
  if (only && others.length === 0) return only
  const parts = [only, ...others].flatMap((part) => (part ? [bracketed(part, 'any')] : []))
  return { text: joined(parts, telling.words.or), kind: 'any' }
}

/** `goods of brand “Puma”`; without a filter all goods. */
export function goodsText(filter: Filter | undefined, telling: Telling): GoodsText {
  const { goods, allGoods } = telling.words
  if (filter === undefined) return allGoods
  const { text } = phraseOf(filter, telling)
  return { plain: `${goods.plain} ${text}`, genitive: `${goods.genitive} ${text}` }
}

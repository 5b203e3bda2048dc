// Each kind of condition as a clause: "delivery is “novaposhta”". A kind without one does not compile.
import type * as v from 'valibot'
import type { Least } from '../args.ts'
import { branchesOf, isLeaf } from '../condition-tree.ts'
import type { ConditionConfig, ConditionType, conditions } from '../conditions.ts'
import type { Filter, FilterTest } from '../filter-schema.ts'
import { goodsText, operatorsOf, relationsOf } from './goods.ts'
import { count, joined, money, namesText, ordinal, rangeText, type Telling } from './telling.ts'
import type { GoodsText } from './words.ts'

type ArgsOf<Code extends ConditionType> = (typeof conditions)[Code] extends {
  args: infer Args extends v.ObjectEntries
}
  ? v.InferOutput<v.StrictObjectSchema<Args, undefined>>
  : never

/** `own`: the goods of the promo; asked for, it counts as named from then on. */
export type ConditionTelling = Telling & { own: () => GoodsText }

type Clauses = { [Code in ConditionType]: (args: ArgsOf<Code>, telling: ConditionTelling) => string }

const remaining = (text: string, of: string | undefined, { words }: Telling): string =>
  of === 'remaining' ? `${text} (${words.ofRemaining})` : text

const moneyRange = (value: Least, telling: Telling): string => rangeText(value, (one) => money(one, telling), telling)

const unitsRange = (value: Least, telling: Telling): string =>
  rangeText(value, (one) => count(one, telling.words.units, telling), telling)

const listOfNumbers = (value: number | number[]): number[] => (Array.isArray(value) ? value : [value])

const clauses: Clauses = {
  selected_delivery: ({ value }, telling) => telling.words.isDelivery(namesText(value, telling)),
  selected_payment: ({ value }, telling) => telling.words.isPayment(namesText(value, telling)),
  total_value: ({ value, of }, telling) =>
    remaining(telling.words.cost(telling.own().plain, moneyRange(value, telling)), of, telling),
  total_quantity: ({ value }, telling) => telling.words.count(telling.own().genitive, unitsRange(value, telling)),
  order_total: ({ value, of }, telling) => remaining(telling.words.orderCosts(moneyRange(value, telling)), of, telling),
  total_with_delivery: ({ value, of }, telling) =>
    remaining(telling.words.orderCostsWithDelivery(moneyRange(value, telling)), of, telling),
  contains: ({ filter, quantity }, telling) => {
    const goods = goodsText(filter as Filter, telling)
    if (quantity === undefined || quantity === 1) return telling.words.there(goods.plain)
    return telling.words.count(goods.genitive, unitsRange(quantity, telling))
  },
  any_line_quantity: ({ value }, telling) => telling.words.oneLine(telling.own().genitive, unitsRange(value, telling)),
  promo_code: ({ value }, telling) => telling.words.hasCode(namesText(value, telling)),
  loyalty_card: ({ value = true }, telling) => {
    if (value === false) return telling.words.hasNoCard
    return value === true ? telling.words.hasAnyCard : telling.words.hasCard(namesText(value, telling))
  },
  customer_group: ({ value }, telling) => telling.words.inGroup(namesText(value, telling)),
  customer_attribute: ({ attribute, value }, telling) => {
    const { words } = telling
    const operators = operatorsOf(value as FilterTest)
    const relations = relationsOf(operators, attribute, telling)
    const told = relations.length === 0 ? [] : [words.customerHas(attribute, joined(relations, words.and))]
    if (operators.exists === undefined) return told.join('')
    const existence = operators.exists ? words.customerHasAny(attribute) : words.customerLacks(attribute)
    return [existence, ...told].join(words.and)
  },
  first_order: (_args, { words }) => words.firstOrder,
  nth_order: ({ value, every }, telling) => {
    const { words } = telling
    const ordinals = joined(
      listOfNumbers(value).map((n) => ordinal(n, telling)),
      words.or,
    )
    return every ? words.everyNthOrder(ordinals) : words.nthOrder(ordinals)
  },
  days_since_last_order: ({ value }, telling) =>
    telling.words.lastOrderAgo(rangeText(value, (one) => count(one, telling.words.days, telling), telling)),
  channel: ({ value }, telling) => telling.words.isChannel(namesText(value, telling)),
  city: ({ value }, telling) => telling.words.isCity(namesText(value, telling)),
  country: ({ value }, telling) => telling.words.isCountry(namesText(value, telling)),
  line_not_discounted: (_args, { words }) => words.notDiscounted,
  tester: (_args, { words }) => words.isTester,
}

/** One condition, nested ones in brackets. */
export function conditionText(config: ConditionConfig, telling: ConditionTelling): string {
  if (isLeaf(config)) {
    // The schema has made sure that the arguments are those of the kind.
    const clause = clauses[config.type] as (args: object, telling: ConditionTelling) => string
    return clause(config, telling)
  }
  const [[kind, branches]] = branchesOf(config)
  const parts = branches.map((branch) => conditionText(branch, telling))
  const { words } = telling
  if (kind === 'not') return words.notSo(parts.join(''))
  return parts.length === 1 ? parts.join('') : `(${joined(parts, kind === 'any' ? words.or : words.and)})`
}

// Each kind of action as what the customer gets: "13% cashback for these goods". A kind without words does not compile.
import type * as v from 'valibot'
import type { MaxUnitsConfig } from '../action-kinds.ts'
import type { ActionConfig, ActionType, actions } from '../actions.ts'
import type { Filter } from '../filter-schema.ts'
import { goodsText } from './goods.ts'
import {
  count,
  joined,
  minorText,
  money,
  ordinal,
  percent,
  rewardText,
  type Telling,
  timesText,
  unitsFrom,
  unitsText,
} from './telling.ts'
import type { GoodsText, RewardText, RewardWords } from './words.ts'

type ArgsOf<Code extends ActionType> = (typeof actions)[Code] extends { args: infer Args extends v.ObjectEntries }
  ? v.InferOutput<v.StrictObjectSchema<Args, undefined>>
  : never

/**
 * `goods`: those that an action acts on, `own`: those that the promo is about; asked for, they count as named from then
 * on.
 */
export type ActionTelling = Telling & {
  goods: (targets: Filter | undefined) => GoodsText
  own: () => GoodsText
  /** Goods of its own, where they are others than the promo's. */
  given: (targets: Filter | undefined) => GoodsText | undefined
}

type On = 'lines' | 'each_unit' | 'order' | 'delivery'
type Where = { on?: On | undefined; targets?: unknown }

/** On what an action acts, after a preposition; `single`: whether lines and units must be told apart from all together. */
function whereText(args: Where, standard: On, telling: ActionTelling, single: boolean): string {
  const { on = standard } = args
  const { words } = telling
  if (on === 'delivery') return words.delivery
  const goods = telling.goods(args.targets as Filter | undefined)
  if (on === 'order') return single ? words.together(goods.plain) : goods.plain
  if (on === 'each_unit') return words.eachUnit(goods.genitive)
  return single ? words.eachLine(goods.genitive) : goods.plain
}

const needed = (reward: RewardText | undefined): RewardText => reward ?? { kind: 'percent', text: '100%' }

const said = ({ kind, text }: RewardText, words: RewardWords): string => words[kind](text)

type CreditArgs = { value: number; as?: 'percent' | 'sum' | undefined; on?: On | undefined; targets?: unknown }

const creditText = (args: CreditArgs, telling: ActionTelling): [amount: string, where: string] =>
  args.as === 'sum'
    ? [money(args.value, telling), whereText(args, 'order', telling, true)]
    : [percent(args.value, telling), whereText(args, 'lines', telling, false)]

type Gains = { [Code in ActionType]: (args: ArgsOf<Code>, telling: ActionTelling) => string }

const gains: Gains = {
  percent_off: (args, telling) =>
    telling.words.off(percent(args.value, telling), whereText(args, 'lines', telling, false)),
  fixed_off: (args, telling) => telling.words.off(money(args.value, telling), whereText(args, 'order', telling, true)),
  fixed_price: (args, telling) =>
    telling.words.priceOf(money(args.value, telling), whereText(args, 'each_unit', telling, true)),
  buy_x_get_y: (args, telling) => {
    const { words, own } = telling
    // Asked first, since what is bought counts as named from then on.
    const given = telling.given(args.targets as Filter | undefined)
    const bought = own().genitive
    const units = unitsText(args.get, telling)
    const reward = rewardText(args, telling)
    return words.buyGet(
      args.buy === 1 ? words.everyUnit : words.everyUnits(unitsFrom(args.buy, telling)),
      bought,
      given ? words.unitsOf(units, given.genitive) : words.more(String(args.get), units),
      reward ? said(reward, words.rewardEach) : words.forNothing,
    )
  },
  tiers: (args, telling) => {
    const { words } = telling
    const steps = args.tiers
      .toSorted((a, b) => a.from - b.from)
      .map((tier) => {
        const from = args.by === 'quantity' ? unitsFrom(tier.from, telling) : money(tier.from, telling)
        const { kind, text } = needed(rewardText(tier, telling))
        return words.tier(kind === 'price' ? words.priceOfUnit(text) : text, from)
      })
    const text = words.tiers(telling.goods(args.targets as Filter | undefined).plain, joined(steps, words.and))
    return args.of === 'remaining' ? `${text} (${words.ofRemaining})` : text
  },
  unit_groups: (args, telling) => {
    const { words } = telling
    const { genitive } = telling.goods(args.targets as Filter | undefined)
    const reward = said(needed(rewardText(args, telling)), words.rewardTogether)
    if (args.units === 1) return words.groupOfOne(genitive, reward)
    return words.groupOf(unitsText(args.units, telling), genitive, reward)
  },
  first_then_each_further: ({ first_units = 1, first, further, targets }, telling) => {
    const { words } = telling
    const { genitive } = telling.goods(targets as Filter | undefined)
    const nth = ordinal(first_units + 1, telling)
    const then = said(needed(rewardText(further, telling)), words.rewardEach)
    const reward = first && rewardText(first, telling)
    if (!reward) return words.fromUnit(nth, genitive, then)
    const each = said(reward, words.rewardEach)
    const begins =
      first_units === 1
        ? words.firstUnit(genitive, each)
        : words.firstUnits(unitsText(first_units, telling), genitive, each)
    return words.andFrom(begins, nth, then)
  },
  bundle: (args, telling) => {
    const { words } = telling
    const parts = args.parts.map(({ filter, quantity = 1 }) =>
      words.unitsOf(unitsText(quantity, telling), goodsText(filter as Filter, telling).genitive),
    )
    return words.set(joined(parts, words.and), said(needed(rewardText(args, telling)), words.rewardTogether))
  },
  gift: ({ value, quantity = 1 }, telling) => {
    const { words } = telling
    return quantity === 1 ? words.gift(value.trim()) : words.gifts(value.trim(), unitsText(quantity, telling))
  },
  free_delivery: (_args, { words }) => words.freeDelivery,
  cashback: (args, telling) => telling.words.cashback(...creditText(args, telling)),
  bonus: (args, telling) => telling.words.bonus(...creditText(args, telling)),
  voucher: ({ value, product_type: type }, { words }) =>
    type === undefined ? words.voucher(value.trim()) : words.voucherFor(value.trim(), type),
}

/** What bounds an action: units, how often, how much, which come first. */
function boundsOf(config: ActionConfig, telling: Telling): string[] {
  const { words } = telling
  const { max_units, repeats, max_minor, pick } = config as ActionConfig & {
    max_units?: MaxUnitsConfig
    repeats?: boolean | number
  }
  const units = (n: number): string => words.atMost(count(n, words.units, telling))
  const times = repeats === false ? 1 : repeats
  const { per_line, per_order } =
    typeof max_units === 'object' ? max_units : { per_order: max_units, per_line: undefined }
  return [
    ...(per_line === undefined ? [] : [words.perLine(units(per_line))]),
    ...(per_order === undefined ? [] : [words.perOrder(units(per_order))]),
    ...(typeof times === 'number' ? [words.atMost(timesText(times, telling))] : []),
    ...(max_minor === undefined ? [] : [words.atMost(minorText(max_minor, telling))]),
    ...(pick === undefined ? [] : [pick === 'cheapest' ? words.cheapestFirst : words.dearestFirst]),
  ]
}

export function actionText(config: ActionConfig, telling: ActionTelling): string {
  // The schema has made sure that the arguments are those of the kind.
  const gain = gains[config.type] as (args: object, telling: ActionTelling) => string
  const bounds = boundsOf(config, telling)
  const text = gain(config, telling)
  return bounds.length === 0 ? text : `${text} (${bounds.join(', ')})`
}

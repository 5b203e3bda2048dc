// Each kind of action as what the customer gets: "13% cashback for these goods". A kind without words does not compile.
import type * as v from 'valibot'
import type { MaxUnitsConfig } from '../action-kinds.ts'
import type { ActionConfig, ActionType, actions } from '../actions.ts'
import type { Filter } from '../filter-schema.ts'
import { goodsText } from './goods.ts'
import { count, joined, minorText, money, percent, rewardText, type Telling, timesText } from './telling.ts'
import type { GoodsText, RewardText } from './words.ts'

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
    const given = telling.given(args.targets as Filter | undefined)
    return telling.words.buyGet(args.buy, telling.own(), args.get, given, rewardText(args, telling))
  },
  tiers: (args, telling) => {
    const { words } = telling
    const steps = args.tiers
      .toSorted((a, b) => a.from - b.from)
      .map((tier) => {
        const from = args.by === 'quantity' ? words.fromUnits(tier.from) : money(tier.from, telling)
        return words.tier(needed(rewardText(tier, telling)), from)
      })
    const text = words.tiers(telling.goods(args.targets as Filter | undefined).plain, joined(steps, words.and))
    return args.of === 'remaining' ? `${text} (${words.ofRemaining})` : text
  },
  unit_groups: (args, telling) =>
    telling.words.groups(
      args.units,
      telling.goods(args.targets as Filter | undefined),
      needed(rewardText(args, telling)),
    ),
  first_then_each_further: ({ first_units = 1, first, further, targets }, telling) =>
    telling.words.further(
      first_units,
      telling.goods(targets as Filter | undefined),
      first && rewardText(first, telling),
      needed(rewardText(further, telling)),
    ),
  bundle: (args, telling) => {
    const { words } = telling
    const parts = args.parts.map(({ filter, quantity = 1 }) =>
      words.setPart(quantity, goodsText(filter as Filter, telling).genitive),
    )
    return words.set(joined(parts, words.and), needed(rewardText(args, telling)))
  },
  gift: ({ value, quantity = 1 }, { words }) => words.gift(value.trim(), quantity),
  free_delivery: (_args, { words }) => words.freeDelivery,
  cashback: (args, telling) => telling.words.cashback(...creditText(args, telling)),
  bonus: (args, telling) => telling.words.bonus(...creditText(args, telling)),
  voucher: ({ value, product_type }, { words }) => words.voucher(value.trim(), product_type),
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

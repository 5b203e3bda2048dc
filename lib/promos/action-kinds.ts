// Arguments and reckoning that many actions share: on what, which units, how much at most.
import * as v from 'valibot'
import { isObject } from '../base/json.ts'
import { limits } from '../base/limits.ts'
import type { Act, Effect, Stage, Turn } from './action.ts'
import { amount, hundredthsOf, minorUnits, percent, threshold, units } from './args.ts'
import {
  type Claim,
  claimLines,
  claimTogether,
  claimUnits,
  claimWholeLines,
  cut,
  type MaxUnits,
  type Mode,
  type Pick,
  pickUnits,
  type Reward,
  remainingOf,
} from './claims.ts'
import { filterSchema, pickSchema } from './filter-schema.ts'
import { minorOf } from './written.ts'

export const targets = () =>
  v.exactOptional(v.pipe(filterSchema, v.description('The goods it acts on, when not those of product_filters')))

export const maxMinor = () =>
  v.exactOptional(v.pipe(minorUnits(), v.description('The most it gives in one order, in minor units')))

export const pick = (standard: Pick) =>
  v.exactOptional(
    v.pipe(
      v.picklist(['cheapest', 'dearest'], 'must be cheapest or dearest'),
      v.description(`Which units come first, by list price; ${standard} when left out`),
    ),
  )

export type MaxUnitsConfig = number | { per_line?: number | undefined; per_order?: number | undefined }

const maxUnitsObject = v.pipe(
  v.strictObject(
    { per_line: v.exactOptional(units(limits.quantity)), per_order: v.exactOptional(units()) },
    'must be a number of units, or {"per_line": 1, "per_order": 3}',
  ),
  v.check((all) => Object.keys(all).length > 0, 'must have per_line or per_order'),
)

const maxUnitsSchema = pickSchema<MaxUnitsConfig>((input) => {
  if (input === undefined) return v.union([units(), maxUnitsObject])
  return isObject(input) || input === null ? maxUnitsObject : units()
})

const maxUnits = () =>
  v.exactOptional(
    v.pipe(maxUnitsSchema, v.description('The most units it acts on in one order; or {"per_line", "per_order"}')),
  )

/** How the units of lines are chosen. */
export const unitArgs = () => ({ max_units: maxUnits(), pick: pick('cheapest') })

export type UnitArgs = { max_units?: MaxUnitsConfig | undefined; pick?: Pick | undefined }

export function maxOf(config: MaxUnitsConfig | undefined): MaxUnits {
  const none = Number.POSITIVE_INFINITY
  if (config === undefined) return { perLine: none, perOrder: none }
  if (typeof config === 'number') return { perLine: none, perOrder: config }
  return { perLine: config.per_line ?? none, perOrder: config.per_order ?? none }
}

export const ons = ['lines', 'each_unit', 'order', 'delivery'] as const
export type On = (typeof ons)[number]

export const on = <const Allowed extends On>(allowed: readonly [Allowed, ...Allowed[]], standard: Allowed) =>
  v.exactOptional(
    v.pipe(
      v.picklist(allowed, `must be one of ${allowed.join(', ')}`),
      v.description(`What it is reckoned on; ${standard} when left out`),
    ),
  )

/** Delivery has no units and no goods: what is written about them would be lost in silence. */
export function checkOn(args: { on?: On | undefined; targets?: unknown } & UnitArgs) {
  if (args.on !== 'delivery') return undefined
  for (const argument of ['targets', 'max_units', 'pick'] as const) {
    if (args[argument] !== undefined) return { argument, message: 'has no meaning on delivery: leave it out' }
  }
  return undefined
}

const stages: Record<On, Stage> = { lines: 1, each_unit: 1, order: 2, delivery: 3 }

/** An action that makes goods or delivery cheaper by a reward. */
export function discount(reward: Reward, where: On, args: UnitArgs): Act {
  const max = maxOf(args.max_units)
  return {
    stage: stages[where],
    propose(turn): Effect {
      if (where === 'delivery') return { kind: 'delivery', minor: cut(turn.ledger.deliveryMinor, reward) }
      return { kind: 'discount', claims: claimOn(turn, reward, where, { max, pick: args.pick ?? 'cheapest' }) }
    },
  }
}

/** An action that credits a part of what is paid. */
export function credit(
  kind: 'cashback' | 'bonus',
  reward: Reward,
  where: Exclude<On, 'delivery'>,
  args: UnitArgs,
): Act {
  const choice = { max: maxOf(args.max_units), pick: args.pick ?? ('cheapest' as const), mode: 'credit' as const }
  return { stage: 4, propose: (turn) => ({ kind, claims: claimOn(turn, reward, where, choice) }) }
}

export const creditArgs = () => ({
  value: v.pipe(amount(), v.description('Percent of what is paid; with `"as": "sum"` whole currency units')),
  as: v.exactOptional(
    v.pipe(v.picklist(['percent', 'sum'], 'must be percent or sum'), v.description('percent when left out')),
  ),
  on: v.exactOptional(
    v.pipe(
      v.picklist(['lines', 'each_unit', 'order'], 'must be one of lines, each_unit, order'),
      v.description('What it is reckoned on; lines for a percentage and order for a sum when left out'),
    ),
  ),
  targets: targets(),
  ...unitArgs(),
  max_minor: maxMinor(),
})

/** A percentage has its own bound; `"as": "sum"` is what people mean by more. */
export function checkCredit({ value, as = 'percent' }: { value: number; as?: 'percent' | 'sum' | undefined }) {
  if (as === 'sum' || value <= 100) return undefined
  return {
    argument: 'value',
    message: 'must be at most 100 percent: more than what is paid is not given back; write "as": "sum" for an amount',
  }
}

export const rewardOfCredit = ({ value, as }: { value: number; as?: 'percent' | 'sum' | undefined }): Reward =>
  as === 'sum' ? { kind: 'sum', minor: minorOf(value) } : percentReward(value)

type Choice = { max: MaxUnits; pick: Pick; mode?: Mode }

function claimOn(turn: Turn, reward: Reward, where: On, { max, pick, mode = 'discount' }: Choice): readonly Claim[] {
  const { ledger } = turn
  const isWhole = max.perOrder === Number.POSITIVE_INFINITY && max.perLine === Number.POSITIVE_INFINITY
  // Short cut
  if (isWhole && where === 'lines') return claimWholeLines(ledger, turn.targets, reward, mode)
  const segments = pickUnits(ledger, turn.targets, max, pick)
  if (where === 'lines') return claimLines(ledger, segments, reward, mode)
  if (where === 'each_unit') return claimUnits(ledger, segments, reward, mode)
  let base = 0
  for (const segment of segments) base += remainingOf(ledger, segment)
  return claimTogether(ledger, segments, cut(base, reward, mode), mode)
}

export type RewardArgs = { percent?: number | undefined; sum?: number | undefined; price?: number | undefined }

/** One of three ways to say what is taken off. */
export const rewardArgs = () => ({
  percent: v.exactOptional(v.pipe(percent(), v.description('So many percent off'))),
  sum: v.exactOptional(v.pipe(amount(), v.description('So much off, in whole currency units'))),
  price: v.exactOptional(v.pipe(threshold(), v.description('At this price, in whole currency units'))),
})

export const rewardNames = ['percent', 'sum', 'price'] as const

/** The reward that is written; undefined when none is. `checkReward` has made sure that it is not two. */
export function rewardOf({ percent, sum, price }: RewardArgs): Reward | undefined {
  if (percent !== undefined) return percentReward(percent)
  if (sum !== undefined) return { kind: 'sum', minor: minorOf(sum) }
  return price === undefined ? undefined : { kind: 'price', minor: minorOf(price) }
}

export const percentReward = (percent: number): Reward => ({ kind: 'percent', hundredths: hundredthsOf(percent) })

/** Faults of a reward: none written though it is needed, or two. */
export function checkReward(args: RewardArgs, { needed }: { needed: boolean }) {
  const written = rewardNames.filter((name) => args[name] !== undefined)
  if (written.length > 1) {
    return { argument: written[1]!, message: `cannot stand beside ${written[0]}: name one of percent, sum, price` }
  }
  if (written.length === 0 && needed) {
    return { argument: 'percent', message: 'is missing: name one of percent, sum, price, or nothing is taken off' }
  }
  return undefined
}

export const repeats = () =>
  v.exactOptional(
    v.pipe(
      v.union([v.boolean(), units()], 'must be true, false or the most times it repeats'),
      v.description('true (also when left out): as often as the goods allow; false: once; a number: at most so often'),
    ),
  )

export function repeatsOf(value: boolean | number | undefined): number {
  if (typeof value === 'number') return value
  return value === false ? 1 : Number.POSITIVE_INFINITY
}

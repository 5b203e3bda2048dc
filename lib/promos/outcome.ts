// What became of one promo on an order: what it gave, or why it gave nothing, and what it lacks.
import type { Remedy, Voucher } from './action.ts'
import type { Judgement } from './condition.ts'
import { goodsOf, type Situation } from './judging.ts'
import type { PromoUsage } from './order.ts'
import type { ConditionReport, Promo, PromoAction } from './promo.ts'

/** What a promo gave. */
export type Gain = {
  discountMinor: number
  deliveryMinor: number
  cashbackMinor: number
  bonusMinor: number
  gifts: readonly Gift[]
  vouchers: readonly Voucher[]
}

type Gift = { sku: string; quantity: number }

/** Why a promo that had its turn gave nothing. */
export type Idle =
  | { kind: 'conditions'; reports: ConditionReport[] }
  | { kind: 'stopped'; by: number }
  | { kind: 'no_effect' }

/** What an action lacks to give anything, or to give more. */
export type Need = {
  action: PromoAction
  /** Lines that the promo is about, and that the action acts on. */
  goods: readonly number[]
  targets: readonly number[]
  judgement: Judgement & { remedies: readonly Remedy[] }
}

/** What became of a promo that had its turn. */
export type Outcome = {
  readonly promo: Promo
  readonly goods: readonly number[]
  /** undefined: it gave nothing. */
  gain: Gain | undefined
  needs: Need[] | undefined
  budgetLeft: number
  /** Not its turn yet; its late conditions are met; or they are not. */
  turn: 'before' | 'open' | 'refused'
  reports: ConditionReport[]
  /** Lines that it leaves out since others made them cheaper. */
  leftOut: ReadonlySet<number>
  blockedBy: number | undefined
}

/** `standInMinor`: what stands for the price of a delivery that is not known yet is worth nothing. */
export const worthOf = (gain: Gain | undefined, standInMinor = 0): number =>
  gain ? gain.discountMinor + (standInMinor > 0 ? 0 : gain.deliveryMinor) + gain.cashbackMinor + gain.bonusMinor : 0

const noLine: ReadonlySet<number> = new Set()
const noReports: ConditionReport[] = []
const noGifts: readonly Gift[] = []
const noVouchers: readonly Voucher[] = []

/** Before its turn. */
export function newOutcome(
  promo: Promo,
  situation: Situation,
  usageOf: (promo: Promo) => PromoUsage | undefined,
): Outcome {
  const { budgetMinor } = promo
  return {
    promo,
    goods: goodsOf(promo, situation),
    gain: undefined,
    needs: undefined,
    budgetLeft:
      budgetMinor === undefined ? Number.POSITIVE_INFINITY : budgetMinor - (usageOf(promo)?.budget_minor ?? 0),
    turn: promo.late ? 'before' : 'open',
    reports: noReports,
    leftOut: noLine,
    blockedBy: undefined,
  }
}

/** What it gave so far, to be added to. */
export const gainIn = (outcome: Outcome): Gain => {
  outcome.gain ??= {
    discountMinor: 0,
    deliveryMinor: 0,
    cashbackMinor: 0,
    bonusMinor: 0,
    gifts: noGifts,
    vouchers: noVouchers,
  }
  return outcome.gain
}

/** Why the promo gave nothing; undefined: it did give something. */
export function idleOf({ gain, turn, reports, blockedBy }: Outcome): Idle | undefined {
  if (gain) return undefined
  if (turn === 'refused') return { kind: 'conditions', reports }
  return blockedBy === undefined ? { kind: 'no_effect' } : { kind: 'stopped', by: blockedBy }
}

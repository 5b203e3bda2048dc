// Which promos apply to an order and what they come to, before it is put into words: for the answer and for hints.
import { type Application, applyPromos } from './apply.ts'
import { type RanksAtHand, ranksAtHand } from './at-hand.ts'
import { eligiblePromos } from './eligibility.ts'
import { changedSituation, type Situation, situationOf } from './judging.ts'
import { fullWork, type Work } from './ledger.ts'
import type { Order, PromoUsage, Usage } from './order.ts'
import type { Promo } from './promo.ts'
import type { PromoFired } from './promo-fired.ts'
import type { PromoSet } from './promo-set.ts'
import { type Stack, stackPromos } from './stack.ts'

export type Request = { set: PromoSet; nowMs: number; usage: Usage; tester: boolean }

export type Decision = Request & {
  situation: Situation
  fired: PromoFired
  /** By rank, before they suppress each other. */
  eligible: readonly Promo[]
  stack: Stack
  application: Application
  /** Ranks of the promos that have to do with the order and may give something, or more, the nearest first. */
  atHand(): RanksAtHand
}

/** undefined: it took too many steps. `work` is used up by what is done, for who decides several times. */
export const decide = (order: Order, request: Request, work: Work = fullWork()): Decision | undefined =>
  decideIn(situationOf(order, request.nowMs, request.tester), request, work)

/** The decision on an order that is much the same as the one before. */
export const decideAgain = (order: Order, before: Decision, work: Work): Decision | undefined =>
  decideIn(changedSituation(before.situation, order), before, work)

/** The decision on an order of which the evaluator is told the same as of the one before. */
export const decideOnSameFacts = (order: Order, before: Decision, work: Work): Decision | undefined =>
  decideIn(changedSituation(before.situation, order), before, work, before)

function decideIn(
  situation: Situation,
  request: Request,
  work: Work,
  known?: Pick<Decision, 'eligible' | 'fired'>,
): Decision | undefined {
  const usageOf = (promo: Promo): PromoUsage | undefined => usageIn(request.usage, promo)
  const evaluated = known ?? eligiblePromos(request.set, situation, usageOf, work)
  if (!evaluated) return undefined
  const { eligible, fired } = evaluated
  const stack = stackPromos(eligible, situation, usageOf, work)
  if (work.stepsLeft < 0) return undefined
  const application = applyPromos(stack.stay, situation, usageOf, work)
  if (work.stepsLeft < 0) return undefined
  const { set, nowMs, usage, tester } = request
  let ranks: RanksAtHand | undefined
  const atHand = (): RanksAtHand => {
    ranks ??= ranksAtHand({ set, fired, codes: situation.codes, outcomes: application.outcomes })
    return ranks
  }
  return { set, nowMs, usage, tester, situation, fired, eligible, stack, application, atHand }
}

/** What is redeemed of a promo. */
export const usageIn = (usage: Usage, { id, isLimited }: Promo): PromoUsage | undefined =>
  isLimited && Object.hasOwn(usage, id) ? usage[id] : undefined

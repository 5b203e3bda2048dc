// Which promos apply to an order and what they come to, before it is put into words: for the answer and for hints.
import { type Application, applyPromos } from './apply.ts'
import { ranksAtHand } from './at-hand.ts'
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
  stack: Stack
  application: Application
  /** Ranks of the promos that have to do with the order, the nearest first. */
  atHand(): Iterable<number>
}

/** undefined: it took too many steps. `work` is used up by what is done, for who decides several times. */
export const decide = (order: Order, request: Request, work: Work = fullWork()): Decision | undefined =>
  decideIn(situationOf(order, request.nowMs, request.tester), request, work)

/** The decision on an order that is much the same as the one before. */
export const decideAgain = (order: Order, before: Decision, work: Work): Decision | undefined =>
  decideIn(changedSituation(before.situation, order), before, work)

function decideIn(situation: Situation, request: Request, work: Work): Decision | undefined {
  const usageOf = (promo: Promo): PromoUsage | undefined => usageIn(request.usage, promo)
  const found = eligiblePromos(request.set, situation, usageOf, work)
  if (!found) return undefined
  const stack = stackPromos(found.eligible, situation, usageOf, work)
  if (work.stepsLeft < 0) return undefined
  const application = applyPromos(stack.stay, situation, usageOf, work)
  if (work.stepsLeft < 0) return undefined
  const { set, nowMs, usage, tester } = request
  const { fired } = found
  let ranks: Iterable<number> | undefined
  const atHand = (): Iterable<number> => {
    ranks ??= ranksAtHand(set, fired, situation.codes)
    return ranks
  }
  return { set, nowMs, usage, tester, situation, fired, stack, application, atHand }
}

/** What is redeemed of a promo. */
export const usageIn = (usage: Usage, { id, isLimited }: Promo): PromoUsage | undefined =>
  isLimited && Object.hasOwn(usage, id) ? usage[id] : undefined

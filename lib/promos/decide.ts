// Which promos apply to an order and what they come to, before it is put into words: for the answer and for hints.
import type { Fired } from '../rules/types.ts'
import { type Application, applyPromos } from './apply.ts'
import { eligiblePromos } from './eligibility.ts'
import { changedSituation, type Situation, situationOf } from './judging.ts'
import { fullWork, type Work } from './ledger.ts'
import type { Order, PromoUsage, Usage } from './order.ts'
import type { Promo } from './promo.ts'
import type { PromoSet } from './promo-set.ts'
import { type Stack, stackPromos } from './stack.ts'

export type Request = { set: PromoSet; nowMs: number; usage: Usage; tester: boolean }

export type Decision = Request & {
  situation: Situation
  fired: Fired
  stack: Stack
  application: Application
  /**
   * Ranks of promos that have to do with the order, the nearest first: those whose code was entered, those that were
   * eligible, then those about its goods or codes that lack something, the fewest conditions first.
   */
  atHand(): readonly number[]
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
  let ranks: readonly number[] | undefined
  const atHand = (): readonly number[] => {
    ranks ??= ranksAtHand(set, fired, situation)
    return ranks
  }
  return { set, nowMs, usage, tester, situation, fired, stack, application, atHand }
}

/** What is redeemed of a promo. */
export const usageIn = (usage: Usage, { id, isLimited }: Promo): PromoUsage | undefined =>
  isLimited && Object.hasOwn(usage, id) ? usage[id] : undefined

/** Below so many promos it is as cheap to look at all of them. */
const fewPromos = 50

function ranksAtHand(set: PromoSet, fired: Fired, { codes }: Situation): number[] {
  const opened = new Set<number>()
  for (const code of codes) {
    if (Object.hasOwn(set.codes, code)) for (const rank of set.codes[code]!) opened.add(rank)
  }
  const ranks = [...opened]
  for (const rank of fired.rules) if (!opened.has(rank)) ranks.push(rank)
  const byUnmet: number[][] = []
  const add = (rank: number, unmet: number): void => {
    if (opened.has(rank)) return
    const count = bitsOf(unmet)
    const some = byUnmet[count]
    if (some) some.push(rank)
    else byUnmet[count] = [rank]
  }
  if (set.size > fewPromos) {
    const { rules, unmet } = fired.near()
    for (let i = 0; i < rules.length; i++) add(rules[i]!, unmet[i]!)
  } else {
    const known = new Set(ranks)
    for (let rank = 0; rank < set.size; rank++) if (!known.has(rank)) add(rank, fired.unmet(rank))
  }
  for (const some of byUnmet) if (some) for (const rank of some) ranks.push(rank)
  return ranks
}

function bitsOf(mask: number): number {
  let count = 0
  for (let left = mask; left !== 0; left &= left - 1) count++
  return count
}

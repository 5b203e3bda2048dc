// Which promos apply to an order and what they come to, before it is put into words: for the answer and for hints.
import type { Fired } from '../rules/types.ts'
import { type Application, applyPromos } from './apply.ts'
import { eligiblePromos } from './eligibility.ts'
import { type Situation, situationOf } from './judging.ts'
import { fullWork, type Work } from './ledger.ts'
import type { Order, PromoUsage, Usage } from './order.ts'
import type { Promo } from './promo.ts'
import type { PromoSet } from './promo-set.ts'
import { type Stack, stackPromos } from './stack.ts'

export type Request = { set: PromoSet; nowMs: number; usage: Usage; tester: boolean }

export type Decision = Request & { situation: Situation; fired: Fired; stack: Stack; application: Application }

/** undefined: it took too many steps. `work` is used up by what is done, for who decides several times. */
export function decide(order: Order, request: Request, work: Work = fullWork()): Decision | undefined {
  const situation = situationOf(order, request.nowMs, request.tester)
  const usageOf = (promo: Promo): PromoUsage | undefined => usageIn(request.usage, promo)
  const found = eligiblePromos(request.set, situation, usageOf, work)
  if (!found) return undefined
  const stack = stackPromos(found.eligible, situation, usageOf, work)
  if (work.stepsLeft < 0) return undefined
  const application = applyPromos(stack.stay, situation, usageOf, work)
  return work.stepsLeft < 0 ? undefined : { ...request, situation, fired: found.fired, stack, application }
}

/** What is redeemed of a promo. */
export const usageIn = (usage: Usage, { id, isLimited }: Promo): PromoUsage | undefined =>
  isLimited && Object.hasOwn(usage, id) ? usage[id] : undefined

/** Below so many promos it is as cheap to look at all of them. */
const fewPromos = 50

/**
 * Ranks of promos that have to do with the order, the nearest first: those whose code was entered, those that were
 * eligible, then those about its goods or codes that lack something, the fewest conditions first.
 */
export function ranksAtHand({ set, fired, situation }: Decision): Set<number> {
  const ranks = new Set<number>()
  for (const code of situation.codes) {
    if (Object.hasOwn(set.codes, code)) for (const rank of set.codes[code]!) ranks.add(rank)
  }
  for (const rank of fired.rules) ranks.add(rank)
  const near = set.size > fewPromos ? fired.near().rules : Array.from({ length: set.size }, (_, rank) => rank)
  const others: { rank: number; unmet: number }[] = []
  for (const rank of near) if (!ranks.has(rank)) others.push({ rank, unmet: bitsOf(fired.unmet(rank)) })
  others.sort((a, b) => a.unmet - b.unmet || a.rank - b.rank)
  for (const { rank } of others) ranks.add(rank)
  return ranks
}

function bitsOf(mask: number): number {
  let count = 0
  for (let left = mask; left !== 0; left &= left - 1) count++
  return count
}

// Which limits matter to an order shows only when promotions are evaluated, and no order can read the counters of them
// all: so the first try takes a limit of which nothing is known for unused, and what then applies is looked up. Mostly
// that changes nothing, and the first try stands.
import type { Allocation } from '../../promos/allocation.ts'
import { isWithinLimits, redeemedCode } from '../../promos/judging.ts'
import { canonicalCode, type Order } from '../../promos/order.ts'
import type { Promo } from '../../promos/promo.ts'
import type { PromoSet } from '../../promos/promo-set.ts'
import type { Counters } from '../orders/counters.ts'
import { countersOf, promoUsageOf, usageOf, type Whose } from '../orders/usage.ts'

/** What is known of limits so far. */
export type Known = { promos: ReadonlySet<Promo>; counters: Counters }

/** `unread`: promotions that apply, some of whose counters are not known. */
export type Tried = { allocation: Allocation; unread: readonly Promo[] }

export const whoseOf = ({ customer, codes = [] }: Order): Whose => ({
  customerId: customer?.id,
  codes: new Set(codes.map(canonicalCode)),
})

/** One try under what is known. */
export function tryWithin(
  { set, whose }: { set: PromoSet; whose: Whose },
  { promos, counters }: Known,
  allocate: (usage: ReturnType<typeof usageOf>) => Allocation,
): Tried {
  const allocation = allocate(usageOf([...promos], { ...whose, counters }))
  const unread = allocation.applied
    .filter(({ limited }) => limited)
    .flatMap(({ promo }) => promoOf(set, promo) ?? [])
    .filter((promo) => countersOf(promo, whose).some(({ pk }) => !counters.has(pk)))
  return { allocation, unread }
}

/**
 * Whether a promotion that applied under `before` does so in the same way under `after`: no limit is spent, it is
 * redeemed under the same code, and its budget has what it had. Uses are asked for nothing else.
 */
export function standsAs(promo: Promo, whose: Whose, before: Counters, after: Counters): boolean {
  const usageUnder = (counters: Counters) => promoUsageOf(promo, { ...whose, counters })
  const is = usageUnder(after)
  if (!isWithinLimits(promo, whose.codes, () => is)) return false
  if (promo.budgetMinor === undefined && promo.codeLimits === undefined) return true
  const was = usageUnder(before)
  return (
    (promo.budgetMinor === undefined || was.budget_minor === is.budget_minor) &&
    redeemedCode(promo, whose.codes, was) === redeemedCode(promo, whose.codes, is)
  )
}

const ranks = new WeakMap<PromoSet['identities'], ReadonlyMap<string, number>>()

/** The promo of a set by its id. */
export function promoOf(set: PromoSet, id: string): Promo | undefined {
  let byId = ranks.get(set.identities)
  if (!byId) {
    byId = new Map(set.identities.map((identity) => [identity.id, identity.rank]))
    ranks.set(set.identities, byId)
  }
  const rank = byId.get(id)
  return rank === undefined ? undefined : set.promo(rank)
}

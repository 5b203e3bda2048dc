// Which limits matter to an order shows only when promotions are evaluated, and no order can read the counters of them
// all: so the first try takes every limit for unused, and whatever then applies is looked up and tried again.
import type { Allocation } from '../../promos/allocation.ts'
import { canonicalCode, type Order } from '../../promos/order.ts'
import type { Promo } from '../../promos/promo.ts'
import type { PromoSet } from '../../promos/promo-set.ts'
import { type Counters, countersOf, usageOf } from '../orders/usage.ts'

/** What is known of limits so far. */
export type Known = { promos: readonly Promo[]; counters: Counters }

/** `unread`: promotions whose counters must be known before the allocation is believed, and where those lie. */
export type Tried = { allocation: Allocation; unread: readonly Promo[]; pks: readonly string[] }

/** One try under what is known. */
export function tryWithin(
  { order, set }: { order: Order; set: PromoSet },
  { promos, counters }: Known,
  allocate: (usage: ReturnType<typeof usageOf>) => Allocation,
): Tried {
  const whose = {
    customerId: order.customer?.id,
    codes: new Set((order.codes ?? []).map(canonicalCode)),
  }
  const allocation = allocate(usageOf(promos, { ...whose, counters }))
  const unread = allocation.applied
    .filter(({ limited }) => limited)
    .flatMap(({ promo }) => promoOf(set, promo) ?? [])
    .filter((promo) => !promos.includes(promo))
  return { allocation, unread, pks: unread.flatMap((promo) => countersOf(promo, whose)) }
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

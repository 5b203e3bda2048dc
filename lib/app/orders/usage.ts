// What promotions have given already, as `allocate` asks for it, read from the counters that orders take from; and the
// counters that an order's redemption of a promotion takes from.
import { assert } from '../../base/assert.ts'
import type { AppliedPromo } from '../../promos/allocation.ts'
import { canonicalCode, type PromoUsage, type Usage } from '../../promos/order.ts'
import type { Promo } from '../../promos/promo.ts'
import type { Order } from '../../shop/order.ts'
import { redeemedKeys } from '../keys.ts'
import type { Counters } from './counters.ts'
import { type Amounts, type Counter, type Meter, totalOf } from './meters.ts'

const codeCounter = (code: string): string => `code:${code}`

function bounds(limits: { [name: string]: number | undefined }): Amounts {
  const atMost: Amounts = {}
  for (const name of Object.keys(limits)) {
    const limit = limits[name]
    if (limit !== undefined) atMost[name] = limit
  }
  return atMost
}

/** The promotion's own counter. */
export const promoCounter = (
  id: string,
  { uses, budgetMinor }: { uses?: number | undefined; budgetMinor?: number | undefined },
): Counter => ({
  pk: redeemedKeys.promo(id),
  atMost: bounds({ uses, budget_minor: budgetMinor }),
})

export const codeCounterOf = (id: string, code: string, uses: number | undefined): Counter => ({
  pk: redeemedKeys.code(id, code),
  atMost: bounds({ uses }),
})

const ownCounters = new WeakMap<Promo, Counter>()

function ownCounter(promo: Promo): Counter {
  const known = ownCounters.get(promo)
  if (known) return known
  const counter = promoCounter(promo.id, { uses: promo.config.limits?.uses, budgetMinor: promo.budgetMinor })
  ownCounters.set(promo, counter)
  return counter
}

/** Codes of the promo that were entered, in canonical writing and the promo's order. */
function enteredCodes({ codes }: Promo, entered: ReadonlySet<string>): string[] {
  // A promo may have very many.
  const found = codes ? [...entered].filter((code) => codes.has(code)) : []
  return codes && found.length > 1 ? [...codes.keys()].filter((code) => entered.has(code)) : found
}

/** Whose order it is, and the codes entered in canonical writing. */
export type Whose = { customerId: string | undefined; codes: ReadonlySet<string> }

/** The counters of a limited promo that say whether this order is within its limits. */
export function countersOf(promo: Promo, { customerId, codes }: Whose): Counter[] {
  const entered = enteredCodes(promo, codes)
  const limitOf = (code: string) => promo.codeLimits?.get(code)
  const all = ownCounter(promo)
  const own =
    promo.config.limits?.customer_uses !== undefined ||
    entered.some((code) => limitOf(code)?.customer_uses !== undefined)
  const counters: Counter[] = Object.keys(all.atMost).length > 0 ? [all] : []
  if (own && customerId !== undefined) {
    counters.push({ pk: redeemedKeys.customer(promo.id, customerId), atMost: {}, single: true })
  }
  for (const code of entered) {
    const uses = limitOf(code)?.uses
    if (uses !== undefined) counters.push(codeCounterOf(promo.id, code, uses))
  }
  return counters
}

type Read = Whose & { counters: Counters }

/** The facts of promos as far as their counters were read. */
export const usageOf = (promos: readonly Promo[], read: Read): Usage =>
  Object.fromEntries(promos.map((promo) => [promo.id, promoUsageOf(promo, read)]))

export function promoUsageOf(promo: Promo, { customerId, codes, counters }: Read): PromoUsage {
  const all = counters.get(redeemedKeys.promo(promo.id))
  const own = customerId === undefined ? undefined : counters.get(redeemedKeys.customer(promo.id, customerId))
  const byCode = enteredCodes(promo, codes).map((code) => {
    const shards = counters.get(redeemedKeys.code(promo.id, code))
    return [code, { uses: totalOf(shards, 'uses'), customer_uses: totalOf(own, codeCounter(code)) }] as const
  })
  return {
    uses: totalOf(all, 'uses'),
    customer_uses: totalOf(own, 'uses'),
    budget_minor: totalOf(all, 'budget_minor'),
    ...(byCode.length > 0 && { codes: Object.fromEntries(byCode) }),
  }
}

/** The counters of one redemption: the promo's, the customer's and, under a code, the code's. */
export type Redemption = { promo: Meter; customer: Meter; code?: Meter }

/** What redeeming `promo` as `applied` says takes from its counters. */
export function redemptionOf(promo: Promo, applied: AppliedPromo, customerId: string): Redemption {
  assert(promo.isLimited, 'only what is limited is counted')
  const code = applied.code === undefined ? undefined : canonicalCode(applied.code)
  const ofCode = code === undefined ? {} : (promo.codeLimits?.get(code) ?? {})
  return {
    promo: {
      ...ownCounter(promo),
      add: { uses: 1, ...(applied.budget_minor > 0 && { budget_minor: applied.budget_minor }) },
    },
    customer: {
      pk: redeemedKeys.customer(promo.id, customerId),
      add: { uses: 1, ...(code !== undefined && { [codeCounter(code)]: 1 }) },
      atMost: bounds({
        uses: promo.config.limits?.customer_uses,
        ...(code !== undefined && { [codeCounter(code)]: ofCode.customer_uses }),
      }),
      single: true,
    },
    ...(code !== undefined && { code: { ...codeCounterOf(promo.id, code, ofCode.uses), add: { uses: 1 } } }),
  }
}

type Recorded = Omit<Meter, 'atMost'>

/** The same counters of an order that was placed, by what it recorded; nothing bounds what is given back. */
export function recordedRedemption(
  promo: { id: string; redeemed: { code?: string } },
  customerId: string,
  { uses, budget_minor }: { uses: number; budget_minor: number },
): { promo: Recorded; customer: Recorded; code?: Recorded } {
  const code = promo.redeemed.code === undefined ? undefined : canonicalCode(promo.redeemed.code)
  return {
    promo: {
      pk: redeemedKeys.promo(promo.id),
      add: { ...(uses !== 0 && { uses }), ...(budget_minor !== 0 && { budget_minor }) },
    },
    customer: {
      pk: redeemedKeys.customer(promo.id, customerId),
      add: uses === 0 ? {} : { uses, ...(code !== undefined && { [codeCounter(code)]: uses }) },
      single: true,
    },
    ...(code !== undefined && { code: { pk: redeemedKeys.code(promo.id, code), add: uses === 0 ? {} : { uses } } }),
  }
}

/** Where the counters lie that an order's redemptions share with other customers' orders. */
export const sharedCountersOf = ({ promos }: Pick<Order, 'promos'>): string[] =>
  promos.flatMap(({ id, redeemed }) => {
    if (!redeemed) return []
    return [
      redeemedKeys.promo(id),
      ...(redeemed.code === undefined ? [] : [redeemedKeys.code(id, canonicalCode(redeemed.code))]),
    ]
  })

// What promotions have given already, as `allocate` asks for it, read from the counters that orders take from; and the
// counters that an order's redemption of a promotion takes from.
import { assert } from '../../base/assert.ts'
import type { AppliedPromo } from '../../promos/allocation.ts'
import { canonicalCode, type PromoUsage, type Usage } from '../../promos/order.ts'
import type { Promo } from '../../promos/promo.ts'
import { redeemedKeys } from '../keys.ts'
import { type Amounts, type Meter, type Shards, totalOf } from './meters.ts'

/** Every counter that was read, by its pk: an order's plan is made of the same numbers as its evaluation. */
export type Counters = Map<string, Shards>

const codeCounter = (code: string): string => `code:${code}`

/** Codes of the promo that were entered, in canonical writing. */
const enteredCodes = (promo: Promo, entered: ReadonlySet<string>): string[] =>
  [...(promo.codes?.keys() ?? [])].filter((code) => entered.has(code))

/** Whose order it is, and the codes entered in canonical writing. */
export type Whose = { customerId: string | undefined; codes: ReadonlySet<string> }

/** Where the counters of a limited promo lie that this order must know: those that are only counted, it need not. */
export function countersOf(promo: Promo, { customerId, codes }: Whose): string[] {
  const { limits = {} } = promo.config
  const entered = enteredCodes(promo, codes)
  const limitOf = (code: string) => promo.codeLimits?.get(code)
  const all = limits.uses !== undefined || promo.budgetMinor !== undefined
  const own = limits.customer_uses !== undefined || entered.some((code) => limitOf(code)?.customer_uses !== undefined)
  return [
    ...(all ? [redeemedKeys.promo(promo.id)] : []),
    ...(own && customerId !== undefined ? [redeemedKeys.customer(promo.id, customerId)] : []),
    ...entered.filter((code) => limitOf(code)?.uses !== undefined).map((code) => redeemedKeys.code(promo.id, code)),
  ]
}

const none: Shards = new Map()

/** The facts of promos whose counters were read, as far as `countersOf` names them. */
export function usageOf(
  promos: readonly Promo[],
  { customerId, codes, counters }: Whose & { counters: Counters },
): Usage {
  const entries = promos.map((promo): [string, PromoUsage] => {
    const all = counters.get(redeemedKeys.promo(promo.id)) ?? none
    const own = (customerId && counters.get(redeemedKeys.customer(promo.id, customerId))) || none
    const byCode = enteredCodes(promo, codes).map((code) => {
      const shards = counters.get(redeemedKeys.code(promo.id, code)) ?? none
      return [code, { uses: totalOf(shards, 'uses'), customer_uses: totalOf(own, codeCounter(code)) }] as const
    })
    const usage: PromoUsage = {
      uses: totalOf(all, 'uses'),
      customer_uses: totalOf(own, 'uses'),
      budget_minor: totalOf(all, 'budget_minor'),
      ...(byCode.length > 0 && { codes: Object.fromEntries(byCode) }),
    }
    return [promo.id, usage]
  })
  return Object.fromEntries(entries)
}

const bounds = (limits: { [name: string]: number | undefined }): Amounts =>
  Object.fromEntries(Object.entries(limits).flatMap(([name, limit]) => (limit === undefined ? [] : [[name, limit]])))

/** The counters of one redemption: the promo's, the customer's and, under a code, the code's. */
export type Redemption = { promo: Meter; customer: Meter; code?: Meter }

/** What redeeming `promo` as `applied` says takes from its counters. */
export function redemptionOf(promo: Promo, applied: AppliedPromo, customerId: string): Redemption {
  assert(promo.isLimited, 'only what is limited is counted')
  const { limits = {} } = promo.config
  const code = applied.code === undefined ? undefined : canonicalCode(applied.code)
  const ofCode = code === undefined ? {} : (promo.codeLimits?.get(code) ?? {})
  return {
    promo: {
      pk: redeemedKeys.promo(promo.id),
      add: { uses: 1, ...(applied.budget_minor > 0 && { budget_minor: applied.budget_minor }) },
      atMost: bounds({ uses: limits.uses, budget_minor: promo.budgetMinor }),
    },
    customer: {
      pk: redeemedKeys.customer(promo.id, customerId),
      add: { uses: 1, ...(code !== undefined && { [codeCounter(code)]: 1 }) },
      atMost: bounds({
        uses: limits.customer_uses,
        ...(code !== undefined && { [codeCounter(code)]: ofCode.customer_uses }),
      }),
      single: true,
    },
    ...(code !== undefined && {
      code: { pk: redeemedKeys.code(promo.id, code), add: { uses: 1 }, atMost: bounds({ uses: ofCode.uses }) },
    }),
  }
}

/** The same counters of an order that was placed, by what it recorded; nothing bounds what is given back. */
export function recordedRedemption(
  promo: { id: string; redeemed: { code?: string } },
  customerId: string,
  { uses, budget_minor }: { uses: number; budget_minor: number },
): { promo: Omit<Meter, 'atMost'>; customer: Omit<Meter, 'atMost'>; code?: Omit<Meter, 'atMost'> } {
  const code = promo.redeemed.code === undefined ? undefined : canonicalCode(promo.redeemed.code)
  return {
    promo: {
      pk: redeemedKeys.promo(promo.id),
      add: { ...(uses !== 0 && { uses }), ...(budget_minor !== 0 && { budget_minor }) },
    },
    customer: {
      pk: redeemedKeys.customer(promo.id, customerId),
      add: uses === 0 ? {} : { uses, ...(code !== undefined && { [codeCounter(code)]: uses }) },
    },
    ...(code !== undefined && { code: { pk: redeemedKeys.code(promo.id, code), add: uses === 0 ? {} : { uses } } }),
  }
}

// What promotions have given, beside their limits: for the list that editors see.
import type { Table } from '../../ports/table.ts'
import { budgetOf } from '../../promos/check.ts'
import type { PromoConfig } from '../../promos/config.ts'
import type { PromoUsage, Used } from '../../shop/admin-types.ts'
import { redeemedKeys } from '../keys.ts'
import { readCounters } from '../orders/counters.ts'
import { type Shards, totalOf } from '../orders/meters.ts'
import { promoCounter } from '../orders/usage.ts'
import type { PromoVersion } from './promo-version.ts'
import { promoTotals } from './read-statistics.ts'

type Counted = 'uses' | 'budget_minor'

/** Of a config that was checked when it was saved; undefined: it has no limits, and nothing of it is counted. */
function limitsOf({
  config,
}: PromoVersion): { uses?: number | undefined; budgetMinor?: number | undefined } | undefined {
  const { limits } = config as PromoConfig
  return limits && { uses: limits.uses, budgetMinor: budgetOf(limits) }
}

const usedOf = (shards: Shards | undefined, most: number | undefined, name: Counted): Used | undefined =>
  most === undefined ? undefined : { used: totalOf(shards, name), most }

/** In the order of `versions`. What it gave is as new as count-orders; what is used of limits is exact. */
export async function usageOfPromos(table: Table, versions: readonly PromoVersion[]): Promise<PromoUsage[]> {
  const asked = versions.flatMap((version) => {
    const bounds = limitsOf(version)
    return bounds ? [promoCounter(version.id, bounds)] : []
  })
  const [totals, counters] = await Promise.all([promoTotals(table), readCounters(table, asked)])
  return versions.map((version) => {
    const { redemptions = 0, discount_minor = 0, credit_minor = 0 } = totals.get(version.id) ?? {}
    const { uses: mostUses, budgetMinor } = limitsOf(version) ?? {}
    const shards = counters.get(redeemedKeys.promo(version.id))
    const uses = usedOf(shards, mostUses, 'uses')
    const budget = usedOf(shards, budgetMinor, 'budget_minor')
    const limits = { ...(uses && { uses }), ...(budget && { budget_minor: budget }) }
    return { redemptions, discount_minor, credit_minor, limits }
  })
}

// What promotions have given, beside their limits: for the list that editors see.
import type { Item, Table } from '../../ports/table.ts'
import { budgetOf } from '../../promos/check.ts'
import type { PromoConfig } from '../../promos/config.ts'
import type { PromoUsage, Used } from '../../shop/admin-types.ts'
import { redeemedKeys } from '../keys.ts'
import { meterShards, shardKey } from '../orders/meters.ts'
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

const usedOf = (shards: readonly (Item | undefined)[], most: number | undefined, name: Counted): Used | undefined => {
  if (most === undefined) return undefined
  // One shard may hold less than nothing, all together do not.
  const used = shards.reduce((sum, shard) => sum + Number(shard?.[name] ?? 0), 0)
  return { used: Math.max(0, used), most }
}

/** In the order of `versions`. What it gave is as new as count-orders; what is used of limits is exact. */
export async function usageOfPromos(table: Table, versions: readonly PromoVersion[]): Promise<PromoUsage[]> {
  const limited = versions.map(limitsOf)
  const keysOf = (id: string) =>
    Array.from({ length: meterShards }, (_, shard) => shardKey(redeemedKeys.promo(id), shard))
  const asked = versions.flatMap(({ id }, i) => (limited[i] ? keysOf(id) : []))
  const [totals, items] = await Promise.all([promoTotals(table), table.get(asked)])
  let at = 0
  return versions.map(({ id }, i) => {
    const { redemptions = 0, discount_minor = 0, credit_minor = 0 } = totals.get(id) ?? {}
    const bounds = limited[i]
    if (!bounds) return { redemptions, discount_minor, credit_minor, limits: {} }
    const shards = items.slice(at, at + meterShards)
    at += meterShards
    const uses = usedOf(shards, bounds.uses, 'uses')
    const budget = usedOf(shards, bounds.budgetMinor, 'budget_minor')
    const limits = { ...(uses && { uses }), ...(budget && { budget_minor: budget }) }
    return { redemptions, discount_minor, credit_minor, limits }
  })
}

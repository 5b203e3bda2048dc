// What orders have taken of a promotion's limits, for a config that is to be saved: no limit goes below that.
import type { Table, WriteOp } from '../../ports/table.ts'
import { budgetOf } from '../../promos/check.ts'
import type { PromoConfig } from '../../promos/config.ts'
import type { PromoUsage } from '../../promos/order.ts'
import { codeLimitsOf } from '../../promos/promo.ts'
import { readCounters } from '../orders/counters.ts'
import { type Counter, quotaOf, type Shards, shardKey, shardsOf, totalOf } from '../orders/meters.ts'
import { codeCounterOf, promoCounter } from '../orders/usage.ts'

/** `usage` as `checkPromo` asks for it. */
export type UsedLimits = {
  usage: PromoUsage
  /**
   * What the save's own write must find still true of the counters: of `uses`, or of a budget that stands alone, and of
   * codes those with the least left, as many as `most` ops hold.
   */
  guards(most: number): WriteOp[]
}

type Limit = { counter: Counter; name: 'uses' | 'budget_minor'; most: number; shards: Shards }

const leftOf = ({ name, most, shards }: Limit): number => most - totalOf(shards, name)

// What is left below the limit is shared out among the shards: orders that come meanwhile disturb the save only when
// they could cross the limit. Of a counter that nobody has used, the first who does makes the first shard.
function guardsOf(limit: Limit): WriteOp[] {
  const { counter, name, shards } = limit
  if (shards.size === 0) return [{ op: 'check', key: shardKey(counter, 0), if: { exists: false } }]
  const left = leftOf(limit)
  const numbers = shardsOf(counter, shards)
  return numbers.map((shard): WriteOp => {
    const value = (shards.get(shard)?.amounts[name] ?? 0) + quotaOf(left, shard, numbers.length)
    return { op: 'check', key: shardKey(counter, shard), if: { attribute: name, op: 'lte', value, orAbsent: true } }
  })
}

/** Undefined for a config that limits nothing. Throws what the table throws. */
export async function usedLimits(table: Table, id: string, config: PromoConfig): Promise<UsedLimits | undefined> {
  const { limits } = config
  if (limits === undefined) return undefined
  const budgetMinor = budgetOf(limits)
  const own = promoCounter(id, { uses: limits.uses, budgetMinor })
  const codes = [...(codeLimitsOf(config) ?? [])].flatMap(([code, { uses }]) =>
    uses === undefined ? [] : [{ code, most: uses, counter: codeCounterOf(id, code, uses) }],
  )
  const read = await readCounters(table, [own, ...codes.map(({ counter }) => counter)])
  const storedOf = ({ pk }: Counter): Shards => read.get(pk) ?? new Map()
  const ownLimits = [['uses', limits.uses] as const, ['budget_minor', budgetMinor] as const]
    .flatMap(([name, most]): Limit[] =>
      most === undefined ? [] : [{ counter: own, name, most, shards: storedOf(own) }],
    )
    .slice(0, 1)
  const codeLimits = codes.map(
    ({ counter, most }): Limit => ({ counter, name: 'uses', most, shards: storedOf(counter) }),
  )
  return {
    usage: {
      uses: totalOf(storedOf(own), 'uses'),
      budget_minor: totalOf(storedOf(own), 'budget_minor'),
      codes: Object.fromEntries(codes.map(({ code, counter }) => [code, { uses: totalOf(storedOf(counter), 'uses') }])),
    },
    guards(most) {
      const guards: WriteOp[] = []
      for (const limit of [...ownLimits, ...codeLimits.toSorted((a, b) => leftOf(a) - leftOf(b))]) {
        const more = guardsOf(limit)
        if (guards.length + more.length <= most) guards.push(...more)
      }
      return guards
    },
  }
}

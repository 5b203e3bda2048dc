// What orders have taken of a promotion's limits, for a config that is to be saved: no limit goes below that.
import type { Item, Table, WriteOp } from '../../ports/table.ts'
import type { PromoConfig } from '../../promos/config.ts'
import { canonicalCode, type PromoUsage } from '../../promos/order.ts'
import { redeemedKeys } from '../keys.ts'
import { meterShards, shardKey } from '../orders/meters.ts'

/** `usage` as `checkPromo` asks for it. `guards`: what the save's own write must find still true of the counters. */
export type UsedLimits = { usage: PromoUsage; guards(limit: { attribute: Counted; most: number }): WriteOp[] }

export type Counted = 'uses' | 'budget_minor'

const limitedCodes = ({ limits, codes = [] }: PromoConfig): string[] => {
  const named = [...Object.keys(limits?.codes ?? {}), ...(limits?.each_code ? codes : [])]
  return [...new Set(named.map(canonicalCode))]
}

const shardKeys = (pk: string) => Array.from({ length: meterShards }, (_, shard) => shardKey(pk, shard))

const heldIn = (shard: Item | undefined, attribute: Counted): number => Number(shard?.[attribute] ?? 0)

const totalIn = (shards: readonly (Item | undefined)[], attribute: Counted): number =>
  shards.reduce((sum, shard) => sum + heldIn(shard, attribute), 0)

/** Undefined for a config that limits nothing. Throws what the table throws. */
export async function usedLimits(table: Table, id: string, config: PromoConfig): Promise<UsedLimits | undefined> {
  if (config.limits === undefined) return undefined
  const codes = limitedCodes(config)
  const pks = [redeemedKeys.promo(id), ...codes.map((code) => redeemedKeys.code(id, code))]
  const items = await table.get(pks.flatMap(shardKeys))
  const shardsAt = (place: number) => items.slice(place * meterShards, (place + 1) * meterShards)
  const own = shardsAt(0)
  return {
    usage: {
      uses: Math.max(0, totalIn(own, 'uses')),
      budget_minor: Math.max(0, totalIn(own, 'budget_minor')),
      codes: Object.fromEntries(
        codes.map((code, i) => [code, { uses: Math.max(0, totalIn(shardsAt(i + 1), 'uses')) }]),
      ),
    },
    // What is left below the limit is shared out among the shards: orders that come meanwhile disturb the save only
    // when they could cross the limit.
    guards({ attribute, most }) {
      const left = most - totalIn(own, attribute)
      return own.map((shard, number): WriteOp => {
        const part = Math.floor(left / meterShards) + (number < left % meterShards ? 1 : 0)
        const value = heldIn(shard, attribute) + part
        const key = shardKey(redeemedKeys.promo(id), number)
        return { op: 'check', key, if: { attribute, op: 'lte', value, orAbsent: true } }
      })
    },
  }
}

// One version of a promotion as it lies in the table, at its own key for good and under `promos` while it is current.
import * as v from 'valibot'
import type { JsonObject } from '../../base/json.ts'
import type { Instant } from '../../base/time.ts'
import type { Item, Key } from '../../ports/table.ts'
import { states } from '../../promos/config.ts'

export type PromoState = (typeof states)[number]

export type PromoVersion = {
  id: string
  /** Counted from 1. */
  version: number
  /** Of the config; one that names none is a draft. */
  state: PromoState
  config: JsonObject
  savedAt: Instant
  /** The caller's subject: who of the token's issuer. */
  savedBy: string
  reason: string
  /** The number that this save gave to all promotions together. */
  set: number
  /** The version whose config it took over. */
  rolledBackTo?: number
}

const storedSchema = v.object({
  id: v.string(),
  version: v.number(),
  state: v.picklist(states),
  // As text: a table may keep an object's names in another order, and people want back what they wrote.
  config: v.pipe(
    v.string(),
    v.transform((text): JsonObject => JSON.parse(text)),
  ),
  saved_at: v.string(),
  saved_by: v.string(),
  reason: v.string(),
  set: v.number(),
  rolled_back_to: v.exactOptional(v.number()),
})

export function promoItem(key: Key, version: PromoVersion): Item {
  const { savedAt, savedBy, rolledBackTo, config, ...rest } = version
  return {
    ...rest,
    config: JSON.stringify(config),
    saved_at: savedAt,
    saved_by: savedBy,
    ...(rolledBackTo === undefined ? {} : { rolled_back_to: rolledBackTo }),
    ...key,
  }
}

/** Throws on an item that is none of ours. */
export function promoVersionOf(item: Item): PromoVersion {
  const { saved_at, saved_by, rolled_back_to, ...rest } = v.parse(storedSchema, item)
  return {
    ...rest,
    savedAt: saved_at,
    savedBy: saved_by,
    ...(rolled_back_to === undefined ? {} : { rolledBackTo: rolled_back_to }),
  }
}

/** The state of a config in the shop, where one that names none is a draft. */
export const stateOf = ({ state }: JsonObject): PromoState => states.find((name) => name === state) ?? 'draft'

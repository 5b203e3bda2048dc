// Promotions for tests: configs, and short ways to save them.
import type { Deps } from '../../lib/app/deps.ts'
import { keys } from '../../lib/app/keys.ts'
import { type PromoVersion, promoItem } from '../../lib/app/promos/promo-version.ts'
import { type SaveRequest, savePromo } from '../../lib/app/promos/save-promo.ts'
import type { JsonObject } from '../../lib/base/json.ts'

/** The talk's, to the letter. */
export const talkConfig: JsonObject = {
  start: '2022-08-24',
  finish: '2022-08-25',
  product_filters: { brand: 'Puma', kind: 'Shorts' },
  order_filters: [
    { type: 'selected_delivery', value: 'novaposhta' },
    { type: 'selected_payment', value: 'card' },
    { type: 'total_value', value: 500 },
  ],
  actions: [{ type: 'cashback', value: 13 }],
}

/** The talk's, with a window that is open. */
export const talk: JsonObject = { state: 'live', ...talkConfig, start: '2022-01-01', finish: '2032-12-31' }

/** Percents off everything. */
export const percentOff = (value: number, more: JsonObject = {}): JsonObject => ({
  state: 'live',
  actions: [{ type: 'percent_off', value }],
  ...more,
})

export const save = (
  deps: Pick<Deps, 'table' | 'clock' | 'settings'>,
  id: string,
  config: JsonObject,
  more: Partial<SaveRequest> = {},
): Promise<PromoVersion> =>
  savePromo(deps, { id, config, expectedVersion: 0, reason: 'the autumn sale', by: 'olha', ...more })

/** Puts a live promotion into the table as an older Kram may have saved it, which today's rules refuse. */
export async function saveUnderOtherRules({ table }: Pick<Deps, 'table'>, id: string): Promise<JsonObject> {
  const config = { id, state: 'live', title: 'Of old', actions: [{ type: 'no_longer', value: 1 }] }
  const saved = { savedAt: '2022-04-24T12:00:00.000Z', savedBy: 'olha', reason: 'long ago', set: 1 }
  const version: PromoVersion = { id, version: 1, state: 'live', config, ...saved }
  const items = [keys.promo(id), keys.promoVersion(id, 1)].map((key) => promoItem(key, version))
  await table.write(items.map((item) => ({ op: 'put', item })))
  return config
}

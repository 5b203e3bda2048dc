// Promotions for tests: configs, and short ways to save them.
import type { Deps } from '../../lib/app/deps.ts'
import type { PromoVersion } from '../../lib/app/promos/promo-version.ts'
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

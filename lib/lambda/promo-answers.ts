// Versions of promotions as the API shows them.
import type { PromoVersion } from '../app/promos/promo-version.ts'
import type { HistoryEntry } from '../app/promos/read-promos.ts'

/** Without the config. */
export const promoSummary = ({
  id,
  version,
  state,
  config,
  savedAt,
  savedBy,
  reason,
  set,
  rolledBackTo,
}: PromoVersion) => ({
  ...{ id, version, state },
  ...(typeof config.title === 'string' ? { title: config.title } : {}),
  ...{ saved_at: savedAt, saved_by: savedBy, reason, set },
  ...(rolledBackTo === undefined ? {} : { rolled_back_to: rolledBackTo }),
})

export const promoAnswer = (version: PromoVersion) => ({ ...promoSummary(version), config: version.config })

/** An entry of a promotion's history; with the config where that is included. */
export const historyAnswer = (entry: HistoryEntry, include?: 'config') => ({
  ...(include === 'config' ? promoAnswer(entry) : promoSummary(entry)),
  changes: entry.changes,
  ...(entry.in_words && { in_words: entry.in_words }),
})

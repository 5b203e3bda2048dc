// Versions of promotions as the API shows them.
import type { PromoVersion } from '../app/promos/promo-version.ts'

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

// What is wrong with a stored promotion; in a file of its own, since it needs all of lib/promos.
import type { PromoVersion } from '../app/promos/promo-version.ts'
import type { Issue } from '../base/errors.ts'
import { checkPromo } from '../promos/check.ts'

/**
 * What saving a stored config would refuse today, beside what is answered of it: it was saved under other rules, and
 * applies to nobody.
 */
export function faultsOf({ config }: PromoVersion, settings: { timeZone: string }): { faults?: Issue[] } {
  const faults = checkPromo(config, { timeZone: settings.timeZone })
  return faults.length > 0 ? { faults } : {}
}

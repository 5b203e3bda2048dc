// What is probably not meant about a version that was just saved, beside all others of the shop. It refuses nothing.
import { KramError } from '../../base/errors.ts'
import { type StoredPromo, warningsAmong } from '../../promos/validate.ts'
import type { Warning } from '../../promos/warn.ts'
import type { Deps } from '../deps.ts'
import type { PromoVersion } from './promo-version.ts'
import { allPromos } from './read-promos.ts'

/**
 * Of a draft only what it says of itself, so that pausing reads nothing. Undefined: the others cannot be read just now;
 * the version is saved all the same.
 */
export async function warningsOfSaved(
  { table, settings }: Pick<Deps, 'table' | 'settings'>,
  saved: PromoVersion,
): Promise<Warning[] | undefined> {
  const others: StoredPromo[] = []
  try {
    if (saved.state !== 'draft') {
      for await (const promo of allPromos(table)) if (promo.state !== 'draft') others.push(promo)
    }
  } catch (error) {
    if (error instanceof KramError && error.kind === 'unavailable') return undefined
    throw error
  }
  return warningsAmong(saved, others, { settings })
}

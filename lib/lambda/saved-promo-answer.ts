// The answer to who saves a promotion; in a file of its own, since it needs all of lib/promos.
import type { PromoVersion } from '../app/promos/promo-version.ts'
import { warningsOfSaved } from '../app/promos/warn-saved.ts'
import { promoAnswer } from './promo-answers.ts'

/** A version that was just saved, with what is probably not meant about it. */
export async function savedAnswer(deps: Parameters<typeof warningsOfSaved>[0], version: PromoVersion) {
  const warnings = await warningsOfSaved(deps, version)
  return { ...promoAnswer(version), ...(warnings && { warnings }) }
}

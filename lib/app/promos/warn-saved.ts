// What is probably not meant about a version that was just saved, beside all others of the shop. It refuses nothing.
import { KramError } from '../../base/errors.ts'
import type { Table } from '../../ports/table.ts'
import type { Promo } from '../../promos/promo.ts'
import { soundPromo } from '../../promos/validate.ts'
import { type Warning, warningsOf } from '../../promos/warn.ts'
import type { Deps } from '../deps.ts'
import type { PromoVersion } from './promo-version.ts'
import { allPromos } from './read-promos.ts'

type WarnDeps = Pick<Deps, 'table' | 'settings'>

type Known = { set: number; promo: Promo | undefined }

// Versions never change, so that a warm instance checks only those that it has not seen. By id; the number that a save
// gave to the set tells them apart.
const known = new WeakMap<Table, Map<string, Known>>()

/**
 * Of a draft only what it says of itself, so that pausing reads nothing. Undefined: the others cannot be read just now;
 * the version is saved all the same.
 */
export async function warningsOfSaved(
  { table, settings }: WarnDeps,
  saved: PromoVersion,
): Promise<Warning[] | undefined> {
  const own = soundPromo(saved, settings)
  if (!own) return []
  try {
    return warningsOf(own, saved.state === 'draft' ? [] : await othersInForce({ table, settings }, saved.id))
  } catch (error) {
    if (error instanceof KramError && error.kind === 'unavailable') return undefined
    throw error
  }
}

async function othersInForce({ table, settings }: WarnDeps, id: string): Promise<Promo[]> {
  const before = known.get(table)
  const seen = new Map<string, Known>()
  for await (const other of allPromos(table)) {
    if (other.state === 'draft') continue
    const same = before?.get(other.id)
    const { set } = other
    seen.set(other.id, same?.set === set ? same : { set, promo: soundPromo(other, settings) })
  }
  known.set(table, seen)
  return [...seen].flatMap(([otherId, { promo }]) => (promo && otherId !== id ? [promo] : []))
}

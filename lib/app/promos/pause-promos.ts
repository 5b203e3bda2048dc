// Pausing several promotions at once, or all: each is saved again as a draft, with nothing else changed.
import { KramError } from '../../base/errors.ts'
import { limits } from '../../base/limits.ts'
import type { PauseAnswer } from '../../shop/admin-types.ts'
import type { Deps } from '../deps.ts'
import type { PromoVersion } from './promo-version.ts'
import { allPromos, getPromo } from './read-promos.ts'
import { savePromo } from './save-promo.ts'

type PauseDeps = Pick<Deps, 'table' | 'clock' | 'settings'>

export type PauseRequest = {
  /** At most `limits.pausedPromos`; undefined: all that are not drafts, as many at a time. */
  promos: readonly string[] | undefined
  reason: string
  by: string
  correlationId?: string
}

// What somebody else saves meanwhile is kept: their config is the one that is paused.
async function pauseOne(deps: PauseDeps, id: string, request: PauseRequest): Promise<PromoVersion | 'unchanged'> {
  const { reason, by, correlationId } = request
  for (let tries = 0; tries < limits.writeTries; tries++) {
    const current = await getPromo(deps, id)
    if (current.state === 'draft') return 'unchanged'
    const config = { ...current.config, state: 'draft' }
    try {
      return await savePromo(deps, {
        ...{ id, config, reason, by, expectedVersion: current.version },
        ...(correlationId !== undefined && { correlationId }),
      })
    } catch (error) {
      if (!(error instanceof KramError) || error.code !== 'promo_version_conflict') throw error
    }
  }
  throw new KramError('unavailable', 'contended', `Others kept saving ${id}; try again.`)
}

/** The first `most` ids of promotions that are not drafts, and whether there are more. */
async function idsInForce(deps: PauseDeps, most: number): Promise<{ ids: string[]; more: boolean }> {
  const ids: string[] = []
  for await (const { id, state } of allPromos(deps.table)) {
    if (state === 'draft') continue
    if (ids.length === most) return { ids, more: true }
    ids.push(id)
  }
  return { ids, more: false }
}

/** One that cannot be paused keeps none of the others from it. */
export async function pausePromos(deps: PauseDeps, request: PauseRequest): Promise<PauseAnswer> {
  const { ids, more } = request.promos
    ? { ids: [...new Set(request.promos)], more: false }
    : await idsInForce(deps, limits.pausedPromos)
  const answer: PauseAnswer = { paused: [], unchanged: [], failed: [], more }
  // One after the other: every save raises the one number of the set.
  for (const id of ids) {
    try {
      const saved = await pauseOne(deps, id, request)
      if (saved === 'unchanged') answer.unchanged.push(id)
      else answer.paused.push({ id, version: saved.version })
    } catch (error) {
      if (!(error instanceof KramError) || error.retryable) throw error
      answer.failed.push({ id, code: error.code, message: error.message })
    }
  }
  return answer
}

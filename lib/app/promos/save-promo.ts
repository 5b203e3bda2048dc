// Saves a version of a promotion: appended, never overwritten, and current from that write on.
import { makeEvent } from '../../../events/event.ts'
import { promoChanged } from '../../../events/promo-changed.ts'
import { type Issue, KramError } from '../../base/errors.ts'
import type { JsonObject } from '../../base/json.ts'
import { sameJson } from '../../base/json-diff.ts'
import { limits } from '../../base/limits.ts'
import { toInstant } from '../../base/time.ts'
import type { Item, Table, WriteOp } from '../../ports/table.ts'
import { checkPromo } from '../../promos/check.ts'
import type { PromoConfig } from '../../promos/config.ts'
import type { PromoUsage } from '../../promos/order.ts'
import type { Deps } from '../deps.ts'
import { keys } from '../keys.ts'
import { outboxOp } from '../outbox.ts'
import { inTurn } from '../turns.ts'
import { type PromoVersion, promoItem, promoVersionOf, stateOf } from './promo-version.ts'
import { getPromoVersion } from './read-promos.ts'
import { usedLimits } from './used-limits.ts'

type SaveDeps = Pick<Deps, 'table' | 'clock' | 'settings'>

export type SaveRequest = {
  id: string
  config: JsonObject
  /** The current version that the editor has seen; 0: there was none. */
  expectedVersion: number
  /** Why, in a sentence. */
  reason: string
  /** Who. */
  by: string
  /** Of the chain of events that this begins. */
  correlationId?: string
  /** W3C trace context of the same. */
  traceparent?: string
  rolledBackTo?: number
}

/**
 * Appends the config as the next version, makes it the current one, raises the number of the set and puts
 * `promo_changed` into the outbox: one write, all or nothing. The very same request again is answered as the first.
 * @throws KramError invalid `invalid_promo` with pointers `/config/...`; conflict `promo_version_conflict` when somebody
 * else has saved since (`detail.currentVersion`); invalid `too_many_promos`; unavailable `contended`
 */
export async function savePromo(deps: SaveDeps, request: SaveRequest): Promise<PromoVersion> {
  const { config, fault } = checkedConfig(request, deps.settings)
  // What is stored may have been saved under other rules: it can be paused all the same.
  if (fault && stateOf(config) !== 'draft') throw fault
  // Every save raises the one number of the set: who saves at once takes turns, or most of them would try in vain.
  return await inTurn(deps.table, 'save-promo', async () => {
    for (let tries = 0; tries < limits.writeTries; tries++) {
      const saved = await trySave(deps, request, config, fault)
      if (saved) return saved
    }
    throw new KramError(
      'unavailable',
      'contended',
      'Others kept saving promotions, or taking from this one; try again.',
    )
  })
}

/** undefined: somebody wrote between. `fault`: of the config, which is then good only for pausing what is stored. */
async function trySave(
  { table, clock, settings }: SaveDeps,
  request: SaveRequest,
  config: JsonObject,
  fault: KramError | undefined,
): Promise<PromoVersion | undefined> {
  const { id, expectedVersion, correlationId, traceparent, rolledBackTo } = request
  const [current, set] = await table.get([keys.promo(id), keys.promoSet])
  const before = current && promoVersionOf(current)
  if (before && isRepeat(before, request, config)) return before
  if ((before?.version ?? 0) !== expectedVersion) throw conflict(request, before)
  if (fault && !(before && sameJson({ ...before.config, state: 'draft' }, config))) throw fault
  const guards = await limitGuards(table, { ...request, config }, settings)
  const next: PromoVersion = {
    id,
    version: expectedVersion + 1,
    state: stateOf(config),
    config,
    savedAt: toInstant(clock.now()),
    savedBy: request.by,
    reason: request.reason,
    set: Number(set?.number ?? 0) + 1,
    ...(rolledBackTo === undefined ? {} : { rolledBackTo }),
  }
  const { ok } = await table.write([
    ...saveOps(next, set),
    ...guards,
    outboxOp(changedEvent(next, { correlationId, traceparent })),
  ])
  return ok ? next : undefined
}

/**
 * Refuses limits below what orders have taken, and makes sure in the write that none takes more meanwhile. A draft may
 * always be saved, since it is the kill switch.
 */
async function limitGuards(table: Table, request: SaveRequest, settings: SaveDeps['settings']): Promise<WriteOp[]> {
  const { id, config } = request
  if (stateOf(config) === 'draft') return []
  const used = await usedLimits(table, id, config as PromoConfig)
  if (!used) return []
  const { fault } = checkedConfig(request, settings, used.usage)
  if (fault) throw fault
  return used.guards(limits.writeOps - savedItems)
}

/** What a save writes beside its guards: the version, the current one, the set's number, the outbox item. */
const savedItems = 4

function saveOps(next: PromoVersion, set: Item | undefined): WriteOp[] {
  const { id, version } = next
  const promos = Number(set?.promos ?? 0) + (version === 1 ? 1 : 0)
  if (promos > limits.promos) {
    throw new KramError('invalid', 'too_many_promos', `A shop has at most ${limits.promos} promotions.`)
  }
  return [
    // Absent, whatever was read before: a version is never written over.
    { op: 'put', item: promoItem(keys.promoVersion(id, version), next), if: { exists: false } },
    {
      op: 'put',
      item: promoItem(keys.promo(id), next),
      if: version === 1 ? { exists: false } : { attribute: 'version', op: 'eq', value: version - 1 },
    },
    // A put with a condition and not a counter, so that who saves promotions needs no right to update items.
    {
      op: 'put',
      item: { ...keys.promoSet, number: next.set, promos },
      if: set ? { attribute: 'number', op: 'eq', value: next.set - 1 } : { exists: false },
    },
  ]
}

type Chain = { correlationId: string | undefined; traceparent: string | undefined }

function changedEvent({ id, version, state, set, savedAt }: PromoVersion, { correlationId, traceparent }: Chain) {
  return makeEvent(
    promoChanged,
    { id, version, state, set },
    {
      id: `promo_changed#${id}#${version}`,
      time: savedAt,
      ...(correlationId === undefined ? {} : { correlationid: correlationId }),
      ...(traceparent === undefined ? {} : { traceparent }),
    },
  )
}

function checkedConfig(
  { id, config, expectedVersion }: SaveRequest,
  { timeZone }: SaveDeps['settings'],
  usage?: PromoUsage,
): { config: JsonObject; fault?: KramError } {
  const issues: Issue[] = checkPromo(config, { pointer: '/config', timeZone, usage })
  if (config.id !== undefined && config.id !== id) {
    issues.unshift({ pointer: '/config/id', message: 'differs from the id that it is saved under' })
  }
  if (expectedVersion >= limits.promoVersions) {
    issues.push({ pointer: '/config/id', message: 'has as many versions as there can be; save it under a new id' })
  }
  const [first] = issues
  const named = config.id === undefined ? { id, ...config } : config
  if (!first) return { config: named }
  const fault = new KramError(
    'invalid',
    'invalid_promo',
    `The promotion was not saved: ${first.pointer} ${first.message}`,
    {
      detail: { issues: issues.slice(0, limits.issues) },
    },
  )
  return { config: named, fault }
}

// Its answer got lost, and the caller asks again.
const isRepeat = (before: PromoVersion, request: SaveRequest, config: JsonObject): boolean =>
  before.version === request.expectedVersion + 1 &&
  before.savedBy === request.by &&
  before.reason === request.reason &&
  before.rolledBackTo === request.rolledBackTo &&
  sameJson(before.config, config)

function conflict({ id, expectedVersion }: SaveRequest, before: PromoVersion | undefined): KramError {
  const currentVersion = before?.version ?? 0
  const now = before
    ? `is at version ${currentVersion}, saved by ${before.savedBy} at ${before.savedAt} (${before.reason})`
    : 'does not exist'
  return new KramError(
    'conflict',
    'promo_version_conflict',
    `Nothing was saved: the promotion ${id} ${now}; you have edited version ${expectedVersion}. Load it and decide.`,
    { detail: { currentVersion } },
  )
}

export type RollbackRequest = Omit<SaveRequest, 'config' | 'rolledBackTo'> & {
  /** The version whose config is to be in force again. */
  to: number
}

/**
 * Saves the config of an earlier version as a new one. What that config says, its state included, is in force again.
 * @throws KramError not_found `unknown_promo`, `unknown_promo_version`; and what `savePromo` throws
 */
export async function rollBackPromo(deps: SaveDeps, { to, ...request }: RollbackRequest): Promise<PromoVersion> {
  const { config } = await getPromoVersion(deps, request.id, to)
  return await savePromo(deps, { ...request, config, rolledBackTo: to })
}

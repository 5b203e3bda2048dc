// Brings the snapshot that checkouts read up to date with the table: on `promo_changed`, and on a schedule in case one
// was missed. Any number of these may run at once: the snapshot never goes back, unless the table did.
import { KramError } from '../../base/errors.ts'
import { limits } from '../../base/limits.ts'
import type { Objects } from '../../ports/objects.ts'
import type { Table } from '../../ports/table.ts'
import type { Deps } from '../deps.ts'
import { keys } from '../keys.ts'
import { inTurn } from '../turns.ts'
import { allPromos } from './read-promos.ts'
import {
  type LeftOutPromo,
  makeSnapshot,
  markOf,
  type SnapshotMark,
  type SnapshotPromo,
  snapshotFormat,
  snapshotKey,
} from './snapshot.ts'

/** `snapshot`: an argument, so that thousands of shops that publish the same need not each make it. */
type ReloadDeps = Pick<Deps, 'table' | 'objects' | 'settings'> & { snapshot?: typeof makeSnapshot }

/** `written`: false when the snapshot was up to date. `leftOut`: promotions that are no good and so apply to nobody. */
export type ReloadResult = { set: number; written: boolean; leftOut: LeftOutPromo[] }

type Stored = SnapshotMark & { etag: string | undefined }

const none: Stored = { set: 0, format: 0, etag: undefined }

// What a warm instance knows of the snapshot, so that it need not load a large one to learn its number.
const known = new WeakMap<Objects, Stored>()

// Versions never change, so that a warm instance checks only those that it has not seen.
const good = new WeakMap<Objects, Set<string>>()

/**
 * Writes the snapshot of what the table holds if that is newer than the stored one; or if it is older though it was read
 * after it, since a table counts up: then it was brought back from a copy, and what it holds is in force again.
 * @throws KramError unavailable when a store is away, or `contended` when promotions kept being saved meanwhile
 */
export async function reloadPromos(deps: ReloadDeps): Promise<ReloadResult> {
  // One at a time in a process: each would read and compile the same, and all but one in vain.
  return await inTurn(deps.objects, 'reload-promos', () => reload(deps))
}

async function reload(deps: ReloadDeps): Promise<ReloadResult> {
  const { table, objects, settings, snapshot = makeSnapshot } = deps
  for (let tries = 0; tries < limits.writeTries; tries++) {
    const [number, stored] = await Promise.all([setNumber(table), storedMark(objects, settings)])
    if (!isOutdated(stored, number)) return { set: stored.set, written: false, leftOut: [] }
    const read = await readPromos(table)
    if (!read || !isOutdated(stored, read.set)) continue
    const found = good.get(objects) ?? new Set()
    good.set(objects, found)
    const { bytes, leftOut } = snapshot(read.set, read.promos, settings, found)
    const { etag } = stored
    const put = await objects.put(snapshotKey, bytes, {
      contentType: 'application/json',
      ...(etag === undefined ? { ifAbsent: true } : { ifMatch: etag }),
    })
    // Somebody else was quicker; perhaps with an older one.
    if (put === 'refused') continue
    known.set(objects, { set: read.set, format: snapshotFormat, etag: put.etag })
    return { set: read.set, written: true, leftOut }
  }
  throw new KramError('unavailable', 'contended', 'Promotions kept being saved while they were read; try again.')
}

const isOutdated = ({ set, format }: SnapshotMark, number: number): boolean => set !== number || format < snapshotFormat

const setNumber = async (table: Table): Promise<number> => Number((await table.get([keys.promoSet]))[0]?.number ?? 0)

// All pages under one number: the number before and after must be the same. undefined: somebody saved meanwhile.
async function readPromos(table: Table): Promise<{ set: number; promos: SnapshotPromo[] } | undefined> {
  const set = await setNumber(table)
  const promos: SnapshotPromo[] = []
  for await (const { state, version, config } of allPromos(table)) {
    if (state !== 'draft') promos.push({ version, config })
  }
  return (await setNumber(table)) === set ? { set, promos } : undefined
}

async function storedMark(objects: Objects, settings: Deps['settings']): Promise<Stored> {
  const before = known.get(objects)
  const stored = await objects.get(snapshotKey, before?.etag === undefined ? {} : { ifNoneMatch: before.etag })
  if (stored === 'not_modified') return before ?? none
  if (stored === undefined) return none
  const mark = { ...readable(stored.bytes, settings), etag: stored.etag }
  known.set(objects, mark)
  return mark
}

// One that nobody can read is older than any.
function readable(bytes: Uint8Array, settings: Deps['settings']): SnapshotMark {
  try {
    return markOf(bytes, settings)
  } catch {
    return none
  }
}

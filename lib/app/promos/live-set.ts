// The promotions that this process holds ready in memory. No message reaches every warm instance, and a frozen one does
// nothing in the background: so whoever asks checks itself, when the last check is too long ago.
import { KramError } from '../../base/errors.ts'
import type { Objects } from '../../ports/objects.ts'
import type { PromoSet } from '../../promos/promo-set.ts'
import type { Deps } from '../deps.ts'
import { emptySet, loadSnapshot, snapshotKey } from './snapshot.ts'

/** Milliseconds. */
export type Patience = {
  /** A set checked no longer ago is used as it is. */
  fresh: number
  /** Asks at most this long for a newer set, when there is one to go on with. */
  check: number
  /** The same when there is none yet: a start without any promotion costs customers their discounts. */
  first: number
  /** A check that takes longer is given up. */
  load: number
  /** After a check that failed, the next one begins only then. */
  retry: number
}

export const patience: Patience = { fresh: 2_000, check: 150, first: 1_500, load: 5_000, retry: 1_000 }

/** `stale`: why the set could not be checked just now; it is then the last good one. */
export type Live = { set: PromoSet; stale?: string }

export type LiveSet = {
  /** @throws KramError unavailable `promos_unavailable` when no set could be loaded since this process began */
  current(): Promise<Live>
}

type LiveDeps = Pick<Deps, 'objects' | 'clock' | 'settings'>

type Held = { set: PromoSet; etag: string | undefined }
type Check = { startedMs: number; waitedUntil: Promise<void> | undefined; done: Promise<void> }

export function createLiveSet({ objects, clock, settings }: LiveDeps, times: Patience = patience): LiveSet {
  let held: Held | undefined
  let checkedMs = Number.NEGATIVE_INFINITY
  let failed: { code: string; atMs: number } | undefined
  let running: Check | undefined

  async function load(check: Check): Promise<void> {
    try {
      const next = await fetchSet({ objects, settings, held, timeoutMs: times.load })
      // A check that hung while the process was frozen must not undo a later one.
      if (running !== check) return
      held = next
      checkedMs = check.startedMs
      failed = undefined
    } catch (error) {
      if (running !== check) return
      failed = { code: error instanceof KramError ? error.code : 'internal', atMs: clock.now() }
    }
    running = undefined
  }

  // The check that runs, or a new one; undefined when the last failed just now.
  function check(nowMs: number): Check | undefined {
    if (running && within(nowMs, running.startedMs, times.load)) return running
    if (held && failed && within(nowMs, failed.atMs, times.retry)) return undefined
    const begun: Check = { startedMs: nowMs, waitedUntil: undefined, done: Promise.resolve() }
    running = begun
    begun.done = load(begun)
    return begun
  }

  return {
    async current() {
      const nowMs = clock.now()
      if (held && within(nowMs, checkedMs, times.fresh)) return { set: held.set }
      const begun = check(nowMs)
      if (begun) {
        // One wait for each check: while the store hangs, those who come later go on at once.
        begun.waitedUntil ??= waited(begun.done, held ? times.check : times.first)
        await begun.waitedUntil
      }
      if (!held) throw unavailable(failed?.code)
      return within(nowMs, checkedMs, times.fresh)
        ? { set: held.set }
        : { set: held.set, stale: failed?.code ?? 'slow' }
    },
  }
}

// A clock that was put back makes nothing fresh.
const within = (nowMs: number, sinceMs: number, spanMs: number): boolean =>
  nowMs >= sinceMs && nowMs - sinceMs <= spanMs

async function waited(done: Promise<void>, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await Promise.race([done, promise])
  clearTimeout(timer)
}

async function fetchSet(options: {
  objects: Objects
  settings: Deps['settings']
  held: Held | undefined
  timeoutMs: number
}): Promise<Held> {
  const { objects, settings, held, timeoutMs } = options
  const stored = await objects.get(snapshotKey, {
    signal: AbortSignal.timeout(timeoutMs),
    ...(held?.etag === undefined ? {} : { ifNoneMatch: held.etag }),
  })
  if (stored === 'not_modified' && held) return held
  if (stored === undefined && held?.etag === undefined) return { set: emptySet(settings), etag: undefined }
  if (stored === undefined || stored === 'not_modified') {
    throw new KramError('unavailable', 'snapshot_missing', `${snapshotKey} is gone.`)
  }
  return { set: loadSnapshot(stored.bytes, settings), etag: stored.etag }
}

const unavailable = (code = 'slow'): KramError =>
  new KramError('unavailable', 'promos_unavailable', `No promotions could be loaded yet (${code}).`)

const sets = new WeakMap<Objects, LiveSet>()

/** The one set of this process for these objects. */
export function liveSetOf(deps: LiveDeps): LiveSet {
  const known = sets.get(deps.objects)
  if (known) return known
  const made = createLiveSet(deps)
  sets.set(deps.objects, made)
  return made
}

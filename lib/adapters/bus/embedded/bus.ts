// The embedded bus: a durable log in one SQLite file and the dispatcher beside it. One process has the file at a time.
import { assert } from '../../../base/assert.ts'
import { compileRouter } from '../../../patterns/compile.ts'
import type { Bus, Subscription } from '../../../ports/bus.ts'
import type { Clock, Random } from '../../../ports/clock.ts'
import { createGroupCommit } from '../../group-commit.ts'
import { acquireLock } from '../../lock.ts'
import { openSqlite } from '../../sqlite.ts'
import { createArchive } from './archive.ts'
import { createChunks } from './chunks.ts'
import { createCursors } from './cursors.ts'
import { createDeadLetters } from './dead-letters.ts'
import type { Invoke } from './delivery.ts'
import { createDispatcher, type Dispatcher } from './dispatcher.ts'
import { createFailures } from './failures.ts'
import { createLog } from './log.ts'
import { createPublisher } from './publish.ts'
import { createReplayRows } from './replay-rows.ts'
import { createReplays } from './replays.ts'
import { format, schema } from './schema.ts'

export type EmbeddedBusOptions = {
  /** `:memory:` for a bus that lasts as long as the process. Beside it lies `<path>.lock`. */
  path: string
  clock: Clock
  random: Random
  /** Those of serverless.yml. A new one begins at the log's beginning; one that is gone keeps its place. */
  subscriptions: readonly Subscription[]
  /** Events that each subscription handles at the same time. */
  concurrency?: number
  /** Told of trouble with the bus file, which the dispatcher outlasts. */
  report?: (error: unknown) => void
}

export type EmbeddedBus = Bus & {
  /** Begins to deliver; what waits in the log comes first. */
  start(invoke: Invoke): void
  /**
   * Ends delivery: waits for the functions that run, at most `patienceMs` when given. What still runs then is delivered
   * again by the next `start`, which may follow.
   */
  stop(options?: { patienceMs?: number }): Promise<void>
  /** Resolves when nothing is due or running; a retry that is due later does not count. At once when not started. */
  idle(): Promise<void>
}

/** Wide enough that handlers' writes share a sync, narrow enough that a crash delivers little again. */
const defaultConcurrency = 128

const what = 'The bus'

/**
 * Opens the bus file. Events can be published at once; they are delivered from `start` on.
 * @throws KramError conflict `shop_in_use` when another process has it, unavailable `store_...`, invalid
 * `invalid_pattern`
 */
export function createEmbeddedBus(options: EmbeddedBusOptions): EmbeddedBus {
  const { path, clock, random, subscriptions, concurrency = defaultConcurrency, report = console.error } = options
  const names = subscriptions.map(({ name }) => name)
  assert(new Set(names).size === names.length, 'two subscriptions have one name')
  const router = compileRouter(subscriptions)
  const route = router.route
  const lock = path === ':memory:' ? undefined : acquireLock(`${path}.lock`)
  const db = (() => {
    try {
      return openSqlite({ path, what, format, schema })
    } catch (error) {
      lock?.close()
      throw error
    }
  })()
  const journal = createGroupCommit(db, what)
  const log = createLog(db)
  const failures = createFailures(db)
  const cursors = createCursors(db)
  const chunks = createChunks(log, route)
  const replays = createReplays({ rows: createReplayRows(db), log, journal, route, subscriptions, what })
  let head = log.head()
  let dispatcher: Dispatcher | undefined

  let stopping: Promise<void> | undefined

  const stop = async ({ patienceMs }: { patienceMs?: number } = {}): Promise<void> => {
    const stopped = dispatcher
    dispatcher = undefined
    // Replays first: they wait for no room then, and what they began is waited for with the rest.
    if (stopped) stopping = Promise.all([replays.stop(), stopped.stop(patienceMs)]).then(() => {})
    await stopping
    stopping = undefined
  }

  return {
    capabilities: { detectsConflicts: true, replayByPattern: true, replayRate: true, replayInOrder: true },
    publish: createPublisher({
      log,
      journal,
      clock,
      onTaken(seq) {
        head = Math.max(head, seq)
        dispatcher?.wake()
      },
    }),
    archive: createArchive(log, what),
    deadLetters: createDeadLetters({
      failures,
      journal,
      clock,
      subscriptions: names,
      onRedrive: () => dispatcher?.lookForDue(),
      what,
    }),
    replay: replays.replay,
    replayStatus: replays.replayStatus,
    cancelReplay: replays.cancelReplay,

    start(invoke) {
      assert(dispatcher === undefined && stopping === undefined, 'the bus runs already, or has not stopped yet')
      dispatcher = createDispatcher({
        ...{ log, chunks, cursors, failures, journal, clock, random, subscriptions, concurrency, invoke, report },
        head: () => head,
        busy: replays.running,
      })
      replays.start(dispatcher)
      dispatcher.wake()
    },
    stop,
    idle: async () => dispatcher?.idle(),

    async close() {
      await stop()
      await journal.close()
      if (db.isOpen) db.close()
      lock?.close()
    },
  }
}

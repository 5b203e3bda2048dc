// The whole shop in one process: the embedded bus, table and objects over one data folder, and every function of
// serverless.yml attached to its subscription. `npm start`, the demo, the CLI without a running shop, tests.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createEmbeddedBus, type EmbeddedBus } from '../adapters/bus/embedded/bus.ts'
import { acquireLock } from '../adapters/lock.ts'
import { createDirectoryObjects } from '../adapters/objects/directory.ts'
import { createSqliteTable } from '../adapters/table/sqlite.ts'
import type { Deps, Settings } from '../app/deps.ts'
import { isOutbox, relayOutbox, sweepOutbox } from '../app/outbox.ts'
import { assert } from '../base/assert.ts'
import { KramError } from '../base/errors.ts'
import { authenticateHere } from '../lambda/auth.ts'
import { provideDeps, settingsFromEnvironment } from '../lambda/deps.ts'
import { createSessions } from '../lambda/sessions.ts'
import { createTokens } from '../lambda/tokens.ts'
import type { Subscription } from '../ports/bus.ts'
import type { Clock, Random } from '../ports/clock.ts'
import type { Item, Table } from '../ports/table.ts'
import { loadHandler } from './functions.ts'
import { inTime } from './in-time.ts'
import { projectService, readService } from './service.ts'

export type ShopOptions = {
  /** Created when it does not exist. One process at a time. */
  dataDir: string
  /** Default: what the environment says. */
  settings?: Settings
  clock?: Clock
  random?: Random
  /** Where the subscriptions are written; default: the project's serverless.yml. */
  servicePath?: string
  /** The bus' patience with a function that fails; default: what serverless.yml says. */
  retry?: Subscription['retry']
  /** Stands between the shop and its table, as tests and the demo do to take the table away. */
  wrapTable?: (table: Table) => Table
}

export type Shop = {
  deps: Deps
  bus: EmbeddedBus
  table: Table
  /** Starts to deliver events to functions; until then they wait in the log. */
  start(): Promise<void>
  /** Resolves when no delivery is running or due and no outbox item waits. */
  idle(): Promise<void>
  /** Ends delivery; running handlers finish first. `start` may follow. */
  pause(): Promise<void>
  /** Pauses, closes the files and frees the folder. */
  stop(): Promise<void>
}

// On AWS it copies the bus into S3, because no API reads an archive there; here the log itself is the archive.
const notHere = new Set(['archive-events'])

const systemClock: Clock = { now: () => Date.now() }
const systemRandom: Random = { next: () => Math.random() }

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new KramError('unavailable', 'store_unreachable', `The data folder ${path} cannot be used: ${why}.`, {
      cause: error,
    })
  }
}

/**
 * Opens (and creates) the shop in `dataDir`. Nothing is delivered before `start`.
 * @throws KramError conflict `shop_in_use` when another process has it open
 */
export async function openShop(options: ShopOptions): Promise<Shop> {
  const { dataDir, clock = systemClock, random = systemRandom, settings = settingsFromEnvironment() } = options
  makeFolder(dataDir)
  const lock = acquireLock(join(dataDir, 'lock'))
  const service = readService(options.servicePath ?? projectService)
  const subscriptions = service.subscriptions
    .filter(({ name }) => !notHere.has(name))
    .map((subscription) => ({ ...subscription, retry: options.retry ?? subscription.retry }))
  const handlers = new Map(
    await Promise.all(subscriptions.map(async ({ name }) => [name, await loadHandler(name)] as const)),
  )

  const relays = new Set<Promise<unknown>>()
  const relay = (outbox: Item[]): void => {
    // What stays (the bus is away) is the sweeper's.
    const running = relayOutbox(deps, outbox).catch(() => undefined)
    relays.add(running)
    running.finally(() => relays.delete(running))
  }
  const stored = createSqliteTable({ path: join(dataDir, 'table.sqlite'), onCommitted: relay, watched: isOutbox })
  const table = options.wrapTable?.(stored) ?? stored
  const bus = createEmbeddedBus({ path: join(dataDir, 'bus.sqlite'), clock, random, subscriptions })
  const objects = createDirectoryObjects({ root: join(dataDir, 'objects') })
  const deps: Deps = { bus, table, objects, clock, random, settings }
  const tokens = createTokens({ keyPath: join(dataDir, 'token.key'), clock })
  const sessions = createSessions({ dataDir, clock })
  provideDeps({ ...deps, sessions, authenticate: authenticateHere({ tokens, sessions }) })

  const idle = async (): Promise<void> => {
    do {
      await Promise.all(relays)
      await bus.idle()
    } while (relays.size > 0)
  }
  return {
    deps,
    bus,
    table,
    async start() {
      // What a killed process left; here nobody else relays.
      await sweepOutbox(deps, { young: true })
      bus.start(async (name, event, delivery) => {
        const handler = handlers.get(name)
        assert(handler, `the bus calls ${name}, which is no subscription`)
        await inTime(name, service.timeouts.get(name) ?? 0, () => handler(event, { functionName: name, delivery }))
      })
    },
    idle,
    pause: () => bus.stop(),
    async stop() {
      await bus.stop()
      await Promise.all(relays)
      await bus.close()
      await stored.close()
      lock.close()
    },
  }
}

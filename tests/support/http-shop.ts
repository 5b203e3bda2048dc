// A shop in memory for tests of the edge: embedded bus and table, objects in a folder, a clock that stands still until
// it is moved, tokens for each role. Functions get it through provideDeps.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmbeddedBus, type EmbeddedBus } from '../../lib/adapters/bus/embedded/bus.ts'
import { createDirectoryObjects } from '../../lib/adapters/objects/directory.ts'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import type { Deps } from '../../lib/app/deps.ts'
import { relayOutbox } from '../../lib/app/outbox.ts'
import { KramError } from '../../lib/base/errors.ts'
import { createAdminFiles } from '../../lib/lambda/admin-files.ts'
import { authenticateHere } from '../../lib/lambda/auth.ts'
import { provideDeps } from '../../lib/lambda/deps.ts'
import type { LambdaFunction } from '../../lib/lambda/event-function.ts'
import type { Role } from '../../lib/lambda/roles.ts'
import { createSessions, type Sessions } from '../../lib/lambda/sessions.ts'
import { createTokens } from '../../lib/lambda/tokens.ts'
import type { Pattern } from '../../lib/ports/bus.ts'
import type { Item, Table } from '../../lib/ports/table.ts'
import { writeAdminPage } from './admin-page.ts'
import { captureOutput } from './capture-output.ts'

export type Subscriber = { name: string; pattern: Pattern; handler: LambdaFunction }

export type HttpShop = {
  deps: Deps
  bus: EmbeddedBus
  /** Milliseconds since the epoch; tests move it. */
  clock: { ms: number }
  /** While true every verb of the table throws `unavailable`. */
  tableAway: boolean
  /** What was written to stdout and stderr during deliveries. */
  logs: string
  token(role: Role, subject?: string): Promise<string>
  /** Those of the admin page. */
  sessions: Sessions
  /** Where the admin page lies (tests/support/admin-page.ts). */
  adminFolder: string
  /** Delivers what is on the bus, and what follows from it, until nothing is due. */
  deliver(): Promise<void>
  close(): Promise<void>
}

// The table, until it is taken away.
const removable = (table: Table, isAway: () => boolean): Table => {
  const there = (): Table => {
    if (isAway()) throw new KramError('unavailable', 'store_unreachable', 'The table cannot be reached.')
    return table
  }
  return {
    get: async (keys) => await there().get(keys),
    query: async (query) => await there().query(query),
    list: async (query) => await there().list(query),
    write: async (ops) => await there().write(ops),
    scan: (options) => there().scan(options),
    close: () => table.close(),
  }
}

/** Opens it and provides it; `close` takes everything back. */
export async function openHttpShop(subscribers: readonly Subscriber[] = []): Promise<HttpShop> {
  const folder = mkdtempSync(join(tmpdir(), 'kram-http-'))
  const time = { ms: Date.parse('2022-04-24T19:41:07.123Z') }
  const clock = { now: () => time.ms }
  const random = { next: () => 0.5 }
  let relaying: Promise<unknown> = Promise.resolve()
  const relay = (items: Item[]): void => {
    const outbox = items.filter(({ pk }) => pk.startsWith('outbox#'))
    if (outbox.length > 0) relaying = relaying.then(() => relayOutbox(deps, outbox))
  }
  const stored = createSqliteTable({ path: ':memory:', onCommitted: relay })
  const bus = createEmbeddedBus({
    path: ':memory:',
    clock,
    random,
    subscriptions: subscribers.map(({ name, pattern }) => ({
      name,
      pattern,
      takesReplays: true,
      retry: { attempts: 0, maxAgeSeconds: 3_600 },
    })),
  })
  const shop = { clock: time, tableAway: false, logs: '' }
  const deps: Deps = {
    bus,
    table: removable(stored, () => shop.tableAway),
    objects: createDirectoryObjects({ root: join(folder, 'objects') }),
    clock,
    random,
    settings: { currency: 'PLN', timeZone: 'Europe/Kyiv' },
  }
  const tokens = createTokens({ keyPath: join(folder, 'token.key'), clock })
  const sessions = createSessions({ dataDir: folder, clock })
  const adminFolder = join(folder, 'admin')
  writeAdminPage(adminFolder)
  const adminFiles = createAdminFiles(adminFolder)
  provideDeps({ ...deps, adminFiles, sessions, authenticate: authenticateHere({ tokens, sessions }) })
  const handlers = new Map(subscribers.map(({ name, handler }) => [name, handler]))
  return Object.assign(shop, {
    deps,
    bus,
    sessions,
    adminFolder,
    token: (role: Role, subject: string = randomUUID()) => tokens.sign({ role, subject, ttlSeconds: 3_600 }),
    async deliver() {
      shop.logs += await captureOutput(async () => {
        bus.start(async (name, event, delivery) => {
          await handlers.get(name)?.(event, { functionName: name, delivery })
        })
        for (let last: unknown; last !== relaying; ) {
          last = relaying
          await relaying
          await bus.idle()
        }
        await bus.stop()
      })
    },
    async close() {
      await relaying
      await bus.close()
      await stored.close()
      const provided = [...Object.keys(deps), 'adminFiles', 'authenticate', 'sessions']
      provideDeps(Object.fromEntries(provided.map((name) => [name, undefined])))
      rmSync(folder, { recursive: true })
    },
  })
}

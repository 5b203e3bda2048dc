// Opens SQLite files the way every embedded adapter needs them, and turns SQLite's errors into ours.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { KramError } from '../base/errors.ts'

/** Primary result codes (https://sqlite.org/rescode.html) that a person can do something about. */
const reasons: Record<number, { code: string; message: string }> = {
  5: { code: 'store_locked', message: 'is locked by another process' },
  6: { code: 'store_locked', message: 'is locked by another process' },
  8: { code: 'store_read_only', message: 'cannot be written' },
  10: { code: 'store_io', message: 'cannot be read or written: the disk reports an error' },
  11: { code: 'store_corrupt', message: 'is damaged' },
  13: { code: 'store_full', message: 'cannot grow: the disk is full' },
  14: { code: 'store_unreachable', message: 'cannot be opened' },
  26: { code: 'store_corrupt', message: 'is not a database' },
}

const resultCode = (error: unknown): number =>
  error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0

/** Any error of a store's call as KramError `unavailable`; ours pass as they are. `what` begins the message. */
export function storeError(error: unknown, what: string): unknown {
  if (error instanceof KramError) return error
  const closed = error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE'
  const reason = closed ? { code: 'store_closed', message: 'is closed' } : reasons[resultCode(error)]
  if (!reason) return error
  return new KramError('unavailable', reason.code, `${what} ${reason.message}.`, { cause: error })
}

// FULL: a commit is on the disk before it is answered; in WAL mode NORMAL would lose the last ones in a power cut.
// Checkpoints at 16 MB instead of 4: pages that are written again and again go to the file once for many commits.
const pragmas = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA fullfsync = ON;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -16384;
`

/**
 * Opens (or makes) the file and its folder in WAL mode with full sync. `schema` runs once, on a new file; a file of
 * another `format` is refused. Waits at most a second for a lock.
 * @throws KramError unavailable, or conflict `store_format`
 */
export function openSqlite({ path, what, format, schema }: SqliteOptions): DatabaseSync {
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
    const db = new DatabaseSync(path, { timeout: 1_000 })
    try {
      prepareFile(db, { path, what, format, schema })
      return db
    } catch (error) {
      db.close()
      throw error
    }
  } catch (error) {
    const known = storeError(error, `${what} (${path})`)
    if (known !== error || error instanceof KramError) throw known
    throw new KramError('unavailable', 'store_unreachable', `${what} (${path}) cannot be opened.`, { cause: error })
  }
}

export type SqliteOptions = {
  path: string
  /** For messages: `The table`. */
  what: string
  /** Kept as user_version; raised when the schema changes. */
  format: number
  schema: string
}

function prepareFile(db: DatabaseSync, { path, what, format, schema }: SqliteOptions): void {
  db.exec(pragmas)
  const found = Number(db.prepare('PRAGMA user_version').get()?.user_version)
  if (found === format) return
  if (found !== 0) {
    const by = found > format ? 'a newer release' : 'an older release'
    const message = `${what} (${path}) was written by ${by} of Kram (format ${found}, here ${format}): open it with that one.`
    throw new KramError('conflict', 'store_format', `${message} Nothing was changed.`)
  }
  db.exec(`BEGIN IMMEDIATE; ${schema}; PRAGMA user_version = ${format}; COMMIT`)
}

// Whether SQLite finds its own file sound, for tests that kill and damage.
import { DatabaseSync } from 'node:sqlite'

/** `ok`, or what is wrong. */
export function integrityOf(path: string): unknown {
  const file = new DatabaseSync(path)
  const row = file.prepare('PRAGMA integrity_check').get()
  file.close()
  return row?.integrity_check
}

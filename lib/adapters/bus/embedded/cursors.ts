// How far each subscription has got, as the bus file has it.
import type { DatabaseSync } from 'node:sqlite'

export function createCursors(db: DatabaseSync) {
  const select = db.prepare('SELECT subscription, seq FROM cursors')
  const upsert = db.prepare(`
    INSERT INTO cursors (subscription, seq) VALUES (?, ?) ON CONFLICT (subscription) DO UPDATE SET seq = excluded.seq`)
  const stored = new Map<string, number>(select.all().map((row) => [String(row.subscription), Number(row.seq)]))

  return {
    /** 0 for a new subscription: it begins at the log's beginning. */
    get: (subscription: string): number => stored.get(subscription) ?? 0,
    /** Inside a transaction: stores those that moved. */
    save(positions: readonly { name: string; seq: number }[]): void {
      for (const { name, seq } of positions) if (stored.get(name) !== seq) upsert.run(name, seq)
    },
    /** After that transaction. */
    saved(positions: readonly { name: string; seq: number }[]): void {
      for (const { name, seq } of positions) stored.set(name, seq)
    },
  }
}

export type Cursors = ReturnType<typeof createCursors>

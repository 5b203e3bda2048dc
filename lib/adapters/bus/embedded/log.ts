// The append-only log of the embedded bus, in the order in which it took the events.
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { isDeepStrictEqual } from 'node:util'
import type { Envelope } from '../../../ports/bus.ts'

/** An event in the log; `text` is its JSON. */
export type Entry = { seq: number; takenAt: number; text: string }

/** What one append did: it is in the log; it was already, with the same content; its id is taken by other content. */
export type Appended = 'taken' | 'same' | 'conflict'

/** Which part of the log: (after, through] by seq, [takenFrom, takenTo) by time. */
export type LogRange = { after: number; through: number; takenFrom?: number; takenTo?: number }

/** A page of the log is read into memory whole: bounded by events and, roughly, by their size. */
const pageEntries = 256
const pageChars = 2_000_000

const content = ({ type, data }: Envelope) => ({ type, data })

const numberOf = (value: SQLOutputValue | undefined): number => Number(value ?? 0)

export function createLog(db: DatabaseSync) {
  const insert = db.prepare('INSERT INTO log (id, taken_at, event) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING')
  const byId = db.prepare('SELECT event FROM log WHERE id = ?')
  const bySeq = db.prepare('SELECT event FROM log WHERE seq = ?')
  const last = db.prepare('SELECT max(seq) AS seq FROM log')
  // The + keeps SQLite from the index on taken_at, which is not in the order of seq.
  const select = db.prepare(
    `SELECT seq, taken_at, event FROM log
     WHERE seq > ? AND seq <= ? AND +taken_at >= ? AND +taken_at < ? ORDER BY seq LIMIT ${pageEntries}`,
    { returnArrays: true },
  )
  const span = db.prepare(
    `SELECT min(seq) AS first, max(seq) AS last, count(*) AS total FROM log
     WHERE taken_at >= ? AND taken_at < ?`,
  )

  const count = db.prepare('SELECT count(*) AS total FROM log WHERE taken_at >= ? AND taken_at < ? AND seq <= ?')

  return {
    /** Inside a transaction. `text` is the event's JSON. */
    append(event: { id: string; text: string }, takenAt: number): Appended {
      if (insert.run(event.id, takenAt, event.text).changes === 1) return 'taken'
      // The whole content is compared, not a hash of it: an id comes twice too seldom to be worth hashing all.
      const stored: Envelope = JSON.parse(String(byId.get(event.id)?.event))
      return isDeepStrictEqual(content(stored), content(JSON.parse(event.text))) ? 'same' : 'conflict'
    },

    /** The last seq, 0 when the log is empty. */
    head: (): number => numberOf(last.get()?.seq),

    textOf: (seq: number): string => String(bySeq.get(seq)?.event),

    /** The first entries of the range; none when it has no more. */
    page({
      after,
      through,
      takenFrom = Number.MIN_SAFE_INTEGER,
      takenTo = Number.MAX_SAFE_INTEGER,
    }: LogRange): Entry[] {
      const entries: Entry[] = []
      let chars = 0
      for (const row of select.iterate(after, through, takenFrom, takenTo)) {
        const [seq, takenAt, event] = Object.values(row)
        const text = String(event)
        entries.push({ seq: numberOf(seq), takenAt: numberOf(takenAt), text })
        chars += text.length
        if (chars > pageChars) break
      }
      return entries
    },

    /** Where in the log the events of a time lie: seqs of the first and last (0 and 0: none), and how many. */
    span(takenFrom: number, takenTo: number): { first: number; last: number; total: number } {
      const row = span.get(takenFrom, takenTo)
      return { first: numberOf(row?.first), last: numberOf(row?.last), total: numberOf(row?.total) }
    },

    /** How many events of a time lie up to `seq`. */
    count: (takenFrom: number, takenTo: number, seq: number): number =>
      numberOf(count.get(takenFrom, takenTo, seq)?.total),
  }
}

export type Log = ReturnType<typeof createLog>

// Replays as the bus file has them: what was asked for, and how far each has got.
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { Pattern, ReplayStatus } from '../../../ports/bus.ts'
import type { Log } from './log.ts'

/** A replay as it was asked for, in numbers. */
export type ReplayOrder = {
  takenFrom: number
  takenTo: number
  pattern?: Pattern
  subscriptions: readonly string[]
  rate?: number
}

export type ReplayRow = ReplayOrder & {
  number: number
  name: string
  state: ReplayStatus['state']
  message?: string
  /** Sent up to this seq, of those up to `last`. */
  seq: number
  last: number
  total: number
}

const nameOf = (number: number): string => `replay-${number}`

function rowOf(row: Record<string, SQLOutputValue>): ReplayRow {
  return {
    number: Number(row.number),
    name: nameOf(Number(row.number)),
    takenFrom: Number(row.taken_from),
    takenTo: Number(row.taken_to),
    ...(row.pattern === null ? {} : { pattern: JSON.parse(String(row.pattern)) }),
    subscriptions: JSON.parse(String(row.subscriptions)),
    ...(row.rate === null ? {} : { rate: Number(row.rate) }),
    state: String(row.state) as ReplayRow['state'],
    ...(row.message === null ? {} : { message: String(row.message) }),
    seq: Number(row.seq),
    last: Number(row.last),
    total: Number(row.total),
  }
}

/** The rows; what writes runs inside a transaction. */
export function createReplayRows(db: DatabaseSync) {
  const insert = db.prepare(`
    INSERT INTO replays (taken_from, taken_to, pattern, subscriptions, rate, state, seq, last, total)
    VALUES (?, ?, ?, ?, ?, 'running', ?, ?, ?)`)
  const select = db.prepare('SELECT * FROM replays WHERE number = ?')
  const running = db.prepare(`SELECT * FROM replays WHERE state = 'running' ORDER BY number`)
  const move = db.prepare('UPDATE replays SET seq = ? WHERE number = ?')
  const end = db.prepare(`UPDATE replays SET state = ?, message = ? WHERE number = ? AND state = 'running'`)

  return {
    add({ takenFrom, takenTo, pattern, subscriptions, rate }: ReplayOrder, log: Log): string {
      const { first, last, total } = log.span(takenFrom, takenTo)
      const patternText = pattern === undefined ? null : JSON.stringify(pattern)
      const asked = [takenFrom, takenTo, patternText, JSON.stringify(subscriptions), rate ?? null] as const
      return nameOf(Number(insert.run(...asked, Math.max(0, first - 1), last, total).lastInsertRowid))
    },
    get(name: string): ReplayRow | undefined {
      const row = select.get(Number(/^replay-(\d{1,15})$/.exec(name)?.[1] ?? -1))
      return row && rowOf(row)
    },
    running: (): ReplayRow[] => running.all().map(rowOf),
    move(number: number, seq: number): void {
      move.run(seq, number)
    },
    end(number: number, state: 'completed' | 'cancelled' | 'failed', message?: string): void {
      end.run(state, message ?? null, number)
    },
  }
}

export type ReplayRows = ReturnType<typeof createReplayRows>

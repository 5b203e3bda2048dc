// Deliveries that failed: those that are tried again soon, and dead letters. Every method runs inside a transaction or
// reads.
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { toInstant } from '../../../base/time.ts'
import type { DeadLetter, DeadLetterFilter, Envelope } from '../../../ports/bus.ts'
import { redriveCapMs, retryCapMs, type Verdict } from './backoff.ts'

/** A failed delivery that is due. */
export type Due = {
  number: number
  seq: number
  /** The replay's name, '' when it is none. */
  replay: string
  dead: boolean
  tries: number
  firstFailedAt: number
}

/** Which delivery: an event to a subscription, as itself or in a replay ('' when it is none). */
export type DeliveryKey = { subscription: string; seq: number; replay: string }

type Row = Record<string, SQLOutputValue>

/** `<subscription>.<seq>`, and `.<replay>` when it failed in one. */
const idOf = (row: Row): string => `${row.subscription}.${row.seq}${row.replay === '' ? '' : `.${row.replay}`}`

function keyOf(id: string): DeliveryKey | undefined {
  const match = /^(.+?)\.(\d{1,15})(?:\.(replay-\d+))?$/.exec(id)
  return match ? { subscription: match[1] ?? '', seq: Number(match[2]), replay: match[3] ?? '' } : undefined
}

function deadLetterOf(row: Row): DeadLetter {
  const event: Envelope = JSON.parse(String(row.event))
  return {
    id: idOf(row),
    event,
    subscription: String(row.subscription),
    code: String(row.code),
    message: String(row.message),
    retryable: row.retryable === 1,
    tries: Number(row.tries),
    firstFailedAt: toInstant(Number(row.first_failed_at)),
    lastFailedAt: toInstant(Number(row.last_failed_at)),
    ...(row.due_at === null ? {} : { nextTryAt: toInstant(Number(row.due_at)) }),
    ...(row.discarded === null ? {} : { discarded: String(row.discarded) }),
  }
}

/** What a filter asks of a row, and the values that it names. By id it is found in the unique index. */
function conditionsOf({ id, subscription, code }: DeadLetterFilter): {
  where: string
  values: Record<string, string | number>
} {
  const parts: string[] = []
  const values: Record<string, string | number> = {}
  if (id !== undefined) {
    // No event has seq -1: an id that is none of ours matches nothing.
    const key = keyOf(id) ?? { subscription: '', seq: -1, replay: '' }
    parts.push('subscription = :idSubscription AND seq = :idSeq AND replay = :idReplay')
    Object.assign(values, { idSubscription: key.subscription, idSeq: key.seq, idReplay: key.replay })
  }
  if (subscription !== undefined) {
    parts.push('subscription = :subscription')
    values.subscription = subscription
  }
  if (code !== undefined) {
    parts.push('code = :code')
    values.code = code
  }
  return { where: ['TRUE', ...parts].join(' AND '), values }
}

const prepare = (db: DatabaseSync) => ({
  // A dead letter that was discarded while it was on its way again stays discarded.
  record: db.prepare(`
    INSERT INTO failures (subscription, seq, replay, state, due_at, redriving, tries, code, message, retryable,
      first_failed_at, last_failed_at)
    VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (subscription, seq, replay) DO UPDATE SET
      state = excluded.state, due_at = excluded.due_at, redriving = 0, tries = excluded.tries, code = excluded.code,
      message = excluded.message, retryable = excluded.retryable, last_failed_at = excluded.last_failed_at
    WHERE state <> 'discarded'`),
  remove: db.prepare(`DELETE FROM failures WHERE number = ? AND state <> 'discarded'`),
  due: db.prepare(`
    SELECT number, seq, replay, state, tries, first_failed_at, due_at FROM failures
    WHERE subscription = ? AND due_at IS NOT NULL ORDER BY due_at, number LIMIT ?`),
  after: db.prepare(`SELECT seq FROM failures WHERE subscription = ? AND seq > ? AND replay = ''`),
  clamp: db.prepare('UPDATE failures SET due_at = :latest WHERE state = :state AND due_at > :latest'),
})

export type DueFound = { due: Due[]; nextAt: number | undefined }

export function createFailures(db: DatabaseSync) {
  const statements = prepare(db)

  return {
    record(
      { subscription, seq, replay }: DeliveryKey,
      { state, dueAt, code, message, retryable }: Verdict,
      { tries, firstFailedAt, at }: { tries: number; firstFailedAt: number; at: number },
    ): void {
      const told = [code, message, retryable ? 1 : 0] as const
      statements.record.run(subscription, seq, replay, state, dueAt, tries, ...told, firstFailedAt, at)
    },

    remove(number: number): void {
      statements.remove.run(number)
    },

    /** Up to `limit` that are due at `now` and not in `busy`, and when the next one after those is. */
    due(subscription: string, now: number, limit: number, busy: ReadonlySet<number>): DueFound {
      const due: Due[] = []
      for (const row of statements.due.iterate(subscription, limit + busy.size + 1)) {
        const number = Number(row.number)
        if (busy.has(number)) continue
        const dueAt = Number(row.due_at)
        if (dueAt > now || due.length === limit) return { due, nextAt: dueAt }
        due.push({
          number,
          seq: Number(row.seq),
          replay: String(row.replay),
          dead: row.state === 'dead',
          tries: Number(row.tries),
          firstFailedAt: Number(row.first_failed_at),
        })
      }
      return { due, nextAt: undefined }
    },

    /** Seqs after `seq` that failed: they are not to be taken from the log again. */
    after: (subscription: string, seq: number): Set<number> =>
      new Set(statements.after.all(subscription, seq).map((row) => Number(row.seq))),

    /** No wait is longer than a backoff can be: whatever is due later was stored before the clock went back. */
    clampDue(now: number): void {
      statements.clamp.run({ state: 'retrying', latest: now + retryCapMs })
      statements.clamp.run({ state: 'dead', latest: now + redriveCapMs })
    },

    /** Dead letters in the order of their first failure, after position `after`; with the position of each. */
    list(filter: DeadLetterFilter, after: number, limit: number): { position: number; letter: DeadLetter }[] {
      const { where, values } = conditionsOf(filter)
      const select = db.prepare(`
        SELECT failures.*, log.event FROM failures JOIN log USING (seq)
        WHERE state <> 'retrying' AND number > :after AND ${where} ORDER BY number LIMIT :limit`)
      const rows = select.all({ ...values, after, limit })
      return rows.map((row) => ({ position: Number(row.number), letter: deadLetterOf(row) }))
    },

    /** Makes the matching dead letters of these subscriptions due; answers how many were not on their way already. */
    redrive(filter: DeadLetterFilter, now: number, names: readonly string[]): number {
      const { where, values } = conditionsOf(filter)
      const update = db.prepare(`
        UPDATE failures SET due_at = :now, redriving = 1
        WHERE state = 'dead' AND redriving = 0 AND subscription IN (SELECT value FROM json_each(:names)) AND ${where}`)
      return Number(update.run({ ...values, now, names: JSON.stringify(names) }).changes)
    },

    /** Whether there was a dead letter with this id. One that is discarded keeps its first reason. */
    discard(id: string, reason: string): boolean {
      const { where, values } = conditionsOf({ id })
      const update = db.prepare(`
        UPDATE failures SET discarded = coalesce(discarded, :reason), state = 'discarded', due_at = NULL
        WHERE state <> 'retrying' AND ${where}`)
      return update.run({ ...values, reason }).changes > 0
    },
  }
}

export type Failures = ReturnType<typeof createFailures>

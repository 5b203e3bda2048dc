// Group commit: writes that arrive while one transaction is on its way to the disk share the next one, so that a sync
// is paid once for many. Used by the embedded table and bus.
import type { DatabaseSync } from 'node:sqlite'
import { KramError } from '../base/errors.ts'
import { storeError } from './sqlite.ts'

/** Jobs in one transaction: at ~20 us each the event loop is held for ~20 ms at most. */
const maxJobs = 1_000

type Job = { run: () => () => void; fail: (error: unknown) => void }

export type GroupCommit = {
  /**
   * Runs `job` in the next transaction; its answer comes after that transaction is on the disk. `job` is synchronous,
   * touches nothing but the database (it may run again), and its throw rolls back nothing but itself.
   */
  commit<T>(job: () => T): Promise<T>
  /** Commits what waits; later jobs are refused as `store_closed`. */
  close(): void
}

export type GroupCommitOptions = {
  /** First in each transaction. */
  onBegin?: () => void
  /** After nothing of a transaction was kept. */
  onRollback?: () => void
}

/** `what` begins the messages of errors: `The table`. */
export function createGroupCommit(
  db: DatabaseSync,
  what: string,
  { onBegin, onRollback }: GroupCommitOptions = {},
): GroupCommit {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const end = db.prepare('COMMIT')
  let queue: Job[] = []
  let scheduled = false
  let closed = false

  const rollback = () => {
    // A full disk or an I/O error has often rolled back by itself.
    if (db.isOpen && db.isTransaction) db.exec('ROLLBACK')
    onRollback?.()
  }

  const commitJobs = (jobs: Job[]): void => {
    try {
      begin.run()
    } catch (error) {
      // Locked or closed, for each of them alike: waiting for the lock once is enough.
      for (const job of jobs) job.fail(storeError(error, what))
      return
    }
    let settle: (() => void)[]
    try {
      onBegin?.()
      settle = jobs.map((job) => job.run())
      end.run()
    } catch (error) {
      rollback()
      // Nothing of the group is stored. One by one, only those fail that fail by themselves.
      if (jobs.length > 1) for (const job of jobs) commitJobs([job])
      else jobs[0]?.fail(storeError(error, what))
      return
    }
    for (const answer of settle) answer()
  }

  const flush = () => {
    scheduled = false
    const jobs = queue.slice(0, maxJobs)
    queue = queue.slice(maxJobs)
    if (queue.length > 0) schedule()
    if (jobs.length > 0) commitJobs(jobs)
  }

  const schedule = () => {
    if (scheduled) return
    scheduled = true
    setImmediate(flush)
  }

  return {
    commit(job) {
      if (closed) return Promise.reject(new KramError('unavailable', 'store_closed', `${what} is closed.`))
      return new Promise((resolve, reject) => {
        const run = () => {
          const answer = job()
          return () => resolve(answer)
        }
        queue.push({ run, fail: reject })
        schedule()
      })
    },
    close() {
      closed = true
      while (queue.length > 0) flush()
    },
  }
}

// Group commit: writes that arrive while one transaction is on its way to the disk share the next one, so that a sync
// is paid once for many. Used by the embedded table and bus.
import type { DatabaseSync } from 'node:sqlite'
import { KramError } from '../base/errors.ts'
import { storeError } from './sqlite.ts'

/** Jobs in one transaction: at ~20 us each the event loop is held for ~20 ms at most. */
const maxJobs = 1_000

/** From so many jobs on it pays to have a group written elsewhere; so many are sent off at once, for others to follow. */
const manyJobs = 16
const fullGroup = 32

type Job = { run: () => () => void; fail: (error: unknown) => void }

export type GroupCommit = {
  /**
   * Runs `job` in the next transaction; its answer comes after that transaction is on the disk. `job` is synchronous,
   * touches nothing but the database (it may run again), and its throw rolls back nothing but itself.
   */
  commit<T>(job: () => T): Promise<T>
  /** Commits what waits, at once unless something is being written elsewhere; later jobs are refused as `store_closed`. */
  close(): Promise<void>
}

/** Writes a large group while the event loop goes on. */
export type Elsewhere = {
  isReady(): boolean
  /**
   * `run` runs the jobs, for what they come to; no other job runs until the promise is settled. Whether that is on the
   * disk; if it is not, nothing of it is, and the group is committed here. Rejected when that cannot be told. Undefined
   * when the group can only be committed here.
   */
  write(run: () => void): Promise<boolean> | undefined
}

export type GroupCommitOptions = {
  /** First in each transaction. */
  onBegin?: () => void
  /** After nothing of a transaction was kept. */
  onRollback?: () => void
  elsewhere?: Elsewhere
}

/** `what` begins the messages of errors: `The table`. */
export function createGroupCommit(
  db: DatabaseSync,
  what: string,
  { onBegin, onRollback, elsewhere }: GroupCommitOptions = {},
): GroupCommit {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const end = db.prepare('COMMIT')
  let queue: Job[] = []
  let scheduled = false
  let away: Promise<void> | undefined
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

  /** Whether they are on their way. */
  const sendJobs = (jobs: Job[]): boolean => {
    let settle: (() => void)[] = []
    const written = elsewhere?.write(() => {
      settle = jobs.map((job) => job.run())
    })
    const landed = (finish: () => void): void => {
      away = undefined
      finish()
      // What has come meanwhile goes on its way before those who were answered come with more.
      if (queue.length >= manyJobs) flush()
      else schedule()
    }
    away = written?.then(
      (kept) =>
        landed(() => {
          if (kept) for (const answer of settle) answer()
          else commitJobs(jobs)
        }),
      (error) =>
        landed(() => {
          for (const job of jobs) job.fail(storeError(error, what))
        }),
    )
    return away !== undefined
  }

  const flush = () => {
    if (away || queue.length === 0) return
    const jobs = queue.slice(0, maxJobs)
    queue = queue.slice(maxJobs)
    const sent = jobs.length >= manyJobs && !closed && elsewhere?.isReady() && sendJobs(jobs)
    if (!sent) commitJobs(jobs)
    schedule()
  }

  const schedule = () => {
    if (scheduled || away || queue.length === 0) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      flush()
    })
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
        if (queue.length >= fullGroup && !away && elsewhere?.isReady()) flush()
        else schedule()
      })
    },
    async close() {
      closed = true
      if (away) await away
      while (queue.length > 0) flush()
    },
  }
}

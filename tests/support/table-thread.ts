// The thread that writes for an embedded table, as a test sees it: whether it runs, and what it answered.
import type { Worker } from 'node:worker_threads'
import { assert } from '../../lib/base/assert.ts'
import type { Table } from '../../lib/ports/table.ts'

export type WatchedThread = {
  /** Of each group: whether the thread has written it. */
  answers: boolean[]
  /** Writes many items at once (`warm` / number), until the thread has begun to write. */
  started(table: Table): Promise<void>
  /** The thread dies. */
  end(): Promise<void>
}

/** Of the table that is made next. */
export function watchThread(): WatchedThread {
  const answers: boolean[] = []
  let thread: Worker | undefined
  process.once('worker', (worker: Worker) => {
    thread = worker
    worker.on('message', (message) => {
      if (typeof message === 'boolean') answers.push(message)
    })
  })
  return {
    answers,
    async started(table) {
      const warm = (n: number) => table.write([{ op: 'put', item: { pk: 'warm', sk: `${n}` } }])
      while (answers.length === 0) await Promise.all(Array.from({ length: 40 }, (_, n) => warm(n)))
    },
    async end() {
      assert(thread, 'there is a thread')
      await thread.terminate()
    },
  }
}

// What the embedded table knows of the thread that writes for it.
import { Worker } from 'node:worker_threads'
import type { Decided } from './writing-thread.ts'

export type Writer = {
  /** Whether it can write now: it takes a moment to begin, and after a fault of its own it never does. */
  isReady(): boolean
  /** One at a time. Whether it is on the disk; undefined when the thread ended over it, and the file has to be asked. */
  write(decided: Decided): Promise<boolean | undefined>
  close(): Promise<void>
}

export type StartWriter = (path: string) => Writer

/** Starts it. Only while it writes does it keep the process alive. */
export const startWriter: StartWriter = (path) => {
  const thread = new Worker(new URL('./writing-thread.ts', import.meta.url), { workerData: path, execArgv: [] })
  thread.unref()
  let ready = false
  let answer: ((kept: boolean | undefined) => void) | undefined
  thread.on('message', (message: 'ready' | boolean) => {
    if (message === 'ready') ready = true
    else answer?.(message)
  })
  // `exit` follows.
  thread.on('error', () => {})
  thread.on('exit', () => {
    ready = false
    answer?.(undefined)
  })
  return {
    isReady: () => ready,
    async write(decided) {
      const answered = Promise.withResolvers<boolean | undefined>()
      answer = answered.resolve
      thread.ref()
      thread.postMessage(decided, [decided.numbers.buffer])
      const kept = await answered.promise
      answer = undefined
      thread.unref()
      return kept
    },
    async close() {
      await thread.terminate()
    },
  }
}

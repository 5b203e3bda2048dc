// One replay at work: reads its range of the log and offers what matches to its subscriptions, at its rate.
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import { KramError } from '../../../base/errors.ts'
import { compilePattern } from '../../../patterns/compile.ts'
import type { BusEvent } from '../../../ports/bus.ts'
import { toBusEvent } from '../../../ports/bus-event.ts'
import { storeError } from '../../sqlite.ts'
import type { Settle } from './delivery.ts'
import type { Entry, Log } from './log.ts'
import type { ReplayRow, ReplayRows } from './replay-rows.ts'
import type { Subscriber } from './subscriber.ts'
import { createWindow } from './window.ts'

export type ReplayRunOptions = {
  rows: ReplayRows
  log: Log
  route: (event: BusEvent) => readonly string[]
  subscribers: ReadonlyMap<string, Subscriber>
  wake: () => void
  settle: Settle
}

/** A rate is kept in steps of this: shorter waits are not worth a timer. */
const paceMs = 10

/** Lets so many events a second pass. Time is the process' own, which no clock moves. */
function createPace(rate: number | undefined, signal: AbortSignal) {
  const startedMs = performance.now()
  let passed = 0
  return async (): Promise<void> => {
    if (rate === undefined) return
    const aheadMs = (passed++ / rate) * 1_000 - (performance.now() - startedMs)
    if (aheadMs > paceMs) await wait(aheadMs, undefined, { signal }).catch(() => {})
  }
}

export type ReplayRun = {
  /** Events of its time that were looked at and, where they match, delivered. */
  done: () => number
  /** Stops it where it is; what runs is finished. */
  stop: () => void
  ended: Promise<void>
}

/** Begins or goes on with a replay. */
export function startReplay(
  row: ReplayRow,
  { rows, log, route, subscribers, wake, settle }: ReplayRunOptions,
): ReplayRun {
  const { name, number, takenFrom, takenTo, last } = row
  const stopping = new AbortController()
  const { signal } = stopping
  const targets = new Set(row.subscriptions)
  const pattern = row.pattern && compilePattern(row.pattern)
  const pace = createPace(row.rate, signal)
  const window = createWindow(row.seq)
  const drained = Promise.withResolvers<void>()
  let done = log.count(takenFrom, takenTo, row.seq)
  let readAll = false

  const finish = (seq: number) => {
    window.finish(seq)
    if (readAll && window.size() === 0) drained.resolve()
  }

  const send = async ({ seq, text }: Entry): Promise<void> => {
    const event = toBusEvent(JSON.parse(text), seq, name)
    if (pattern && !pattern.matches(event)) return
    const names = route(event).filter((subscription) => targets.has(subscription))
    if (names.length === 0) return
    await pace()
    if (signal.aborted) return
    window.begin(seq, names.length)
    for (const subscription of names) {
      if (signal.aborted) return
      const again = () => toBusEvent(JSON.parse(text), seq, name)
      const work = { seq, replay: name, event: again, settled: () => finish(seq) }
      const room = subscribers.get(subscription)?.offer(work)
      wake()
      await room
    }
  }

  const run = async (): Promise<void> => {
    const missing = row.subscriptions.filter((subscription) => !subscribers.has(subscription))
    if (missing.length > 0) {
      await settle(() => rows.end(number, 'failed', `There is no subscription ${missing.join(', ')} any more.`))
      return
    }
    for (let read = row.seq; !signal.aborted; ) {
      const entries = log.page({ after: read, through: last, takenFrom, takenTo })
      if (entries.length === 0) break
      for (const entry of entries) {
        await send(entry)
        if (signal.aborted) break
        read = entry.seq
        window.readTo(read)
        done++
      }
      await settle(() => rows.move(number, window.position()))
      await nextTurn()
    }
    readAll = true
    if (window.size() > 0 && !signal.aborted) await drained.promise
    await settle(() => {
      rows.move(number, window.position())
      if (!signal.aborted) rows.end(number, 'completed')
    })
  }

  const failed = async (error: unknown): Promise<void> => {
    const known = storeError(error, 'The bus')
    if (!(known instanceof KramError)) throw error
    await settle(() => rows.end(number, 'failed', known.message))
  }

  return {
    done: () => done - window.size(),
    stop() {
      stopping.abort()
      for (const subscriber of subscribers.values()) subscriber.dropReplay(name)
      drained.resolve()
    },
    ended: run().catch(failed),
  }
}

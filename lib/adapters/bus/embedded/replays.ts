// Replays: asks, status, cancel; those that run go on after a restart where they were.
import { KramError } from '../../../base/errors.ts'
import { compilePattern } from '../../../patterns/compile.ts'
import type { BusEvent, ReplayRequest, ReplayStatus, Subscription } from '../../../ports/bus.ts'
import type { GroupCommit } from '../../group-commit.ts'
import { storeError } from '../../sqlite.ts'
import { timeRange } from '../../time-range.ts'
import { replayRefused, replayTargets } from '../replay-targets.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { Log } from './log.ts'
import type { ReplayRow, ReplayRows } from './replay-rows.ts'
import { type ReplayRun, startReplay } from './replay-run.ts'

/** As EventBridge: replays that run at the same time. */
const maxRunning = 10

export type ReplaysOptions = {
  rows: ReplayRows
  log: Log
  journal: GroupCommit
  route: (event: BusEvent) => readonly string[]
  subscriptions: readonly Subscription[]
  what: string
}

export function createReplays({ rows, log, journal, route, subscriptions, what }: ReplaysOptions) {
  const runs = new Map<string, ReplayRun>()
  let dispatcher: Dispatcher | undefined

  const read = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw storeError(error, what)
    }
  }

  const begin = (row: ReplayRow): void => {
    if (!dispatcher) return
    const { subscribers, wake, settle } = dispatcher
    const run = startReplay(row, { rows, log, route, subscribers, wake, settle })
    runs.set(row.name, run)
    void run.ended.then(() => {
      runs.delete(row.name)
      wake()
    })
  }

  const rowOf = (name: string): ReplayRow => {
    const row = read(() => rows.get(name))
    if (!row) throw new KramError('not_found', 'replay_not_found', `There is no replay ${name}.`)
    return row
  }

  const statusOf = ({ name, state, message, total, takenFrom, takenTo, seq }: ReplayRow): ReplayStatus => ({
    name,
    state,
    total,
    done: runs.get(name)?.done() ?? read(() => log.count(takenFrom, takenTo, seq)),
    ...(message === undefined ? {} : { message }),
  })

  return {
    /** Goes on with those that were running. */
    start(by: Dispatcher): void {
      dispatcher = by
      for (const row of rows.running()) begin(row)
    },

    running: (): boolean => runs.size > 0,

    async stop(): Promise<void> {
      dispatcher = undefined
      for (const run of runs.values()) run.stop()
      await Promise.all([...runs.values()].map((run) => run.ended))
    },

    async replay({ from, to, pattern, subscriptions: asked, rate }: ReplayRequest): Promise<ReplayStatus> {
      const { takenFrom, takenTo } = timeRange({ from, to })
      if (pattern) compilePattern(pattern)
      if (rate !== undefined && !(Number.isFinite(rate) && rate > 0)) {
        throw replayRefused('/rate', 'A rate is a number of events a second, more than 0.')
      }
      const targets = replayTargets(subscriptions, asked).map(({ name }) => name)
      const order = { takenFrom, takenTo, subscriptions: targets, ...(pattern && { pattern }), ...(rate && { rate }) }
      const name = await journal.commit(() => (rows.running().length < maxRunning ? rows.add(order, log) : undefined))
      if (name === undefined) {
        throw new KramError(
          'limit',
          'too_many_replays',
          `${maxRunning} replays are running: let one end, or cancel it.`,
        )
      }
      begin(rowOf(name))
      return statusOf(rowOf(name))
    },

    replayStatus: async (name: string): Promise<ReplayStatus> => statusOf(rowOf(name)),

    /** One that has ended stays as it is. */
    async cancelReplay(name: string): Promise<ReplayStatus> {
      const { number } = rowOf(name)
      await journal.commit(() => rows.end(number, 'cancelled'))
      const run = runs.get(name)
      run?.stop()
      await run?.ended
      return statusOf(rowOf(name))
    },
  }
}

export type Replays = ReturnType<typeof createReplays>

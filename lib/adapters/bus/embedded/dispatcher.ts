// Runs subscriptions: delivers, retries, dead-letters, keeps cursors, waits for what is due. One per `start`.
import { KramError } from '../../../base/errors.ts'
import type { Subscription } from '../../../ports/bus.ts'
import { toBusEvent } from '../../../ports/bus-event.ts'
import type { Clock, Random } from '../../../ports/clock.ts'
import type { GroupCommit } from '../../group-commit.ts'
import { storeError } from '../../sqlite.ts'
import type { Chunks } from './chunks.ts'
import type { Cursors } from './cursors.ts'
import { createDeliver, createSettle, type Invoke, type Settle, storePauseMs } from './delivery.ts'
import type { Failures } from './failures.ts'
import type { Log } from './log.ts'
import { createSubscriber, type Subscriber } from './subscriber.ts'

export type DispatcherOptions = {
  log: Log
  chunks: Chunks
  cursors: Cursors
  failures: Failures
  journal: GroupCommit
  clock: Clock
  random: Random
  subscriptions: readonly Subscription[]
  concurrency: number
  invoke: Invoke
  /** The last seq of the log. */
  head: () => number
  /** Told when the bus file cannot be written; the delivery waits until it can. */
  report: (error: unknown) => void
  /** Whether a replay is under way. */
  busy: () => boolean
}

/** Cursors are stored this long after they moved: a crash delivers again what was handled meanwhile. */
const cursorDelayMs = 100
/** No timer is longer, so that a clock that jumps ahead is noticed. */
const longestTimerMs = 5_000
/** Deliveries begun in one turn of the event loop: other work of the process waits for no more. */
const deliveriesAtOnce = 256
/** A subscription that has work but got none looks again after this, if nothing else happens. */
const soonMs = 2
/** A clock that is behind what it said before by more than this was set back. */
const clockSlackMs = 50

/** Stores the cursors that moved, some time after they did. */
function createCursorKeeper(cursors: Cursors, all: readonly Subscriber[], settle: Settle) {
  let timer: NodeJS.Timeout | undefined
  const moved = () => all.some(({ subscription, position }) => position() !== cursors.get(subscription.name))
  const save = async (): Promise<void> => {
    const positions = all.map(({ subscription, position }) => ({ name: subscription.name, seq: position() }))
    if (await settle(() => cursors.save(positions))) cursors.saved(positions)
    timer = undefined
  }
  return {
    soon(): void {
      if (timer === undefined && moved()) timer = setTimeout(save, cursorDelayMs)
    },
    now(): Promise<void> {
      clearTimeout(timer)
      return save()
    },
  }
}

export function createDispatcher(options: DispatcherOptions) {
  const { log, chunks, cursors, failures, journal, clock, random, concurrency, head } = options
  const eventOf = ({ seq, replay }: { seq: number; replay: string }) =>
    toBusEvent(JSON.parse(log.textOf(seq)), seq, replay)
  const subscribers = new Map<string, Subscriber>(
    options.subscriptions.map((subscription) => {
      const cursor = cursors.get(subscription.name)
      return [subscription.name, createSubscriber({ subscription, cursor, chunks, failures, eventOf })]
    }),
  )
  const all = [...subscribers.values()]
  const stopping = new AbortController()
  const stopped = () => stopping.signal.aborted
  const settle = createSettle(journal, options.report, stopping.signal)
  const deliver = createDeliver({ failures, clock, random, invoke: options.invoke, settle })
  const cursorKeeper = createCursorKeeper(cursors, all, settle)
  let whenIdle: (() => void)[] = []
  let whenQuiet: (() => void)[] = []
  let pumpScheduled = false
  let nextUp = 0
  let timer: NodeJS.Timeout | undefined
  let soonTimer: NodeJS.Timeout | undefined
  let lastNow = clock.now()

  const watchClock = (now: number) => {
    if (now < lastNow - clockSlackMs) {
      void settle(() => failures.clampDue(now)).then(lookForDue)
    }
    lastNow = now
  }

  /** What is due may have changed in the file. */
  const lookForDue = () => {
    for (const subscriber of all) subscriber.expect(0)
    wake()
  }

  const armTimer = (now: number) => {
    clearTimeout(timer)
    let nextAt = Number.POSITIVE_INFINITY
    for (const subscriber of all) {
      // One that has no room for what is due wakes the pump when it has.
      if (subscriber.running < concurrency) nextAt = Math.min(nextAt, subscriber.nextDueAt() ?? nextAt)
    }
    if (nextAt === Number.POSITIVE_INFINITY) return
    timer = setTimeout(pump, Math.min(longestTimerMs, Math.max(1, nextAt - now)))
  }

  const tellWhoWaits = (now: number) => {
    if (all.some((subscriber) => subscriber.running > 0)) return
    for (const resolve of whenQuiet) resolve()
    whenQuiet = []
    if (whenIdle.length === 0) return
    if (!stopped() && (options.busy() || all.some((subscriber) => subscriber.hasWork(head(), now)))) return
    for (const resolve of whenIdle) resolve()
    whenIdle = []
  }

  /** Starts deliveries of one subscription, at most `budget`; answers how many. */
  const fill = (subscriber: Subscriber, now: number, budget: number): number => {
    let started = 0
    for (; started < budget && subscriber.running < concurrency; started++) {
      const work = subscriber.take(head(), now)
      if (!work) break
      void deliver(subscriber, work).then(wake)
    }
    return started
  }

  /** As `fill`; a file that cannot be read holds up this subscription for a while, and is told once in it. */
  const tryToFill = (subscriber: Subscriber, now: number, budget: number): number => {
    if (subscriber.pausedUntilMs > performance.now()) return 0
    try {
      return fill(subscriber, now, budget)
    } catch (error) {
      const known = storeError(error, 'The bus')
      if (!(known instanceof KramError)) throw error
      options.report(known)
      subscriber.pausedUntilMs = performance.now() + storePauseMs
      return 0
    }
  }

  const fillAll = (now: number) => {
    let budget = deliveriesAtOnce
    for (let n = 0; n < all.length && budget > 0; n++) {
      // Who got nothing this time comes first the next.
      nextUp = (nextUp + 1) % all.length
      const subscriber = all[nextUp]
      if (subscriber) budget -= tryToFill(subscriber, now, budget)
    }
    if (budget === 0) wake()
    else if (all.some((one) => one.running < concurrency && one.hasWork(head(), now))) wakeSoon()
  }

  const pump = () => {
    pumpScheduled = false
    clearTimeout(soonTimer)
    soonTimer = undefined
    const now = clock.now()
    if (!stopped()) {
      chunks.nextTurn()
      watchClock(now)
      fillAll(now)
      armTimer(now)
      cursorKeeper.soon()
    }
    tellWhoWaits(now)
  }

  /** There is more to do, but not at once: the log was read enough for one turn, or cannot be read. */
  const wakeSoon = () => {
    soonTimer ??= setTimeout(pump, soonMs)
  }

  function wake(): void {
    if (pumpScheduled) return
    pumpScheduled = true
    setImmediate(pump)
  }

  // Whatever the clock did while the bus was down.
  void settle(() => failures.clampDue(clock.now())).then(lookForDue)

  return {
    subscribers,
    wake,
    lookForDue,
    settle,

    /** Resolves when nothing is due or running. */
    idle: (): Promise<void> =>
      new Promise((resolve) => {
        whenIdle.push(resolve)
        wake()
      }),

    /** Takes nothing more, waits for what runs (at most `patienceMs`), stores the cursors. */
    async stop(patienceMs: number | undefined): Promise<void> {
      stopping.abort()
      for (const one of [timer, soonTimer]) clearTimeout(one)
      const quiet = Promise.withResolvers<void>()
      whenQuiet.push(quiet.resolve)
      wake()
      const outOfPatience = patienceMs === undefined ? undefined : setTimeout(quiet.resolve, patienceMs)
      await quiet.promise
      clearTimeout(outOfPatience)
      await cursorKeeper.now()
    },
  }
}

export type Dispatcher = ReturnType<typeof createDispatcher>

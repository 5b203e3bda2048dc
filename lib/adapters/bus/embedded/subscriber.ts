// One subscription at work: what it takes next - from the log, from failures that are due, from replays - and how far
// in the log it has got.
import type { BusEvent, Subscription } from '../../../ports/bus.ts'
import type { Chunks, Routed } from './chunks.ts'
import type { Due, Failures } from './failures.ts'
import { createWindow } from './window.ts'

/** One delivery to make. */
export type Work = {
  seq: number
  /** The replay's name, '' when it is none. */
  replay: string
  event: () => BusEvent
  /** It failed before. */
  failure?: Due
  /** To be called once it was handled or its failure is stored. */
  settled: () => void
}

export type SubscriberOptions = {
  subscription: Subscription
  /** Where it begins: the cursor that is stored. */
  cursor: number
  chunks: Chunks
  failures: Failures
  /** The event of a failure, read from the log. */
  eventOf: (due: Due) => BusEvent
}

/**
 * Pieces of the log that one looks through before it is the turn of the next: fewer than are kept, for the next to find
 * them.
 */
const chunksAtOnce = 2
/** Due failures fetched at once, and deliveries of replays that wait at most. */
const queued = 64

export function createSubscriber({ subscription, cursor, chunks, failures, eventOf }: SubscriberOptions) {
  const { name } = subscription
  const window = createWindow(cursor)
  // Failures after the cursor: a crash came before the cursor was stored. They have their own due time.
  const failedBefore = failures.after(name, cursor)
  let read = cursor
  let wanted: readonly Routed[] = []
  let at = 0

  const nextWanted = (head: number): Routed | undefined => {
    for (let looked = 0; at >= wanted.length; looked++) {
      if (looked === chunksAtOnce) return undefined
      const chunk = chunks.following(name, read, head)
      if (chunk === undefined || chunk === 'later') return undefined
      // A chunk of another subscription's reading may begin before what this one has yet to read.
      const after = read
      wanted = (chunk.wanted.get(name) ?? []).filter(({ seq }) => seq > after)
      at = 0
      read = chunk.last
      if (wanted.length === 0) window.readTo(read)
    }
    return wanted[at++]
  }

  const fromLog = (head: number): Work | undefined => {
    for (let routed = nextWanted(head); routed; routed = nextWanted(head)) {
      const { seq, event } = routed
      const skipped = failedBefore.delete(seq)
      if (!skipped) window.begin(seq)
      window.readTo(at < wanted.length ? seq : read)
      if (!skipped) return { seq, replay: '', event, settled: () => window.finish(seq) }
    }
    return undefined
  }

  // Failures that wait in `due` or are being delivered.
  const busy = new Set<number>()
  let due: Due[] = []
  let nextDueAt: number | undefined = 0

  const fromFailures = (now: number): Work | undefined => {
    if (due.length === 0 && nextDueAt !== undefined && nextDueAt <= now) {
      const found = failures.due(name, now, queued, busy)
      due = found.due
      nextDueAt = found.nextAt
      for (const { number } of due) busy.add(number)
    }
    const failure = due.shift()
    if (!failure) return undefined
    const { seq, replay, number } = failure
    return { seq, replay, failure, event: () => eventOf(failure), settled: () => busy.delete(number) }
  }

  let replayed: Work[] = []
  let waitingForRoom: (() => void)[] = []

  const makeRoom = () => {
    if (replayed.length >= queued) return
    for (const resume of waitingForRoom) resume()
    waitingForRoom = []
  }

  const fromReplays = (): Work | undefined => {
    const work = replayed.shift()
    makeRoom()
    return work
  }

  let turn = 0

  return {
    subscription,
    running: 0,
    /** The log could not be read; it is tried again at this time of the process. */
    pausedUntilMs: 0,

    /** The next delivery to make. The three sources take turns, so that none starves another. */
    take(head: number, now: number): Work | undefined {
      for (let tried = 0; tried < 3; tried++) {
        turn = (turn + 1) % 3
        const work = turn === 0 ? fromLog(head) : turn === 1 ? fromFailures(now) : fromReplays()
        if (work) return work
      }
      return undefined
    },

    /** Whether there is something to do now, running deliveries apart. */
    hasWork: (head: number, now: number): boolean =>
      at < wanted.length ||
      read < head ||
      due.length > 0 ||
      replayed.length > 0 ||
      (nextDueAt !== undefined && nextDueAt <= now),

    /** When the next failure is due; undefined when none is. */
    nextDueAt: (): number | undefined => nextDueAt,

    /** A failure is due at `dueAt`. */
    expect(dueAt: number): void {
      nextDueAt = Math.min(nextDueAt ?? dueAt, dueAt)
    },

    /** Up to this seq, every event was handled or its failure is stored. */
    position: window.position,

    /** Takes a delivery of a replay; resolves when there is room for another. */
    offer(work: Work): Promise<void> {
      replayed.push(work)
      if (replayed.length < queued) return Promise.resolve()
      return new Promise((resolve) => waitingForRoom.push(resolve))
    },

    /** Forgets what of a replay was not begun. */
    dropReplay(replay: string): void {
      replayed = replayed.filter((work) => work.replay !== replay)
      makeRoom()
    },
  }
}

export type Subscriber = ReturnType<typeof createSubscriber>

// One delivery: calls the function, and stores what became of it before it counts as done.
import { setTimeout as wait } from 'node:timers/promises'
import { KramError } from '../../../base/errors.ts'
import type { BusEvent, Delivery } from '../../../ports/bus.ts'
import type { Clock, Random } from '../../../ports/clock.ts'
import type { GroupCommit } from '../../group-commit.ts'
import { judge } from './backoff.ts'
import type { Failures } from './failures.ts'
import type { Subscriber, Work } from './subscriber.ts'

/** Calls the function of a subscription; its rejection is a failed try. It must end: who calls it bounds its time. */
export type Invoke = (name: string, event: BusEvent, delivery: Delivery) => Promise<void>

/** A file that cannot be written (or read) is tried again after this. */
export const storePauseMs = 1_000

/** Stores it, however long that takes; false when the bus was stopped before. */
export type Settle = (job: () => void) => Promise<boolean>

export function createSettle(journal: GroupCommit, report: (error: unknown) => void, stopping: AbortSignal): Settle {
  return async (job) => {
    for (;;) {
      try {
        await journal.commit(job)
        return true
      } catch (error) {
        report(error)
        if (stopping.aborted || !(error instanceof KramError)) return false
        await wait(storePauseMs, undefined, { signal: stopping }).catch(() => {})
      }
    }
  }
}

export type DeliverOptions = {
  failures: Failures
  clock: Clock
  random: Random
  invoke: Invoke
  settle: Settle
}

/** Delivers; what could not be stored stays unsettled: the cursor does not pass it, the next start delivers it again. */
export function createDeliver({ failures, clock, random, invoke, settle }: DeliverOptions) {
  const settleFailure = async (subscriber: Subscriber, work: Work, error: unknown): Promise<boolean> => {
    const { name, retry } = subscriber.subscription
    const at = clock.now()
    const tries = (work.failure?.tries ?? 0) + 1
    const firstFailedAt = work.failure?.firstFailedAt ?? at
    const dead = work.failure?.dead ?? false
    const verdict = judge({ error, tries, firstFailedAt, dead }, retry, at, random)
    const key = { subscription: name, seq: work.seq, replay: work.replay }
    const stored = await settle(() => failures.record(key, verdict, { tries, firstFailedAt, at }))
    if (stored && verdict.dueAt !== null) subscriber.expect(verdict.dueAt)
    return stored
  }

  const settleSuccess = async ({ failure }: Work): Promise<boolean> =>
    failure === undefined || settle(() => failures.remove(failure.number))

  return async (subscriber: Subscriber, work: Work): Promise<void> => {
    const delivery: Delivery = { attempt: (work.failure?.tries ?? 0) + 1, replay: work.replay !== '' }
    subscriber.running++
    let settled: boolean
    try {
      await invoke(subscriber.subscription.name, work.event(), delivery)
      settled = await settleSuccess(work)
    } catch (error) {
      settled = await settleFailure(subscriber, work, error)
    }
    if (settled) work.settled()
    subscriber.running--
  }
}

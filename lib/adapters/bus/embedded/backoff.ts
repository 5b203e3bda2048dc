// When a failed delivery is tried again. Pure: time and chance are arguments.
import { isRetryable, KramError } from '../../../base/errors.ts'
import { limits } from '../../../base/limits.ts'
import type { Subscription } from '../../../ports/bus.ts'
import type { Random } from '../../../ports/clock.ts'

/** Retries: full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"), so that many do not come at once. */
const retryBaseMs = 200
export const retryCapMs = 30_000

/** Redrives of dead letters: between half of it and the whole. */
const redriveBaseMs = 60_000
export const redriveCapMs = 60 * 60 * 1_000

/** How long to wait after so many failed tries (1 or more): on average 100 ms after the first. */
export const retryDelayMs = (tries: number, random: Random): number =>
  Math.round(random.next() * Math.min(retryCapMs, retryBaseMs * 2 ** (tries - 1)))

/** How long a dead letter waits after so many failed redrives (0 or more). */
export const redriveDelayMs = (redrives: number, random: Random): number =>
  Math.round((0.5 + random.next() / 2) * Math.min(redriveCapMs, redriveBaseMs * 2 ** redrives))

/** What became of a delivery that failed. */
export type Verdict = {
  state: 'retrying' | 'dead'
  /** Milliseconds since the epoch; null: not by itself. */
  dueAt: number | null
  code: string
  message: string
  retryable: boolean
}

const described = (error: unknown): { code: string; message: string } => ({
  code: error instanceof KramError ? error.code : 'handler_error',
  message: (error instanceof Error ? error.message : String(error)).slice(0, limits.failureChars),
})

export type Failure = {
  error: unknown
  /** Failed tries, this one included. */
  tries: number
  /** Milliseconds since the epoch, of the first of them. */
  firstFailedAt: number
  /** It was a dead letter already, and a redrive of it failed. */
  dead: boolean
}

/**
 * Retried while the subscription's attempts and age allow and the error says that it may help; else a dead letter,
 * which is sent again by itself for `limits.redriveMs` if the error may pass.
 */
export function judge(failure: Failure, retry: Subscription['retry'], now: number, random: Random): Verdict {
  const { error, tries, firstFailedAt, dead } = failure
  const retryable = isRetryable(error)
  const told = { ...described(error), retryable }
  if (!retryable) return { ...told, state: 'dead', dueAt: null }
  const retryAt = now + retryDelayMs(tries, random)
  const inTime = retryAt <= firstFailedAt + retry.maxAgeSeconds * 1_000
  if (!dead && tries <= retry.attempts && inTime) return { ...told, state: 'retrying', dueAt: retryAt }
  const redriveAt = now + redriveDelayMs(Math.max(0, tries - retry.attempts - 1), random)
  return { ...told, state: 'dead', dueAt: redriveAt <= firstFailedAt + limits.redriveMs ? redriveAt : null }
}

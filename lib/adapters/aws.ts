// What the AWS adapters share: which failures pass by themselves, and how long to wait for that.
import { setTimeout as wait } from 'node:timers/promises'
import { KramError } from '../base/errors.ts'
import type { Random } from '../ports/clock.ts'

export type Patience = {
  random: Random
  /** Waits so many milliseconds; tests need not. */
  sleep?: (ms: number) => Promise<unknown>
  /** Tries in all, the first included. */
  tries?: number
  /** Milliseconds, from any beginning. */
  now?: () => number
}

/**
 * How the clients of the AWS SDK are made: the adapters retry by themselves, with one patience for all reasons, and a
 * request that is not answered fails (by default the SDK only warns, and waits). `requestTimeout` ends with the answer's
 * first line; the same silence in the midst of an answer is the socket's.
 */
export const clientOptions = (requestTimeout = 3_000) => ({
  maxAttempts: 1,
  requestHandler: {
    connectionTimeout: 1_000,
    requestTimeout,
    throwOnRequestTimeout: true,
    socketTimeout: requestTimeout,
  },
})

const baseMs = 50
const capMs = 2_000
const defaultTries = 8
/** No try begins later: functions behind HTTP have 10 s in all. */
const patienceMs = 6_000

/**
 * Full jitter: anything up to a bound that doubles with each try
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
const backoffMs = (failures: number, random: Random): number =>
  random.next() * Math.min(capMs, baseMs * 2 ** (failures - 1))

/** One call's tries: `again` waits before the next one, or says that there is none. */
export function startTries(patience: Patience): { again(): Promise<boolean> } {
  const { random, sleep = wait, tries = defaultTries, now = () => performance.now() } = patience
  const end = now() + patienceMs
  let failures = 0
  return {
    async again() {
      failures++
      if (failures >= tries || now() >= end) return false
      await sleep(backoffMs(failures, random))
      return true
    },
  }
}

// Names that the services give to failures that pass: throttles, faults of theirs, transactions of ours under way.
const passing = new Set([
  'InternalException',
  'InternalFailure',
  'InternalServerError',
  'OperationAbortedException',
  'ProvisionedThroughputExceededException',
  'ReplicatedWriteConflictException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceException',
  'ServiceUnavailable',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
  'TransactionConflictException',
  'TransactionInProgressException',
])

const brokenConnection = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
])

const fieldOf = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined

/** The HTTP status of an answer that the SDK threw. */
export const statusOf = (error: unknown): number | undefined => {
  const status = fieldOf(fieldOf(error, '$metadata'), 'httpStatusCode')
  return typeof status === 'number' ? status : undefined
}

export const nameOf = (error: unknown): string => String(fieldOf(error, 'name') ?? '')

/** Whether the same request may well succeed in a moment. */
export function isPassing(error: unknown): boolean {
  const status = statusOf(error) ?? 0
  return (
    status === 429 ||
    status >= 500 ||
    passing.has(nameOf(error)) ||
    brokenConnection.has(String(fieldOf(error, 'code')))
  )
}

/** No answer came: whether the request was carried out is unknown. */
export const isUnanswered = (error: unknown): boolean => statusOf(error) === undefined || (statusOf(error) ?? 0) >= 500

/**
 * What callers are told of a request that failed for good: `unavailable`, which may be tried again later - also when it
 * was refused for want of permission, credentials or the resource itself, which nobody mends by asking otherwise.
 * `what` begins the sentence.
 */
export const unavailable = (code: string, what: string, cause: unknown): KramError =>
  new KramError('unavailable', code, `${what} cannot be reached (${reasonOf(cause)}).`, { cause })

// A broken connection has a code and no name of its own.
export const reasonOf = (cause: unknown): string => {
  const code = String(fieldOf(cause, 'code') ?? '')
  return brokenConnection.has(code) ? code : nameOf(cause) || 'no answer'
}

/** Tries until `request` answers. @throws what it threw last, when that does not pass or patience is at its end */
export async function patiently<T>(patience: Patience, request: () => Promise<T>): Promise<T> {
  const tries = startTries(patience)
  for (;;) {
    try {
      return await request()
    } catch (error) {
      if (!isPassing(error) || !(await tries.again())) throw error
    }
  }
}

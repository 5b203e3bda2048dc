// The shop's own functions, called by name: what redrives dead letters needs of the platform.
import type { BusEvent } from './bus.ts'

/** What became of a call; a failed one has what the function threw, as the platform tells it. */
export type Called = { ok: true } | { ok: false; errorType?: string; errorMessage?: string }

/** Throws KramError `unavailable` when a function could not be called at all. */
export type Functions = {
  /** Calls the function with one event and waits for its end. */
  call(name: string, event: BusEvent): Promise<Called>
  /** Starts the function without an event, and does not wait. */
  start(name: string): Promise<void>
  /** The name of the function that an ARN means; undefined for one that is not the shop's. */
  nameOf(arn: string): string | undefined
}

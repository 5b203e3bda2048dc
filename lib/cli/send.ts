// Sends the events that a command made, with a progress bar, and says what became of them.
import type { KramEvent } from '../../events/catalog.ts'
import type { Rejection } from '../ports/bus.ts'
import type { Via } from '../shop/samples.ts'
import { startProgress } from './progress.ts'
import type { ShopClient } from './shop-client.ts'

/**
 * `size`: few enough to show progress, many enough that a request's cost is shared. `atOnce`: a table makes each write
 * durable before the next of its batch, so several batches share that; the bus keeps the order of one.
 */
const batches: Record<Via, { size: number; atOnce: number }> = {
  bus: { size: 50, atOnce: 1 },
  table: { size: 10, atOnce: 16 },
}

export type Sent = { accepted: string[]; rejected: Rejection[] }

/** Publishes events that do not depend on each other. Refusals are in the answer; only a broken connection throws. */
export async function sendAll(
  client: ShopClient,
  events: readonly KramEvent[],
  { via, what }: { via: Via; what: string },
): Promise<Sent> {
  const { size, atOnce } = batches[via]
  const sent: Sent = { accepted: [], rejected: [] }
  const progress = await startProgress(what, events.length)
  let next = 0
  const sendOn = async (): Promise<void> => {
    while (next < events.length) {
      const batch = events.slice(next, next + size)
      next += size
      const { accepted, rejected } = await client.publish(batch, via).catch((error) => {
        // Nobody begins another one.
        next = events.length
        throw error
      })
      sent.accepted.push(...accepted)
      sent.rejected.push(...rejected)
      progress.advance(batch.length)
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, sendOn))
  progress.stop()
  for (const one of ended) if (one.status === 'rejected') throw one.reason
  return sent
}

const refusalsShown = 20

/** Names the refusals on stderr and sets exit code 1 when there is one. */
export function reportRejections(rejected: readonly Rejection[]): void {
  if (rejected.length > 0) process.exitCode = 1
  for (const { id, code, message } of rejected.slice(0, refusalsShown)) {
    console.error(`kram: event ${id} was refused: ${message} (${code})`)
  }
  if (rejected.length > refusalsShown) console.error(`kram: and ${rejected.length - refusalsShown} more were refused`)
}

/** Says on stderr that nobody handles events now, where that is so. */
export function hintWhenWaiting(client: ShopClient, via: Via): void {
  if (via === 'table' || client.delivers) return
  console.error(`No shop runs here: the events wait in the log of ${client.where} until one does (npm start).`)
}

// Sends the events that a command made, with a progress bar, and says what became of them.
import type { KramEvent } from '../../events/catalog.ts'
import type { Rejection } from '../ports/bus.ts'
import type { Via } from '../shop/samples.ts'
import { startProgress } from './progress.ts'
import type { ShopClient } from './shop-client.ts'

/** Few enough to show progress, many enough that a request's cost is shared. */
const batchSize = 50

export type Sent = { accepted: string[]; rejected: Rejection[] }

/** Publishes in batches, in order. Refusals are in the answer; only a broken connection throws. */
export async function sendAll(
  client: ShopClient,
  events: readonly KramEvent[],
  { via, what }: { via: Via; what: string },
): Promise<Sent> {
  const sent: Sent = { accepted: [], rejected: [] }
  const progress = await startProgress(what, events.length)
  try {
    for (let at = 0; at < events.length; at += batchSize) {
      const batch = events.slice(at, at + batchSize)
      const { accepted, rejected } = await client.publish(batch, via)
      sent.accepted.push(...accepted)
      sent.rejected.push(...rejected)
      progress.advance(batch.length)
    }
  } finally {
    progress.stop()
  }
  return sent
}

/** Names each refusal on stderr and sets exit code 1 when there is one. */
export function reportRejections(rejected: readonly Rejection[]): void {
  if (rejected.length > 0) process.exitCode = 1
  for (const { id, code, message } of rejected) console.error(`kram: event ${id} was refused: ${message} (${code})`)
}

/** Says on stderr that nobody handles events now, where that is so. */
export function hintWhenWaiting(client: ShopClient, via: Via): void {
  if (via === 'table' || client.delivers) return
  console.error(`No shop runs here: the events wait in the log of ${client.where} until one does (npm start).`)
}

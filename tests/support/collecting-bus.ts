// A bus that keeps what was published, once for each id, and delivers nothing: tests deliver as they like.
import { assert } from '../../lib/base/assert.ts'
import type { Bus, Envelope, Rejection } from '../../lib/ports/bus.ts'

export type CollectingBus = Bus & {
  /** In the order in which they came. */
  readonly events: Envelope[]
  /** Answers a rejection for an event that is not to be taken. */
  refuse: (event: Envelope) => Omit<Rejection, 'id'> | undefined
}

const notHere = (): never => {
  assert(false, 'the collecting bus only collects')
}

export function createCollectingBus(): CollectingBus {
  const bus: CollectingBus = {
    events: [],
    refuse: () => undefined,
    capabilities: { detectsConflicts: false, replayByPattern: false, replayRate: false, replayInOrder: false },
    async publish(events) {
      const rejected: Rejection[] = []
      for (const event of events) {
        const refusal = bus.refuse(event)
        if (refusal) rejected.push({ id: event.id, ...refusal })
        else if (!bus.events.some(({ id }) => id === event.id)) bus.events.push(structuredClone(event))
      }
      const refused = new Set(rejected.map(({ id }) => id))
      return { accepted: events.map(({ id }) => id).filter((id) => !refused.has(id)), rejected }
    },
    archive: { read: notHere },
    deadLetters: { list: notHere, redrive: notHere, discard: notHere },
    replay: notHere,
    replayStatus: notHere,
    cancelReplay: notHere,
    close: async () => {},
  }
  return bus
}

// The newest pieces of the log that were read, each event parsed and routed once for all subscriptions: so that a
// hundred of them cost little more than one.
import type { BusEvent, Envelope } from '../../../ports/bus.ts'
import { toBusEvent } from './bus-event.ts'
import type { Log } from './log.ts'

/** An event that some subscription wants. */
export type Routed = {
  seq: number
  /** The event, a new object for each call. */
  event: () => BusEvent
}

/** The events of the log from seq `first` to `last`, by subscription. */
export type Chunk = { first: number; last: number; wanted: ReadonlyMap<string, readonly Routed[]> }

/** Subscriptions that are behind each other by less than this read the log once. */
const keptChunks = 16

/** A parsed event that is handed out once, and parsed anew for whoever comes after. */
function parsedOnce(seq: number, text: string, first: BusEvent): Routed {
  let fresh: BusEvent | undefined = first
  return {
    seq,
    event() {
      const event = fresh ?? toBusEvent(JSON.parse(text), seq)
      fresh = undefined
      return event
    },
  }
}

export function createChunks(log: Log, route: (event: BusEvent) => readonly string[]) {
  let kept: Chunk[] = []

  const read = (after: number, through: number): Chunk | undefined => {
    const entries = log.page({ after, through })
    const last = entries.at(-1)
    if (last === undefined) return undefined
    const wanted = new Map<string, Routed[]>()
    for (const { seq, text } of entries) {
      const envelope: Envelope = JSON.parse(text)
      const event = toBusEvent(envelope, seq)
      const names = route(event)
      if (names.length === 0) continue
      const routed = parsedOnce(seq, text, event)
      for (const name of names) {
        const list = wanted.get(name)
        if (list) list.push(routed)
        else wanted.set(name, [routed])
      }
    }
    return { first: after + 1, last: last.seq, wanted }
  }

  return {
    /** The chunk that has the event after seq `after`, undefined when there is none up to `through`. */
    following(after: number, through: number): Chunk | undefined {
      const found = kept.find((chunk) => chunk.first <= after + 1 && after + 1 <= chunk.last)
      if (found) return found
      const chunk = after < through ? read(after, through) : undefined
      if (chunk) kept = [chunk, ...kept.slice(0, keptChunks - 1)]
      return chunk
    },
  }
}

export type Chunks = ReturnType<typeof createChunks>

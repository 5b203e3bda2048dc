// The newest pieces of the log that were read, each event parsed and routed once for all subscriptions: so that a
// hundred of them cost little more than one.
import type { BusEvent, Envelope } from '../../../ports/bus.ts'
import { toBusEvent } from '../../../ports/bus-event.ts'
import type { Log } from './log.ts'

/** An event that some subscription wants. */
export type Routed = {
  seq: number
  /** The event, a new object for each call. */
  event: () => BusEvent
}

/** The events of the log from seq `first` to `last`, by subscription. */
export type Chunk = { first: number; last: number; wanted: ReadonlyMap<string, readonly Routed[]> }

/** Subscriptions that are behind each other by less than this read the log once. Few, for objects to die young. */
const keptEvents = 1_024
const keptChunks = 8
/**
 * With this many events before it, the foremost reader waits for one that is close behind it and takes less than this
 * for a piece: else all would be read twice. Slower ones are left behind and read by themselves, which then costs
 * little beside their own work.
 */
const farEvents = 4_096
const closeMs = 50
/** Pieces read in one turn of the event loop, for all readers together. */
const readsAtOnce = 8

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

  /** Of each reader: the end of the piece it has, and when it asked for it. */
  const readers = new Map<string, { end: number; atMs: number }>()
  let foremost = 0
  let readsLeft = readsAtOnce
  let foremostWaits = false

  /** What is kept when one more is: the newest first. */
  const keptWith = (chunk: Chunk): Chunk[] => {
    let events = 0
    return [chunk, ...kept].slice(0, keptChunks).filter(({ first, last }) => {
      events += last - first + 1
      return events <= keptEvents
    })
  }

  /** Whether a piece would go before a reader that is close to it had it. */
  const someoneIsClose = (nowMs: number): boolean => {
    const oldest = kept.at(-1)
    const full =
      kept.length === keptChunks || kept.reduce((sum, { first, last }) => sum + last - first + 1, 0) >= keptEvents
    if (!full || !oldest) return false
    return readers.values().some(({ end, atMs }) => end < oldest.last && nowMs - atMs < closeMs)
  }

  const find = (after: number, through: number, nowMs: number): Chunk | 'later' | undefined => {
    const found = kept.find((chunk) => chunk.first <= after + 1 && after + 1 <= chunk.last)
    if (found || after >= through) return found
    const far = after >= foremost && through - after > farEvents
    if (readsLeft === 0 || (far && foremostWaits)) return 'later'
    if (far && someoneIsClose(nowMs)) {
      foremostWaits = true
      return 'later'
    }
    readsLeft--
    const chunk = read(after, through)
    if (!chunk) return undefined
    kept = keptWith(chunk)
    foremost = Math.max(foremost, chunk.last)
    return chunk
  }

  return {
    /** Another turn of the event loop. */
    nextTurn(): void {
      readsLeft = readsAtOnce
      foremostWaits = false
    },

    /**
     * The chunk that has the event after seq `after`, for this reader; undefined when there is none up to `through`;
     * 'later' when it is to be asked for again in a moment: enough was read, or others are to come up first.
     */
    following(reader: string, after: number, through: number): Chunk | 'later' | undefined {
      const atMs = performance.now()
      const chunk = find(after, through, atMs)
      if (chunk && chunk !== 'later') readers.set(reader, { end: chunk.last, atMs })
      return chunk
    },
  }
}

export type Chunks = ReturnType<typeof createChunks>

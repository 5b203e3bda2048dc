// What an event that follows from another has from it: its id, time, chain and trace.
import { parse, v5 as uuidv5 } from 'uuid'
import type { EventType, KramEvent } from '../../events/catalog.ts'

/** `uuidv5('kram', NIL)`. */
const namespace = parse('fab44bf7-da35-50e2-9539-82d9b8546d36')

const encoder = new TextEncoder()

/** The id of an event that `handler` makes of the event `causeId`: the same each time it is handled. */
export const followUpId = (causeId: string, handler: string): string =>
  // Of bytes it need not make bytes.
  uuidv5(encoder.encode(`${causeId}/${handler}`), namespace)

/** What an event that follows from another takes over from it. */
export const followUp = (cause: KramEvent<EventType>, id: string) => ({
  id,
  time: cause.time,
  correlationid: cause.correlationid,
  causationid: cause.id,
  ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
})

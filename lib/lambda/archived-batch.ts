// Events of the bus in a batch of the archive's queue.
import * as v from 'valibot'
import type { Taken } from '../app/archive.ts'
import { queueMessages } from './queue-batch.ts'

const eventSchema = v.pipe(v.string(), v.parseJson(), v.looseObject({ id: v.string(), 'detail-type': v.string() }))

/** The events with the time at which the bus passed them on, and the ids of messages that hold none. */
export function takenEvents(batch: unknown): { taken: Taken[]; unreadable: string[] } {
  const taken: Taken[] = []
  const unreadable: string[] = []
  for (const { id, body, sentAt } of queueMessages(batch)) {
    const event = v.safeParse(eventSchema, body)
    if (event.success) taken.push({ takenAt: sentAt, event: event.output })
    else unreadable.push(id)
  }
  return { taken, unreadable }
}

// An item that shows the latest of several events, whatever the order in which they come.
import * as v from 'valibot'
import type { Instant } from '../base/time.ts'
import type { Condition, Item } from '../ports/table.ts'

const foldedSchema = v.object({
  /** Of the earliest event: where the item stands in listings. */
  first_time: v.string(),
  /** Of the latest event, by (time, id). */
  event_time: v.string(),
  event_id: v.string(),
  /** Names the item's whole state, for conditions of writes. */
  revision: v.string(),
})

/** What such an item keeps of its events. */
export type Folded = v.InferOutput<typeof foldedSchema>

type Moment = { id: string; time: Instant }

/** By time, then by id: the one order of events that every place agrees on. */
export const isLater = (a: Moment, b: Moment): boolean => (a.time === b.time ? a.id > b.id : a.time > b.time)

/**
 * Folds an event into what is stored (undefined: nothing yet). `latest`: its data replaces the item's; `changed`: the
 * item is to be written; `guard`: the condition under which it may be, so that no other event's fold is lost.
 */
export function foldLatest(
  stored: Item | undefined,
  event: Moment,
): { folded: Folded; latest: boolean; changed: boolean; guard: Condition } {
  const had = stored && v.parse(foldedSchema, stored)
  const latest = !had || isLater(event, { id: had.event_id, time: had.event_time })
  const firstTime = had && had.first_time < event.time ? had.first_time : event.time
  const [time, id] = latest ? [event.time, event.id] : [had.event_time, had.event_id]
  return {
    folded: { first_time: firstTime, event_time: time, event_id: id, revision: `${firstTime} ${time} ${id}` },
    latest,
    changed: latest || firstTime !== had.first_time,
    guard: had ? { attribute: 'revision', op: 'eq', value: had.revision } : { exists: false },
  }
}

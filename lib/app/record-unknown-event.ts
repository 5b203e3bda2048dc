// An event that no rule knows -> an item that people can list, so that nothing is dropped in silence.
import * as v from 'valibot'
import { KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import { parseWith } from '../base/schema.ts'
import { type Instant, isInstant, toInstant, toMs } from '../base/time.ts'
import { contentHash } from './content-hash.ts'
import type { HandlerDeps } from './handle.ts'
import { keys, lists } from './keys.ts'

// Anything that can be on a bus: the detail need not be an envelope of ours.
const foreignSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(limits.eventIdChars)),
  'detail-type': v.pipe(v.string(), v.maxLength(limits.nameChars)),
  source: v.pipe(v.string(), v.maxLength(limits.nameChars)),
  time: v.pipe(v.string(), v.isoTimestamp()),
  detail: v.unknown(),
})

const ownSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(limits.eventIdChars)),
  time: v.pipe(v.string(), v.check(isInstant)),
})

/**
 * Keeps the event as text under `unknown#<event id>` and in the list `unknown`, by time. The id is the envelope's
 * where there is one, else the bus's. Once, however often it comes.
 * @throws KramError conflict `event_conflict` for an id that was used for other content
 */
export async function recordUnknownEvent({ table }: HandlerDeps, input: unknown): Promise<void> {
  const { id, time, ...item } = unknownEvent(input)
  const key = keys.unknown(id)
  const { ok } = await table.write([
    {
      op: 'put',
      item: { ...item, event_id: id, event_time: time, ...key },
      list: { name: lists.unknown, sort: time },
      if: { exists: false },
    },
  ])
  if (ok) return
  const [stored] = await table.get([key])
  if (stored && stored.hash !== item.hash) {
    throw new KramError('conflict', 'event_conflict', `The id ${id} was used before for other content.`)
  }
}

function unknownEvent(input: unknown) {
  const foreign = parseWith(foreignSchema, input, { code: 'invalid_bus_event', what: 'The event of the bus' })
  const own = v.safeParse(ownSchema, foreign.detail)
  const time: Instant = own.success ? own.output.time : toInstant(toMs(foreign.time))
  const text = JSON.stringify(foreign.detail) ?? 'null'
  const bytes = new TextEncoder().encode(text).length
  return {
    id: own.success ? own.output.id : foreign.id,
    time,
    type: foreign['detail-type'],
    source: foreign.source,
    hash: contentHash({ type: foreign['detail-type'], data: foreign.detail }),
    bytes,
    ...(bytes <= limits.unknownEventBytes ? { event: text } : {}),
  }
}

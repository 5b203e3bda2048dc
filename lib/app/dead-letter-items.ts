// Dead letters as items of the table (and, when they are large, an object): read, change, store. An item changes only
// from the version that was read, so that recording, redriving and discarding can go on at once. A letter that is made
// anew, when the one before was handled, begins at another number: nobody takes it for the one that they looked at.
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { envelopeSchema } from '../../events/envelope.ts'
import { KramError } from '../base/errors.ts'
import type { JsonObject } from '../base/json.ts'
import { limits } from '../base/limits.ts'
import { parseWith } from '../base/schema.ts'
import { type Instant, isInstant, toInstant, toMs } from '../base/time.ts'
import type { BusEvent, DeadLetter, Envelope } from '../ports/bus.ts'
import type { Item, WriteOp } from '../ports/table.ts'
import { contentHash } from './content-hash.ts'
import type { Deps } from './deps.ts'
import { keys, lists } from './keys.ts'

export type LetterDeps = Pick<Deps, 'table' | 'objects'>

const instant = v.pipe(v.string(), v.check(isInstant))

const letterSchema = v.object({
  version: v.number(),
  subscription: v.string(),
  code: v.string(),
  message: v.string(),
  retryable: v.boolean(),
  tries: v.number(),
  redrives: v.number(),
  first_failed_at: instant,
  last_failed_at: instant,
  next_try_at: v.exactOptional(instant),
  /** Somebody asked for it to be sent now, and it has not been yet. */
  asked: v.exactOptional(v.literal(true)),
  /** Until when whoever is sending it may take to do so. */
  sending_until: v.exactOptional(instant),
  discarded: v.exactOptional(v.string()),
  /** Of the message that told of the last failure: the queue may deliver it twice. */
  told_by: v.exactOptional(v.string()),
  event: v.exactOptional(v.custom<JsonObject>((event) => typeof event === 'object' && event !== null)),
  event_object: v.exactOptional(v.string()),
})

/** A dead letter as it is stored, without its version. */
export type Letter = Omit<v.InferOutput<typeof letterSchema>, 'version'>

/** Another one for every time that a letter is made, so that removing what an earlier one left takes nothing of it. */
const objectKey = (id: string, made: string): string =>
  `dead-letters/${id.replaceAll(/[^\w.=-]/g, '_')}.${sha256(made).slice(0, 16)}.json`

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

const readLetter = (item: Item) => parseWith(letterSchema, item, { what: 'The dead letter' })

/** The same for the same content, delivered to the same subscription, in the same replay. */
export function letterId(subscription: string, busEvent: JsonObject): string {
  const { detail, 'detail-type': type } = busEvent
  const own = v.safeParse(envelopeSchema, detail)
  const parts = [
    own.success ? own.output.id : busEvent.id,
    contentHash(own.success ? own.output : { type: String(type), data: detail }),
    busEvent['replay-name'] ?? '',
  ]
  return `${subscription}.${sha256(JSON.stringify(parts)).slice(0, 24)}`
}

/** Where the event of a letter lies. */
export type Place = Pick<Letter, 'event' | 'event_object'>

/** Puts the event of a new letter where it fits. `made`: names this making of it. */
export async function placeEvent({ objects }: LetterDeps, id: string, made: string, event: JsonObject): Promise<Place> {
  const bytes = new TextEncoder().encode(JSON.stringify(event))
  if (bytes.length <= limits.deadLetterEventBytes) return { event }
  const event_object = objectKey(id, made)
  await objects.put(event_object, bytes, { contentType: 'application/json' })
  return { event_object }
}

const lostCode = 'dead_letter_event_lost'

const eventLost = ({ event_object }: Letter, what: string): KramError =>
  new KramError('not_found', lostCode, `The event ${event_object ?? 'of the letter'} ${what}.`)

/** The event as the bus delivered it. @throws KramError not_found `dead_letter_event_lost`; what the objects throw */
export async function eventOf({ objects }: LetterDeps, letter: Letter): Promise<BusEvent> {
  if (letter.event) return letter.event as unknown as BusEvent
  const object = letter.event_object === undefined ? undefined : await objects.get(letter.event_object)
  if (object === undefined || object === 'not_modified') throw eventLost(letter, 'is gone')
  try {
    return JSON.parse(new TextDecoder().decode(object.bytes)) as BusEvent
  } catch {
    throw eventLost(letter, 'is damaged')
  }
}

/** Our envelope; around what is none of ours, one that tells where it came from. */
function envelopeOf(busEvent: BusEvent): Envelope {
  const own = v.safeParse(envelopeSchema, busEvent.detail)
  if (own.success) return own.output as Envelope
  const { id, source, time, 'detail-type': type, detail } = busEvent
  const ms = Date.parse(time)
  return {
    specversion: '1.0',
    id,
    source,
    type,
    time: toInstant(Number.isNaN(ms) ? 0 : ms),
    dataschema: 'urn:kram:unknown:0',
    correlationid: id,
    data: detail as unknown as JsonObject,
  }
}

/** In place of an event that can no longer be read, so that its letter can be seen and discarded. */
const lostEvent = (id: string, { first_failed_at: time }: Letter): Envelope => ({
  ...{ specversion: '1.0', id, source: 'urn:kram:lost', type: 'lost', time },
  ...{ dataschema: 'urn:kram:unknown:0', correlationid: id, data: {} },
})

/** As people see it; of an event that can no longer be read, `message` says so. */
export async function toDeadLetter(deps: LetterDeps, id: string, letter: Letter): Promise<DeadLetter> {
  const { next_try_at: nextTryAt, discarded } = letter
  const read = await eventOf(deps, letter).catch((error: unknown) => {
    if (error instanceof KramError && error.code === lostCode) return error
    throw error
  })
  const isLost = read instanceof KramError
  return {
    id,
    event: isLost ? lostEvent(id, letter) : envelopeOf(read),
    subscription: letter.subscription,
    code: letter.code,
    message: isLost ? `${letter.message} ${read.message}` : letter.message,
    retryable: letter.retryable,
    tries: letter.tries,
    firstFailedAt: letter.first_failed_at,
    lastFailedAt: letter.last_failed_at,
    ...(nextTryAt !== undefined && { nextTryAt }),
    ...(discarded !== undefined && { discarded }),
  }
}

/** Letters by id, in the same order; undefined for one that is gone. */
export async function readLetters({ table }: LetterDeps, ids: readonly string[]): Promise<(Letter | undefined)[]> {
  const items = await table.get(ids.map(keys.deadLetter))
  return items.map((item) => item && readLetter(item))
}

/** Of a letter's first version, by what names its making: even after it was changed some times it meets no other's. */
const firstVersion = (made: string): number => Number.parseInt(sha256(made).slice(0, 12), 16)

/** `before`: the version that it replaces; undefined: there is none. */
function storeOps(id: string, before: number | undefined, letter: Letter, made: string): WriteOp[] {
  const due = keys.deadLetterDue(id)
  const version = before === undefined ? firstVersion(made) : before + 1
  return [
    {
      op: 'put',
      item: { ...letter, version, ...keys.deadLetter(id) },
      list: { name: lists.deadLetters, sort: letter.first_failed_at },
      if: before === undefined ? { exists: false } : { attribute: 'version', op: 'eq', value: before },
    },
    letter.next_try_at === undefined
      ? { op: 'delete', key: due }
      : { op: 'put', item: due, list: { name: lists.deadLettersDue, sort: letter.next_try_at } },
  ]
}

const removeOps = (id: string, version: number): WriteOp[] => [
  { op: 'delete', key: keys.deadLetter(id), if: { attribute: 'version', op: 'eq', value: version } },
  { op: 'delete', key: keys.deadLetterDue(id) },
]

type Changed = Letter | 'remove' | undefined

/**
 * Changes one letter: `change` gets it as it is stored and answers what it shall be, 'remove', or undefined to leave it.
 * `made` names the making of a letter that is not there yet. Answers what was stored; undefined when it was left.
 * @throws KramError unavailable `contended` when others kept changing it
 */
export async function changeLetter(
  { table }: LetterDeps,
  id: string,
  change: (letter: Letter | undefined) => Changed | Promise<Changed>,
  made = '',
): Promise<Changed> {
  for (let tries = 0; tries < limits.writeTries; tries++) {
    const [item] = await table.get([keys.deadLetter(id)])
    const { version, ...letter } = item ? readLetter(item) : { version: undefined }
    const changed = await change(item ? (letter as Letter) : undefined)
    if (changed === undefined || (changed === 'remove' && version === undefined)) return undefined
    const ops = changed === 'remove' ? removeOps(id, Number(version)) : storeOps(id, version, changed, made)
    if ((await table.write(ops)).ok) return changed
  }
  throw new KramError('unavailable', 'contended', 'Others kept changing the dead letter; try again.')
}

/** Removes the object of an event that no letter has any more, if it lies in one. */
export async function dropEvent({ objects }: LetterDeps, letter: Place): Promise<void> {
  if (letter.event_object !== undefined) await objects.delete(letter.event_object)
}

/** A page of ids in the list `name`, those sorted up to `to`. */
export async function listIds(
  { table }: LetterDeps,
  name: string,
  page: { limit: number; to?: Instant; after?: string },
): Promise<{ ids: string[]; next?: string }> {
  const { items, next } = await table.list({ name, ...page })
  const ids = items.map(({ pk }) => pk.slice(keys.deadLetter('').pk.length))
  return next === undefined ? { ids } : { ids, next }
}

export const later = (a: Instant, b: Instant): Instant => (toMs(a) > toMs(b) ? a : b)

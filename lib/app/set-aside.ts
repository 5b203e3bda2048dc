// What lies aside and that nobody handles: events that no rule knows, and events of ours that the bus will never take.
// People look at them, send the second sort again when its reason is gone, and discard what is done with.
import * as v from 'valibot'
import { envelopeSchema } from '../../events/envelope.ts'
import { isObject, type JsonValue } from '../base/json.ts'
import { limits } from '../base/limits.ts'
import type { Condition, Item, Key, Page, Table, WriteOp } from '../ports/table.ts'
import type { Deps } from './deps.ts'
import { keys, lists } from './keys.ts'
import { notDiscarded } from './outbox.ts'
import type { PageRequest } from './pages.ts'

/** unknown: by time. unsent: by code. */
export const asideKinds = ['unknown', 'unsent'] as const
export type AsideKind = (typeof asideKinds)[number]

/** discarded: what was in either list, by the time of the event. */
export const asideLists = [...asideKinds, 'discarded'] as const
export type AsideList = (typeof asideLists)[number]

/** `event`: as it came, or as it was to be sent; absent when it was too large to be kept. */
export type Aside = {
  event_id: string
  type: string
  source: string
  time: string
  code: string
  message: string
  event?: JsonValue
  /** Why somebody discarded it. */
  discarded?: string
}

const listOf = {
  unknown: lists.unknown,
  unsent: lists.outboxRejected,
  discarded: lists.asideDiscarded,
} as const satisfies Record<AsideList, string>

const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '')

function unknownAside(item: Item): Aside {
  const { event_id, event_time, type, source, bytes, event } = item
  return {
    event_id: text(event_id),
    type: text(type),
    source: text(source),
    time: text(event_time),
    code: 'unknown_event_type',
    message:
      event === undefined
        ? `No rule knows this type; ${bytes} bytes were too many to keep.`
        : 'No rule knows this type.',
    ...(typeof event === 'string' && { event: JSON.parse(event) as JsonValue }),
  }
}

const reasonSchema = v.object({ code: v.string(), message: v.string() })

function unsentAside({ pk, event, rejected }: Item): Aside {
  // Set aside may be what is no event at all.
  const said = isObject(event) ? event : {}
  return {
    event_id: text(said.id) || pk.slice('outbox#'.length),
    type: text(said.type),
    source: text(said.source),
    time: text(said.time),
    ...v.parse(reasonSchema, rejected),
    ...(event !== undefined && { event }),
  }
}

function asideOf(item: Item): Aside {
  const { discarded } = item
  const read = item.pk.startsWith('outbox#') ? unsentAside(item) : unknownAside(item)
  return { ...read, ...(typeof discarded === 'string' && { discarded }) }
}

/** A page of them. Eventually consistent, as listings are. */
export async function listAside(
  { table }: Pick<Deps, 'table'>,
  list: AsideList,
  page: PageRequest = {},
): Promise<Page<Aside>> {
  const { items, next } = await table.list({ name: listOf[list], ...page })
  const found = (await table.get(items)).filter((item) => item !== undefined)
  return { items: found.map(asideOf), ...(next !== undefined && { next }) }
}

/** Those that match every field given. */
export type AsideFilter = { id?: string; type?: string; code?: string }

export type AsideRequest = {
  filter: AsideFilter
  /** They are told, and nothing is changed. */
  dryRun: boolean
}

/** `events`: ids of what was (or would be) sent again or discarded. `more`: as many again may be left; ask again. */
export type AsideChanged = { events: string[]; more: boolean }

const isIn = (kind: AsideKind, { discarded, rejected }: Item): boolean =>
  discarded === undefined && (kind === 'unknown' || rejected !== undefined)

const matches = ({ event_id, type, code }: Aside, filter: AsideFilter): boolean =>
  (filter.id === undefined || filter.id === event_id) &&
  (filter.type === undefined || filter.type === type) &&
  (filter.code === undefined || filter.code === code)

async function* chosen(table: Table, kind: AsideKind, filter: AsideFilter): AsyncIterable<{ item: Item; said: Aside }> {
  const key =
    filter.id === undefined ? undefined : kind === 'unknown' ? keys.unknown(filter.id) : keys.outbox(filter.id)
  let after: string | undefined
  do {
    const page: Page<Key> = key
      ? { items: [key] }
      : await table.list({ name: listOf[kind], limit: limits.pageItems, ...(after !== undefined && { after }) })
    for (const item of await table.get(page.items)) {
      if (!item || !isIn(kind, item)) continue
      const said = asideOf(item)
      if (matches(said, filter)) yield { item, said }
    }
    after = page.next
  } while (after !== undefined)
}

async function change(
  table: Table,
  kind: AsideKind,
  { filter, dryRun }: AsideRequest,
  opOf: (item: Item, said: Aside) => WriteOp | undefined,
): Promise<AsideChanged> {
  const events: string[] = []
  for await (const { item, said } of chosen(table, kind, filter)) {
    const op = opOf(item, said)
    if (!op) continue
    if (events.length === limits.asideChanged) return { events, more: true }
    if (dryRun || (await table.write([op])).ok) events.push(said.event_id)
  }
  return { events, more: false }
}

/**
 * Puts unsent events back into the outbox, from which the relay sends them; what the bus refuses again comes back with the
 * newer reason. What is no event at all stays, and so does what somebody discards meanwhile.
 */
export const sendAgain = ({ table }: Pick<Deps, 'table'>, request: AsideRequest): Promise<AsideChanged> =>
  change(table, 'unsent', request, ({ rejected: _rejected, ...item }) => {
    const event = v.safeParse(envelopeSchema, item.event)
    return event.success
      ? { op: 'put', item, list: { name: lists.outbox, sort: event.output.time }, if: notDiscarded }
      : undefined
  })

/** Somebody may have sent it again since it was read, so that it waits in the outbox, or is gone. */
const isStillIn: Record<AsideKind, Condition> = {
  unknown: { exists: true },
  unsent: { attribute: 'rejected', op: 'ne', value: '' },
}

/** Discards events: they stay readable under `discarded`, with the reason, and are counted no more. */
export const discardAside = (
  { table }: Pick<Deps, 'table'>,
  { kind, reason, ...request }: AsideRequest & { kind: AsideKind; reason: string },
): Promise<AsideChanged> =>
  change(table, kind, request, (item, { time, event_id }) => ({
    op: 'put',
    item: { ...item, discarded: reason },
    list: { name: lists.asideDiscarded, sort: time || event_id },
    if: isStillIn[kind],
  }))

/** How many there are, up to `most`. */
export async function countAside({ table }: Pick<Deps, 'table'>, kind: AsideKind, most: number): Promise<number> {
  return (await table.list({ name: listOf[kind], limit: most })).items.length
}

// What lies aside and that nobody handles: events that no rule knows, and events of ours that the bus will never take.
import * as v from 'valibot'
import type { JsonObject, JsonValue } from '../base/json.ts'
import type { Item, Page } from '../ports/table.ts'
import type { Deps } from './deps.ts'
import { lists } from './keys.ts'
import type { PageRequest } from './pages.ts'

/** unknown: by time. unsent: by code. */
export const asideKinds = ['unknown', 'unsent'] as const
export type AsideKind = (typeof asideKinds)[number]

/** `event`: as it came, or as it was to be sent; absent when it was too large to be kept. */
export type Aside = {
  event_id: string
  type: string
  source: string
  time: string
  code: string
  message: string
  event?: JsonValue
}

const listOf = { unknown: lists.unknown, unsent: lists.outboxRejected } as const satisfies Record<AsideKind, string>

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
  const said: JsonObject = typeof event === 'object' && event !== null && !Array.isArray(event) ? event : {}
  return {
    event_id: text(said.id) || pk.slice('outbox#'.length),
    type: text(said.type),
    source: text(said.source),
    time: text(said.time),
    ...v.parse(reasonSchema, rejected),
    ...(event !== undefined && { event }),
  }
}

/** A page of them. Eventually consistent, as listings are. */
export async function listAside(
  { table }: Pick<Deps, 'table'>,
  kind: AsideKind,
  page: PageRequest = {},
): Promise<Page<Aside>> {
  const { items, next } = await table.list({ name: listOf[kind], ...page })
  const found = (await table.get(items)).filter((item) => item !== undefined)
  const read = kind === 'unknown' ? unknownAside : unsentAside
  return { items: found.map(read), ...(next !== undefined && { next }) }
}

/** How many there are, up to `most`. */
export async function countAside({ table }: Pick<Deps, 'table'>, kind: AsideKind, most: number): Promise<number> {
  return (await table.list({ name: listOf[kind], limit: most })).items.length
}

// Events that were decided together with a write wait in the table until the bus has accepted them.
import * as v from 'valibot'
import type { KramEvent } from '../../events/catalog.ts'
import { envelopeSchema } from '../../events/envelope.ts'
import { KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import { toInstant, toMs } from '../base/time.ts'
import type { Bus, Envelope, PublishResult, Rejection } from '../ports/bus.ts'
import type { Condition, Item, Key, WriteOp } from '../ports/table.ts'
import type { Deps } from './deps.ts'
import { keys, lists } from './keys.ts'
import { purchasesOf } from './orders/purchases.ts'

type RelayDeps = Pick<Deps, 'bus' | 'table'>

/** `sent` were accepted and are gone from the outbox; `rejected` wait there, or lie aside when no retry can help. */
export type RelayResult = { sent: string[]; rejected: Rejection[] }

/** Belongs into the same `write` as what the event tells of. */
export const outboxOp = (event: KramEvent): WriteOp => ({
  op: 'put',
  item: { ...keys.outbox(event.id), event },
  list: { name: lists.outbox, sort: event.time },
})

/** Whether items of this partition wait in the outbox, or lie aside there. */
export const isOutbox = (pk: string): boolean => pk.startsWith('outbox#')

/** Whether a committed item is one to relay; those that were set aside are not. */
export const isOutboxItem = (item: Item): boolean => isOutbox(item.pk) && item.rejected === undefined

/**
 * Publishes what waits in these items and deletes each that the bus accepted; other items are passed over. At least
 * once: a crash between the two sends an event again, under its id. What no retry can help (too large, a conflict) is
 * moved from the list `outbox` to `outbox_rejected`, with the reason, so that it neither is lost nor blocks the rest.
 */
export async function relayOutbox({ bus, table }: RelayDeps, items: readonly Item[]): Promise<RelayResult> {
  const waiting = new Map<string, { item: Item; event: Envelope }>()
  const aside: WriteOp[] = []
  for (const item of items.filter(isOutboxItem)) {
    const { event } = item
    if (v.is(envelopeSchema, event)) waiting.set(event.id, { item, event })
    else aside.push(setAside(item, { code: 'invalid_event', message: 'The outbox item holds no event.' }))
  }
  const events = [...waiting.values()].map(({ event }) => event)
  const { accepted, rejected } = await publishWithPurchases(bus, events)
  const ops = accepted.map((id): WriteOp => ({ op: 'delete', key: keys.outbox(id) }))
  for (const rejection of rejected) {
    const item = waiting.get(rejection.id)?.item
    if (item && !rejection.retryable) aside.push(setAside(item, rejection))
  }
  for (let at = 0; at < ops.length; at += limits.writeOps) await table.write(ops.slice(at, at + limits.writeOps))
  // Each by itself: one that may not be written any more keeps none of the others from it.
  for (const op of aside) await table.write([op])
  return { sent: accepted, rejected }
}

/**
 * Publishes events and, after each `order_placed`, the purchases that follow from it. An order counts as accepted when
 * all of it is; until then it stays, and everything is sent again under the same ids.
 */
async function publishWithPurchases(bus: Bus, events: readonly Envelope[]): Promise<PublishResult> {
  const none: PublishResult = { accepted: [], rejected: [] }
  const held = new Map<string, Rejection>()
  const following = new Map(events.map((event) => [event.id, readPurchases(event, held)]))
  const sound = events.filter(({ id }) => !held.has(id))
  const first = sound.length > 0 ? await bus.publish(sound) : none
  const orderOf = new Map<string, string>()
  const purchases = first.accepted.flatMap((orderId) => {
    const own = following.get(orderId) ?? []
    for (const { id } of own) orderOf.set(id, orderId)
    return own
  })
  const second = purchases.length > 0 ? await bus.publish(purchases) : none
  for (const rejection of second.rejected) {
    const id = orderOf.get(rejection.id) ?? rejection.id
    // While one of its purchases may still be taken, the order is tried again.
    if (rejection.retryable || !held.has(id)) held.set(id, { ...rejection, id })
  }
  return {
    accepted: first.accepted.filter((id) => !held.has(id)),
    rejected: [...first.rejected, ...held.values()],
  }
}

// Parsed here, before it is sent. An order that says no sense must not hold up the others.
function readPurchases(event: Envelope, held: Map<string, Rejection>): Envelope[] {
  try {
    return purchasesOf(event)
  } catch (error) {
    if (!(error instanceof KramError)) throw error
    held.set(event.id, { id: event.id, code: error.code, retryable: false, message: error.message })
    return []
  }
}

/** What people have discarded stays so, whoever still had it in hands. */
export const notDiscarded: Condition = { attribute: 'discarded', op: 'eq', value: '', orAbsent: true }

const setAside = (item: Item, { code, message }: Pick<Rejection, 'code' | 'message'>): WriteOp => ({
  op: 'put',
  item: { ...item, rejected: { code, message } },
  list: { name: lists.outboxRejected, sort: code },
  if: notDiscarded,
})

/** Relays items that a stream named: those that are gone by now were sent already. */
export async function relayKeys(deps: RelayDeps, of: readonly Key[]): Promise<RelayResult> {
  const items = await deps.table.get(of)
  return relayOutbox(
    deps,
    items.filter((item) => item !== undefined),
  )
}

/**
 * Sends what the relay missed: items whose event is more than `limits.outboxAgeMs` old. On a schedule, on every
 * backend. `young`: also those, which a relay has in its hands otherwise; for a process that begins alone, after a crash.
 * Stops after `limits.sweepItems`; the next run goes on.
 */
export async function sweepOutbox(
  deps: RelayDeps & Pick<Deps, 'clock'>,
  { young = false }: { young?: boolean } = {},
): Promise<RelayResult> {
  const result: RelayResult = { sent: [], rejected: [] }
  // Older than that, not just as old.
  const old = { to: toInstant(deps.clock.now() - limits.outboxAgeMs - 1) }
  let after: string | undefined
  do {
    const page = await deps.table.list({
      name: lists.outbox,
      ...(young ? {} : old),
      limit: 100,
      ...(after === undefined ? {} : { after }),
    })
    const { sent, rejected } = await relayKeys(deps, page.items)
    result.sent.push(...sent)
    result.rejected.push(...rejected)
    after = page.next
  } while (after !== undefined && result.sent.length + result.rejected.length < limits.sweepItems)
  return result
}

/** Age in ms of the oldest item that waits for longer than a sweep should leave it; 0 when there is none. */
export async function outboxAgeMs({ table, clock }: Pick<Deps, 'table' | 'clock'>): Promise<number> {
  const now = clock.now()
  const { items } = await table.list({ name: lists.outbox, to: toInstant(now - limits.outboxAgeMs - 1), limit: 1 })
  return items[0] ? now - toMs(items[0].sort) : 0
}

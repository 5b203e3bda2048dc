// How every event is handled: checked, and what it makes of the table written in one piece with the marker that it
// was seen and with the events that follow from it. A handler is a name, a type and a pure-looking fold.
import type { EventType, KramEvent } from '../../events/catalog.ts'
import { parseEvent } from '../../events/event.ts'
import { KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import { toMs } from '../base/time.ts'
import type { Delivery } from '../ports/bus.ts'
import type { Table, WriteOp } from '../ports/table.ts'
import { contentHash } from './content-hash.ts'
import type { Deps } from './deps.ts'
import { keys } from './keys.ts'
import { outboxOp } from './outbox.ts'
import { inTurn } from './turns.ts'

export type HandlerDeps = Pick<Deps, 'table' | 'clock'>

/**
 * What one event makes of the table, and what is to be told of it, which is not asked for in a replay. Nothing in it
 * comes from the clock.
 */
export type Effect = { ops?: readonly WriteOp[]; emits?: () => readonly KramEvent[] }

/** Reads what it needs and says what to write; begun anew when a condition of its ops did not hold. */
export type Fold<T extends EventType> = (table: Table, event: KramEvent<T>) => Promise<Effect>

export type Rule<T extends EventType = EventType> = { handler: string; type: T; fold: Fold<T> }

/** What an entry point in functions/ calls with a delivered event. */
export type Handle = (deps: HandlerDeps, event: unknown, delivery: Delivery) => Promise<void>

/**
 * A projection folds events of one type into items. It takes replays, which write no outbox items: what followed from
 * the event the first time is in the log itself.
 */
export const projection =
  <T extends EventType>(rule: Rule<T>): Handle =>
  (deps, event, { replay = false }) =>
    applyEvent(deps, rule, event, { emits: !replay })

/** A reactor decides and emits; what it decides is an event that a projection stores. It never runs in a replay. */
export const reactor =
  <T extends EventType>(rule: Rule<T>): Handle =>
  async (deps, event, { replay = false }) => {
    if (!replay) await applyEvent(deps, rule, event, { emits: true })
  }

/**
 * Handles one event once, however often and in whatever company it comes: the effect, `seen#<event id>` / `<handler>`
 * and the outbox items are one write. `logged` also puts the event itself into the outbox, for one that the bus has
 * not had.
 * @throws KramError invalid for what is no event of this rule; conflict `event_conflict` for an id that was used for
 * other content; unavailable `contended` when others kept writing between; and whatever the fold throws
 */
export async function applyEvent<T extends EventType>(
  { table, clock }: HandlerDeps,
  { handler, type, fold }: Rule<T>,
  input: unknown,
  { emits, logged = false }: { emits: boolean; logged?: boolean },
): Promise<void> {
  const event = parseEvent(input)
  if (event.type !== type) {
    throw new KramError(
      'invalid',
      'wrong_event_type',
      `${handler} takes ${type} events; its rule sent a ${event.type}.`,
    )
  }
  checkTime(event, clock.now())
  const hash = contentHash(input as { type: string; data: unknown })
  const marker = keys.seen(event.id, handler)
  const once = async (): Promise<boolean> => {
    const [seen] = await table.get([marker])
    if (seen?.hash === hash) return true
    if (seen) throw conflict(event)
    const effect = await fold(table, event as KramEvent<T>)
    const { ok } = await table.write([
      { op: 'put', item: { ...marker, hash, correlation_id: event.correlationid }, if: { exists: false } },
      ...(effect.ops ?? []),
      ...(emits ? (effect.emits?.() ?? []) : []).map(outboxOp),
      ...(logged ? [outboxOp(event)] : []),
    ])
    return ok
  }
  if (await once()) return
  await inTurn(table, `${handler} ${event.subject}`, async () => {
    for (let tries = 1; tries < limits.writeTries; tries++) if (await once()) return
    throw new KramError('unavailable', 'contended', `Others kept writing what ${handler} writes; try again.`)
  })
}

/** @throws KramError invalid `event_from_the_future`: clocks drift, but not by more than `limits.futureMs` */
export function checkTime(event: KramEvent, nowMs: number): void {
  if (toMs(event.time) <= nowMs + limits.futureMs) return
  const message = `lies more than ${limits.futureMs / 60_000} minutes ahead: is the sender's clock right?`
  throw new KramError('invalid', 'event_from_the_future', `The event is not valid: /time ${message}`, {
    detail: { issues: [{ pointer: '/time', message }] },
  })
}

const conflict = ({ id, type }: KramEvent): KramError =>
  new KramError('conflict', 'event_conflict', `The id ${id} of this ${type} was used before for other content.`)

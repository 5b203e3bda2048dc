// Makes the one event of a request and puts it on the bus.
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid'
import type * as v from 'valibot'
import type { EventType } from '../../events/catalog.ts'
import type { EventDefinition } from '../../events/define.ts'
import { makeEvent } from '../../events/event.ts'
import { type Chain, contextOf } from '../app/chain.ts'
import { KramError } from '../base/errors.ts'
import { toInstant } from '../base/time.ts'
import type { Bus, Rejection } from '../ports/bus.ts'
import type { Clock } from '../ports/clock.ts'
import type { Caller } from './roles.ts'

// RFC 9562, 5.5: a name space of our own, so that our keys never meet those of others.
const namespace = '6f2f2c5e-4c1b-5d0a-9c39-6b72616d0001'

/** The id of a request's event: with a key always the same for the same caller, route and key. */
export function eventIdOf(options: {
  caller: Caller
  route: string
  idempotencyKey: string | undefined
  clock: Clock
}): string {
  const { caller, route, idempotencyKey, clock } = options
  if (idempotencyKey === undefined) return uuidv7({ msecs: clock.now() })
  return uuidv5(JSON.stringify([caller.subject, route, idempotencyKey]), namespace)
}

/** What a rejected event means for the one who sent it. */
function rejectionError({ code, retryable, message }: Rejection): KramError {
  if (code === 'conflict') {
    const sentence = 'This id or Idempotency-Key was used before with other content.'
    return new KramError('conflict', 'conflict', sentence)
  }
  if (retryable) return new KramError('unavailable', code, `The bus did not take the event: ${message}`)
  return new KramError('invalid', code, `The bus refused the event: ${message}`)
}

type PublishingRequest = Chain & { caller: Caller; idempotencyKey?: string }

/**
 * Publishes one event. `data` gets the event's id, for what it must make an id from.
 * @throws KramError conflict, unavailable or invalid when the bus rejects it
 */
export async function publishOne<Definition extends EventDefinition<EventType>>(options: {
  deps: { bus: Bus; clock: Clock }
  route: string
  request: PublishingRequest
  definition: Definition
  data: (eventId: string) => v.InferInput<Definition['schema']>
}): Promise<{ eventId: string; subject: string }> {
  const { deps, route, request, definition, data } = options
  const { caller, idempotencyKey } = request
  const eventId = eventIdOf({ caller, route, idempotencyKey, clock: deps.clock })
  const event = makeEvent(definition, data(eventId), {
    id: eventId,
    time: toInstant(deps.clock.now()),
    ...contextOf(request),
  })
  const { rejected } = await deps.bus.publish([event])
  if (rejected[0]) throw rejectionError(rejected[0])
  return { eventId, subject: event.subject ?? eventId }
}

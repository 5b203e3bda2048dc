// The events of POST /events: all are read before any is recorded, and faults point into the batch.
import type { KramEvent } from '../../events/catalog.ts'
import { contextOf } from '../app/chain.ts'
import { formats } from '../app/event-input.ts'
import { type Issue, KramError } from '../base/errors.ts'
import type { JsonValue } from '../base/json.ts'
import { limits } from '../base/limits.ts'
import { toInstant } from '../base/time.ts'
import type { Clock } from '../ports/clock.ts'
import { eventIdOf } from './publish.ts'
import type { RequestOf } from './route.ts'
import { postEvents } from './routes/admin.ts'

/**
 * What an event leaves out is made: id (with an Idempotency-Key the same for its place in a repeated batch), time (one
 * after the other, in the batch's order) and correlation id (the request's).
 * @throws KramError invalid with the first one's code and the faults of all
 */
export function readPostedEvents(request: RequestOf<typeof postEvents>, clock: Clock): KramEvent[] {
  const { body, query, caller, idempotencyKey } = request
  const context = contextOf(request)
  const now = clock.now()
  const events: KramEvent[] = []
  const issues: Issue[] = []
  let code = ''
  for (const [i, input] of body.entries()) {
    const key = idempotencyKey === undefined ? undefined : `${idempotencyKey} ${i}`
    const id = eventIdOf({ caller, route: postEvents.name, idempotencyKey: key, clock })
    try {
      // The HTTP stack has parsed the body as JSON.
      events.push(formats[query.format](input as JsonValue, { id, time: toInstant(now + i), ...context }))
    } catch (error) {
      if (!(error instanceof KramError)) throw error
      code ||= error.code
      const faults = error.detail.issues ?? [{ pointer: '', message: error.message }]
      issues.push(...faults.map(({ pointer, message }) => ({ pointer: `/${i}${pointer}`, message })))
    }
  }
  if (issues.length === 0) return events
  const [first] = issues
  throw new KramError('invalid', code, `Nothing was recorded: ${first?.pointer} ${first?.message}`, {
    detail: { issues: issues.slice(0, limits.issues) },
  })
}

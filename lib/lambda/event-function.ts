// Middleware stacks of functions that no person waits for: events from the bus, schedules, queues, streams. They log
// one line with correlation and causation ids and throw on failure, so that the platform retries and dead-letters.
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import * as v from 'valibot'
import { isEventType } from '../../events/catalog.ts'
import { envelopeSchema } from '../../events/envelope.ts'
import { errorKinds, KramError } from '../base/errors.ts'
import type { JsonObject } from '../base/json.ts'
import { parseWith } from '../base/schema.ts'
import type { Delivery, Envelope } from '../ports/bus.ts'
import { deps, type Parts } from './deps.ts'
import { invocationError } from './invocation-error.ts'
import { createLog, errorFields, type LogFields, traceIdOf } from './log.ts'
import { invocationSeconds, invocations } from './metrics.ts'

/** What an embedded host adds to Lambda's context: what the bus knows of this delivery. */
export type InvocationContext = Partial<Context> & { delivery?: Delivery }

export type LambdaFunction = (event: unknown, context?: InvocationContext) => Promise<unknown>

const busEventSchema = v.object({
  id: v.string(),
  'detail-type': v.string(),
  source: v.string(),
  time: v.string(),
  'replay-name': v.exactOptional(v.string()),
  detail: v.custom<JsonObject>((detail) => typeof detail === 'object' && detail !== null, 'must be an object'),
})

/** An event of the bus whose detail may be anything, as rules for foreign events receive it. */
export type RawBusEvent = v.InferOutput<typeof busEventSchema>

type Failed = { error: unknown }

const traceparentSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/))

// Ids of a chain, where an event has them: nothing that looks like what a person wrote.
function chainOf(event: unknown): LogFields {
  const detail = v.safeParse(v.object({ detail: v.record(v.string(), v.unknown()) }), event)
  if (!detail.success) return {}
  const { detail: found } = detail.output
  const traceparent = v.is(traceparentSchema, found.traceparent) ? found.traceparent : undefined
  const idOf = (name: string): string | undefined => {
    const value = found[name]
    return typeof value === 'string' && /^[\w.:#/-]{1,256}$/.test(value) ? value : undefined
  }
  return {
    event_id: idOf('id'),
    // A type that is not known may be any text.
    event_type: typeof found.type === 'string' && isEventType(found.type) ? found.type : undefined,
    correlation_id: idOf('correlationid'),
    causation_id: idOf('causationid'),
    trace_id: traceIdOf(traceparent),
  }
}

const name = (request: middy.Request): string => request.context.functionName ?? 'unknown'

function observed() {
  const started = new WeakMap<object, number>()
  const logOf = (request: middy.Request) => {
    const ms = performance.now() - (started.get(request) ?? performance.now())
    invocationSeconds({ function: name(request) }, ms / 1000)
    return createLog({
      function: name(request),
      ...chainOf(request.event),
      attempt: (request.context as InvocationContext).delivery?.attempt,
      duration_ms: Math.round(ms),
    })
  }
  return {
    before: (request: middy.Request): void => {
      started.set(request, performance.now())
    },
    after: (request: middy.Request): void => {
      invocations({ function: name(request), outcome: 'handled' })
      logOf(request).info('handled')
    },
    onError: (request: middy.Request & Partial<Failed>): void => {
      invocations({ function: name(request), outcome: 'failed' })
      const level = request.error instanceof KramError ? errorKinds[request.error.kind].level : 'error'
      logOf(request)[level]('failed', errorFields(request.error))
      // Middy throws what it finds here.
      request.error = invocationError(request.error)
    },
  }
}

/**
 * A function whose event is not one event of the bus: a schedule's tick, a queue's or a stream's batch.
 * `parts` names what it needs of deps; nothing else is built.
 */
export function plainFunction<Part extends keyof Parts>(
  parts: readonly Part[],
  handle: (deps: Pick<Parts, Part>, event: unknown, delivery: Delivery) => Promise<unknown>,
): LambdaFunction {
  const stack = middy()
    .use(observed())
    .handler(async (event: unknown, context: InvocationContext) => {
      return await handle(await deps(parts), event, context.delivery ?? {})
    })
  return (event, context = {}) => stack(event, context as Context)
}

/** A function that takes any event of the bus, our envelope or not. */
export function rawEventFunction<Part extends keyof Parts>(
  parts: readonly Part[],
  handle: (deps: Pick<Parts, Part>, event: RawBusEvent, delivery: Delivery) => Promise<unknown>,
): LambdaFunction {
  return plainFunction(parts, async (deps, event, delivery) => {
    const busEvent = parseWith(busEventSchema, event, { code: 'invalid_bus_event', what: 'The event of the bus' })
    const replay = delivery.replay ?? busEvent['replay-name'] !== undefined
    await handle(deps, busEvent, { ...delivery, replay })
  })
}

/**
 * A function that takes events of ours: `event` is the envelope, its `data` still to be parsed by the catalog.
 * `delivery.replay` is known on every bus.
 * @throws KramError invalid `invalid_envelope` (never retried) for anything else
 */
export function eventFunction<Part extends keyof Parts>(
  parts: readonly Part[],
  handle: (deps: Pick<Parts, Part>, event: Envelope, delivery: Delivery) => Promise<unknown>,
): LambdaFunction {
  return rawEventFunction(parts, async (deps, { detail }, delivery) => {
    await handle(deps, parseWith(envelopeSchema, detail, { code: 'invalid_envelope', what: 'The envelope' }), delivery)
  })
}

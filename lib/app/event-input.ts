// Turns what people have - whole events, half-written ones, messages of the first shop - into events for the bus.
// Called by `kram events publish` and POST /events.
import * as v from 'valibot'
import { catalog, type EventType, isEventType, type KramEvent } from '../../events/catalog.ts'
import { dataschemaOf, type EventDefinition } from '../../events/define.ts'
import { envelopeSchema } from '../../events/envelope.ts'
import { makeEvent, parseEvent } from '../../events/event.ts'
import { KramError } from '../base/errors.ts'
import { type JsonValue, parseJson } from '../base/json.ts'
import { limits } from '../base/limits.ts'
import { parseWith } from '../base/schema.ts'
import type { Instant } from '../base/time.ts'

/** What an input leaves out. Without `correlationid` it is the event's own id. */
export type Stamp = { id: string; time: Instant; correlationid?: string; traceparent?: string }

const { entries } = envelopeSchema
const halfWritten = v.strictObject(
  {
    ...v.partial(envelopeSchema).entries,
    type: entries.type,
    data: entries.data,
  },
  'must be an object',
)

// EventBridge's own shape, as the files of events/examples and functions have it: the event is its `detail`.
const busEvent = v.looseObject({ 'detail-type': v.string(), detail: v.looseObject({}) })

/**
 * A whole event (CloudEvents, or wrapped as EventBridge delivers it), or at least its `type` and `data`: the rest then
 * is the newest version's, with `stamp`'s id and time.
 * @throws KramError invalid, with pointers into the event
 */
function eventOf(input: JsonValue, stamp: Stamp): KramEvent {
  const whole = v.is(busEvent, input) ? input.detail : input
  const given = parseWith(halfWritten, whole, { code: 'invalid_event', what: 'The event' })
  const definition: EventDefinition | undefined = isEventType(given.type) ? catalog[given.type] : undefined
  const id = given.id ?? stamp.id
  return parseEvent({
    specversion: '1.0',
    source: definition?.source ?? 'kram.shop',
    time: stamp.time,
    dataschema: dataschemaOf(given.type, definition?.version ?? 1),
    correlationid: stamp.correlationid ?? id,
    ...(stamp.traceparent !== undefined && { traceparent: stamp.traceparent }),
    ...(definition && v.is(definition.schema, given.data) && { subject: definition.subject(given.data) }),
    ...given,
    id,
  })
}

// What the first shop's producers put on their topic; it had no others.
const clientflowTypes: readonly EventType[] = ['new_customer', 'new_product', 'customer_buys_product']
const clientflowMessage = v.looseObject(
  { event_type: v.picklist(clientflowTypes, `must be one of ${clientflowTypes.join(', ')}`) },
  'must be an object',
)

/**
 * `{"event_type": "new_customer", ...fields}`, as https://github.com/prokulski/ClientFlow sends them: flat, without an
 * id or a time of their own.
 * @throws KramError invalid, with pointers into the message
 */
function eventOfClientflow(input: JsonValue, stamp: Stamp): KramEvent {
  const { event_type, ...data } = parseWith(clientflowMessage, input, { code: 'invalid_event', what: 'The message' })
  try {
    return makeEvent(catalog[event_type] as EventDefinition, data, stamp)
  } catch (error) {
    throw flattened(error)
  }
}

// Pointers into the event are pointers into the message, without `/data`.
function flattened(error: unknown): unknown {
  if (!(error instanceof KramError) || !error.detail.issues) return error
  const issues = error.detail.issues.map(({ pointer, message }) => ({
    pointer: pointer.replace(/^\/data(?=\/|$)/, ''),
    message,
  }))
  const [first] = issues
  return new KramError(error.kind, error.code, `The message is not valid: ${first?.pointer || '/'} ${first?.message}`, {
    detail: { ...error.detail, issues },
  })
}

/** Each is a function from parsed JSON to an event. */
export const formats = { envelope: eventOf, clientflow: eventOfClientflow } as const

export type Format = keyof typeof formats

/**
 * The event in `text` (JSON).
 * @throws KramError invalid, with pointers into the text's value
 */
export const readEvent = (text: string, format: Format, stamp: Stamp): KramEvent =>
  formats[format](parseJson(text, { maxBytes: limits.eventBytes }), stamp)

// Makes events and reads them: nothing gets onto the bus, and nothing from it into a handler, but through here.
import * as v from 'valibot'
import { KramError } from '../lib/base/errors.ts'
import { checkJson, type JsonObject, pointerStep } from '../lib/base/json.ts'
import { parseWith } from '../lib/base/schema.ts'
import type { Instant } from '../lib/base/time.ts'
import { catalog, type EventType, isEventType, type KramEvent } from './catalog.ts'
import { dataschemaOf, type EventDefinition, upcast } from './define.ts'
import { envelopeSchema } from './envelope.ts'

/** What the data does not say. `correlationid` is the event's own id unless it follows from something. */
export type EventContext = {
  id: string
  time: Instant
  correlationid?: string
  causationid?: string
  traceparent?: string
  /** Default: the definition's. */
  source?: string
}

/**
 * A whole event of the newest version. `data` is typed by a definition of the catalog; for a type held as data
 * (`catalog[type] as EventDefinition`) it is unknown, and checked all the same.
 * @throws KramError invalid `invalid_event`, with pointers into the event (`/data/price`)
 */
export function makeEvent<Definition extends EventDefinition>(
  definition: Definition,
  data: v.InferInput<Definition['schema']>,
  { source = definition.source, correlationid, ...context }: EventContext,
): KramEvent<Definition['type'] & EventType> {
  return parseEvent({
    specversion: '1.0',
    ...context,
    source,
    type: definition.type,
    ...subjectOf(definition, data),
    dataschema: dataschemaOf(definition.type, definition.version),
    correlationid: correlationid ?? context.id,
    data,
  }) as KramEvent<Definition['type'] & EventType>
}

// Data that the schema refuses has no subject; parseEvent then says why.
const subjectOf = (definition: EventDefinition, data: unknown): { subject?: string } =>
  v.is(definition.schema, data) ? { subject: definition.subject(data) } : {}

/**
 * Checks an envelope and its data, which may be of an older version: it comes back as the newest.
 * @throws KramError invalid: invalid_event, unknown_event_type, unknown_dataschema, json_forbidden_key, json_too_deep
 */
export function parseEvent(input: unknown): KramEvent {
  const envelope = parseWith(envelopeSchema, input, { code: 'invalid_event', what: 'The event' })
  checkJson(envelope.data, { pointer: '/data' })
  if (!isEventType(envelope.type)) {
    throw refusal('unknown_event_type', '/type', 'is not an event type of this shop')
  }
  const definition: EventDefinition = catalog[envelope.type]
  const data = upcast(definition, envelope.dataschema, envelope.data)
  if (!data) throw refusal('unknown_dataschema', '/dataschema', 'is not a version of this type that is known here')
  checkSource(definition, envelope.source, data)
  const parsed = parseWith(
    v.object({ data: definition.schema }),
    { data },
    { code: 'invalid_event', what: 'The event' },
  )
  return {
    ...envelope,
    dataschema: dataschemaOf(definition.type, definition.version),
    data: parsed.data,
  } as KramEvent
}

function checkSource(definition: EventDefinition, source: string, data: JsonObject): void {
  const { reserved } = definition
  if (source === reserved?.source) return
  if (source !== definition.source) throw refusal('invalid_event', '/source', `must be ${definition.source}`)
  const field = reserved?.fields.find((name) => Object.hasOwn(data, name))
  if (field !== undefined) {
    throw refusal('invalid_event', `/data${pointerStep(field)}`, `is accepted only from ${reserved?.source}`)
  }
}

const refusal = (code: string, pointer: string, message: string): KramError =>
  new KramError('invalid', code, `The event is not valid: ${pointer} ${message}`, {
    detail: { issues: [{ pointer, message }] },
  })

// Makes events and reads them: nothing gets onto the bus, and nothing from it into a handler, but through here.
import * as v from 'valibot'
import { assert } from '../lib/base/assert.ts'
import { KramError } from '../lib/base/errors.ts'
import { oncePerFrozen } from '../lib/base/frozen.ts'
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
  const {
    specversion,
    id,
    source: checked,
    type,
    time,
    ...rest
  } = checkedEvent({
    specversion: '1.0',
    ...context,
    source,
    type: definition.type,
    dataschema: dataschemaOf(definition.type, definition.version),
    correlationid: correlationid ?? context.id,
    data,
  })
  // An id of the data, which its schema has just been asked about.
  const subject = definition.subject(rest.data)
  return { specversion, id, source: checked, type, time, subject, ...rest } as KramEvent<Definition['type'] & EventType>
}

/**
 * As `makeEvent`, of data whose every part was parsed where it came from: nothing is looked at again. It must be as the
 * schema would give it back, with its keys in the schema's order. Who sends such an event parses it before.
 */
export function makeParsedEvent<Definition extends EventDefinition>(
  definition: Definition,
  data: v.InferOutput<Definition['schema']>,
  { id, time, source = definition.source, correlationid = id, causationid, traceparent }: EventContext,
): KramEvent<Definition['type'] & EventType> {
  return {
    specversion: '1.0',
    ...{ id, source, type: definition.type, time, subject: definition.subject(data) },
    dataschema: dataschemaOf(definition.type, definition.version),
    correlationid,
    ...(causationid !== undefined && { causationid }),
    ...(traceparent !== undefined && { traceparent }),
    data,
  } as KramEvent<Definition['type'] & EventType>
}

const dataSchemas = new Map(Object.values(catalog).map(({ type, schema }) => [type, v.object({ data: schema })]))

/**
 * Checks an envelope and its data, which may be of an older version: it comes back as the newest. Of one that is frozen
 * this is done once: a bus may hand it to many handlers.
 * @throws KramError invalid: invalid_event, unknown_event_type, unknown_dataschema, json_forbidden_key, json_too_deep
 */
export const parseEvent = oncePerFrozen(checkedEvent)

function checkedEvent(input: unknown): KramEvent {
  const envelope = parseWith(envelopeSchema, input, { code: 'invalid_event', what: 'The event' })
  checkJson(envelope.data, { pointer: '/data' })
  if (!isEventType(envelope.type)) {
    throw refusal('unknown_event_type', '/type', 'is not an event type of this shop')
  }
  const definition: EventDefinition = catalog[envelope.type]
  const data = upcast(definition, envelope.dataschema, envelope.data)
  if (!data) throw refusal('unknown_dataschema', '/dataschema', 'is not a version of this type that is known here')
  checkSource(definition, envelope.source, data)
  const schema = dataSchemas.get(envelope.type)
  assert(schema, 'every type of the catalog has a schema')
  const parsed = parseWith(schema, { data }, { code: 'invalid_event', what: 'The event' })
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

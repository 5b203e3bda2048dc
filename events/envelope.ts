// The envelope as it is checked at every edge: CloudEvents 1.0, structured, nothing else beside.
import * as v from 'valibot'
import { isObject, type JsonObject } from '../lib/base/json.ts'
import { limits } from '../lib/base/limits.ts'
import { instant, token } from './fields.ts'

export const envelopeSchema = v.strictObject(
  {
    specversion: v.literal('1.0', 'must be 1.0'),
    id: token(),
    source: v.pipe(
      v.string('must be text'),
      v.maxLength(limits.eventTypeChars, `must have at most ${limits.eventTypeChars} characters`),
      v.regex(/^kram\.[a-z_]+$/, 'must be kram.<area>'),
    ),
    type: v.pipe(
      v.string('must be text'),
      v.maxLength(limits.eventTypeChars, `must have at most ${limits.eventTypeChars} characters`),
      v.regex(/^[a-z][a-z_]*$/, 'must be snake_case'),
    ),
    time: instant(),
    subject: v.exactOptional(token()),
    dataschema: v.pipe(
      v.string('must be text'),
      v.regex(/^urn:kram:[a-z_]{1,64}:\d{1,4}$/, 'must be urn:kram:<type>:<version>'),
    ),
    correlationid: token(),
    causationid: v.exactOptional(token()),
    traceparent: v.exactOptional(
      v.pipe(
        v.string('must be text'),
        v.regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/, 'must be a W3C trace context'),
      ),
    ),
    // What is in it the type's own schema says.
    data: v.custom<JsonObject>(isObject, 'must be an object'),
  },
  'must be an object',
)

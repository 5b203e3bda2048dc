// Events for tests of buses: what they say does not matter there.
import type { JsonObject } from '../../lib/base/json.ts'
import type { Envelope } from '../../lib/ports/bus.ts'

/** An event with this id. */
export const envelope = (id: string, data: JsonObject = {}, rest: Partial<Envelope> = {}): Envelope => ({
  specversion: '1.0',
  id,
  source: 'kram.tests',
  type: 'thing_happened',
  time: '2022-04-24T19:41:07.123Z',
  dataschema: 'urn:kram:thing_happened:1',
  correlationid: id,
  data,
  ...rest,
})

// The table's stream -> the bus: sends what a write left in the outbox. A record whose event the bus did not accept is
// reported by its number, so that the stream sends it again.
import { relayStream } from '../lib/app/relay-stream.ts'
import { writeMetric } from '../lib/lambda/emf.ts'
import { plainFunction } from '../lib/lambda/event-function.ts'

export const handler = plainFunction(['bus', 'table'], (deps, batch) =>
  relayStream(deps, batch, (count) => writeMetric('EventsUnsent', count)),
)

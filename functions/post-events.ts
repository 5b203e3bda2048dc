// POST /events: events onto the bus, or straight into the table.
import { recordEvents } from '../lib/app/record-events.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { readPostedEvents } from '../lib/lambda/posted-events.ts'
import { postEvents } from '../lib/lambda/routes/admin.ts'

export const handler = httpFunction(postEvents, async (deps, request) => {
  const events = readPostedEvents(request, deps.clock)
  const { accepted, rejected } = await recordEvents(deps, events, { via: request.query.via })
  return { accepted, rejected, correlation_id: request.correlationId }
})

// GET /events: a page of the log.
import { tailEvents } from '../lib/app/tail-events.ts'
import { hourMs, toInstant } from '../lib/base/time.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { listEvents } from '../lib/lambda/routes/admin.ts'

const minuteMs = 60_000

export const handler = httpFunction(listEvents, async (deps, { query }) => {
  const now = deps.clock.now()
  const { items, next, more } = await tailEvents(deps, {
    from: toInstant(now - hourMs),
    // What clocks that differ a little have stamped, and no search through the years to come.
    to: toInstant(now + minuteMs),
    ...query,
  })
  return { items: items.map(({ event, takenAt }) => ({ event, taken_at: takenAt })), next, more }
})

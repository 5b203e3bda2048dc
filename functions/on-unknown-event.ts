// Any event that the catalog does not know -> an item in the list `unknown`. Takes replays.
import { recordUnknownEvent } from '../lib/app/record-unknown-event.ts'
import { writeMetric } from '../lib/lambda/emf.ts'
import { rawEventFunction } from '../lib/lambda/event-function.ts'

export const handler = rawEventFunction(['table', 'clock'], async (deps, event) => {
  await recordUnknownEvent(deps, event)
  writeMetric('EventsUnknown', 1)
})

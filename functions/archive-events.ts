// A queue with every event of the bus -> the log in S3, by the hour. What is no event goes back, and in the end to the
// queue's own dead letters.
import { archiveEvents } from '../lib/app/archive.ts'
import { takenEvents } from '../lib/lambda/archived-batch.ts'
import { plainFunction } from '../lib/lambda/event-function.ts'
import { sendBack } from '../lib/lambda/queue-batch.ts'

export const handler = plainFunction(['objects'], async (deps, batch) => {
  const { taken, unreadable } = takenEvents(batch)
  await archiveEvents(deps, taken)
  return sendBack(unreadable)
})

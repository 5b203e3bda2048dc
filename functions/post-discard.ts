// POST /dead-letters/{id}/discard: sets a dead letter aside.
import { httpFunction } from '../lib/lambda/http-function.ts'
import { postDiscard } from '../lib/lambda/routes/admin.ts'

export const handler = httpFunction(postDiscard, async ({ bus }, { params: { id }, body: { reason } }) => {
  await bus.deadLetters.discard(id, reason)
  return { id, discarded: reason }
})

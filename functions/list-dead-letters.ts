// GET /dead-letters: events that a function could not handle.
import { httpFunction } from '../lib/lambda/http-function.ts'
import { listDeadLetters } from '../lib/lambda/routes/admin.ts'

export const handler = httpFunction(listDeadLetters, async ({ bus }, { query }) => {
  const { items, next } = await bus.deadLetters.list(query)
  return {
    items: items.map(({ firstFailedAt, lastFailedAt, nextTryAt, ...letter }) => ({
      ...letter,
      first_failed_at: firstFailedAt,
      last_failed_at: lastFailedAt,
      ...(nextTryAt === undefined ? {} : { next_try_at: nextTryAt }),
    })),
    ...(next === undefined ? {} : { next }),
  }
})

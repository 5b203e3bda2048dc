// POST /replays: begins a replay.
import { httpFunction } from '../lib/lambda/http-function.ts'
import { postReplays } from '../lib/lambda/routes/replays.ts'

export const handler = httpFunction(postReplays, async ({ bus }, { body: { types, ...request } }) =>
  bus.replay({ ...request, ...(types && { pattern: { 'detail-type': types } }) }),
)

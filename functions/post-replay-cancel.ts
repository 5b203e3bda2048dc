// POST /replays/{name}/cancel: ends a replay.
import { httpFunction } from '../lib/lambda/http-function.ts'
import { postReplayCancel } from '../lib/lambda/routes/replays.ts'

export const handler = httpFunction(postReplayCancel, async ({ bus }, { params }) => bus.cancelReplay(params.name))

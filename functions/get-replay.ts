// GET /replays/{name}: how far a replay has got.
import { httpFunction } from '../lib/lambda/http-function.ts'
import { getReplay } from '../lib/lambda/routes/replays.ts'

export const handler = httpFunction(getReplay, async ({ bus }, { params }) => bus.replayStatus(params.name))

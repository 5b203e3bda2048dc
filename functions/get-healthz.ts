// GET /healthz: whether the process answers.
import { httpFunction } from '../lib/lambda/http-function.ts'
import { getHealthz } from '../lib/lambda/routes/service.ts'

export const handler = httpFunction(getHealthz, async () => ({ status: 'ok' }))

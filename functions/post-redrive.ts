// POST /dead-letters/redrive: sends dead letters again.
import { httpFunction } from '../lib/lambda/http-function.ts'
import { postRedrive } from '../lib/lambda/routes/admin.ts'

export const handler = httpFunction(postRedrive, async ({ bus }, { body }) => await bus.deadLetters.redrive(body))

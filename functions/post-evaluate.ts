// POST /promos/evaluate: promotions tried on an order, both given.
import { evaluateFacts } from '../lib/app/checkout/evaluate-facts.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { postEvaluate } from '../lib/lambda/routes/checkout.ts'

export const handler = httpFunction(postEvaluate, async (deps, { body }) => evaluateFacts(deps, body))

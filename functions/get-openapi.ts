// GET /openapi.json: the description of the API, made from the routes.
import { httpFunction } from '../lib/lambda/http-function.ts'
import { openapiOf } from '../lib/lambda/openapi.ts'
import { allRoutes } from '../lib/lambda/routes/all.ts'
import { getOpenapi } from '../lib/lambda/routes/service.ts'

const document = openapiOf(allRoutes)

export const handler = httpFunction(getOpenapi, async () => document)

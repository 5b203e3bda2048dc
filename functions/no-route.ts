// $default: an address or a method that no route takes.
import { unmatchedFunction } from '../lib/lambda/http-function.ts'
import { allRoutes } from '../lib/lambda/routes/all.ts'

export const handler = unmatchedFunction('no-route', allRoutes)

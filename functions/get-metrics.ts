// GET /metrics: what this process has counted (embedded run).
import { httpFunction } from '../lib/lambda/http-function.ts'
import { metricsText } from '../lib/lambda/metrics.ts'
import { getMetrics } from '../lib/lambda/routes/service.ts'

export const handler = httpFunction(getMetrics, async () => metricsText())

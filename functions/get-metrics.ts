// GET /metrics: what this process has counted (embedded run).
import { httpFunction } from '../lib/lambda/http-function.ts'
import { deadLetters, metricsText } from '../lib/lambda/metrics.ts'
import { getMetrics } from '../lib/lambda/routes/service.ts'

export const handler = httpFunction(getMetrics, async ({ bus }) => {
  const { items } = await bus.deadLetters.list({ limit: 1_000 })
  deadLetters(items.filter(({ discarded }) => discarded === undefined).length)
  return metricsText()
})

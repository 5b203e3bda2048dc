// GET /metrics: what this process has counted (embedded run).
import { asideKinds, countAside } from '../lib/app/set-aside.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { deadLetters, eventsAside, metricsText } from '../lib/lambda/metrics.ts'
import { getMetrics } from '../lib/lambda/routes/service.ts'

export const handler = httpFunction(getMetrics, async (deps) => {
  const { items } = await deps.bus.deadLetters.list({ limit: 1_000 })
  deadLetters(items.filter(({ discarded }) => discarded === undefined).length)
  for (const kind of asideKinds) eventsAside(await countAside(deps, kind, 1_000), { kind })
  return metricsText()
})

// Each minute -> the bus: sends what the relay missed, and says how old what could not be sent is.
import { outboxAgeMs, sweepOutbox } from '../lib/app/outbox.ts'
import { writeMetric } from '../lib/lambda/emf.ts'
import { plainFunction } from '../lib/lambda/event-function.ts'

export const handler = plainFunction(['bus', 'table', 'clock'], async (deps) => {
  try {
    const { rejected } = await sweepOutbox(deps)
    writeMetric('EventsUnsent', rejected.filter(({ retryable }) => !retryable).length)
  } finally {
    writeMetric('OutboxAge', (await outboxAgeMs(deps)) / 1_000)
  }
})

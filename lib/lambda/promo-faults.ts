// Says in log and metrics what went wrong in promotions while the answer went out all the same.
import type { Fault } from '../app/checkout/faults.ts'
import { writeMetric } from './emf.ts'
import { createLog, errorFields } from './log.ts'
import { promoFaults } from './metrics.ts'

export function reportFaults(route: string, correlationId: string, faults: readonly Fault[]): void {
  if (faults.length === 0) return
  const log = createLog({ function: route, correlation_id: correlationId })
  for (const { kind, code, error } of faults) {
    promoFaults({ kind, code })
    writeMetric('PromoFaults', 1, kind)
    const level = kind === 'promos_failed' || kind === 'part_failed' ? 'error' : 'warn'
    log[level](kind, { ...(error === undefined ? {} : errorFields(error)), code })
  }
}

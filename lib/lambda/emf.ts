// Metrics on AWS: one line in CloudWatch's embedded metric format, which it reads from the log by itself, so that no
// request is made and no permission needed. In the embedded run GET /metrics counts (metrics.ts), and this is silent.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
import { backend, shopName } from './deps.ts'

/** What alarms and dashboards in serverless.yml ask for, with its unit. */
const metrics = {
  /** Promotions were read and, where they had changed, written for checkouts. */
  PromosChecked: 'Count',
  PromosLeftOut: 'Count',
  /** Answers without promotions, with old ones, or saying less; dimension Kind. */
  PromoFaults: 'Count',
  /** Age of the oldest follow-up event that could not be sent. */
  OutboxAge: 'Seconds',
  DeadLettersRecorded: 'Count',
  /** Follow-up events that the bus refused for good. */
  EventsUnsent: 'Count',
  /** Events of a type that no rule knows. */
  EventsUnknown: 'Count',
} as const

/** Writes one value at the shop's name; `kind` has few values, never an id. */
export function writeMetric(name: keyof typeof metrics, value: number, kind?: string): void {
  if (backend() !== 'aws') return
  const Dimensions = [['Shop'], ...(kind === undefined ? [] : [['Shop', 'Kind']])]
  const line = {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [{ Namespace: 'Kram', Dimensions, Metrics: [{ Name: name, Unit: metrics[name] }] }],
    },
    Shop: shopName(),
    ...(kind !== undefined && { Kind: kind }),
    [name]: value,
  }
  console.log(JSON.stringify(line))
}

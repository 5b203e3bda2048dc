// A Serverless plugin: the alarms on errors and throttles of every function, so that a new function is watched from its
// first day. What is watched of the shop as a whole stands in serverless.yml.

type Serverless = {
  service: {
    getAllFunctions(): string[]
    getFunction(name: string): { name: string }
    resources: { Resources: Record<string, unknown> }
  }
}

/** Metrics that one alarm's expression may have. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html */
const metricsAtOnce = 10

type Watch = {
  /** Of the alarm. */
  id: string
  metric: 'Errors' | 'Throttles'
  /** In five minutes, over all functions of the alarm. */
  threshold: number
  periods: number
  section: string
}

// Events are retried and dead-lettered by themselves, so that single errors are no news.
const watches: readonly Watch[] = [
  { id: 'FunctionErrors', metric: 'Errors', threshold: 10, periods: 2, section: 'a-function-fails' },
  { id: 'FunctionThrottles', metric: 'Throttles', threshold: 10, periods: 2, section: 'a-function-is-throttled' },
]

const metricOf = (functionName: string, metric: string, i: number) => ({
  Id: `m${i}`,
  ReturnData: false,
  MetricStat: {
    Metric: {
      Namespace: 'AWS/Lambda',
      MetricName: metric,
      Dimensions: [{ Name: 'FunctionName', Value: functionName }],
    },
    Period: 300,
    Stat: 'Sum',
  },
})

/** The alarms of functions by these names, ten functions in each. */
export function functionAlarms(functionNames: readonly string[]): Record<string, unknown> {
  const alarms: Record<string, unknown> = {}
  for (const { id, metric, threshold, periods, section } of watches) {
    for (let from = 0; from < functionNames.length; from += metricsAtOnce) {
      const watched = functionNames.slice(from, from + metricsAtOnce)
      alarms[`${id}${from / metricsAtOnce + 1}`] = {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          AlarmDescription: `docs/runbook.md#${section}`,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          Threshold: threshold,
          EvaluationPeriods: periods,
          TreatMissingData: 'notBreaching',
          Metrics: [
            ...watched.map((name, i) => metricOf(name, metric, i)),
            { Id: 'all', Expression: 'SUM(METRICS())', ReturnData: true },
          ],
          AlarmActions: [{ Ref: 'AlarmTopic' }],
          OKActions: [{ Ref: 'AlarmTopic' }],
        },
      }
    }
  }
  return alarms
}

/** Adds the alarms before anything is compiled. */
export default class AlarmsPlugin {
  readonly hooks: Record<string, () => void>

  constructor({ service }: Serverless) {
    this.hooks = {
      'before:package:initialize': () => {
        const names = service.getAllFunctions().map((name) => service.getFunction(name).name)
        Object.assign(service.resources.Resources, functionAlarms(names))
      },
    }
  }
}

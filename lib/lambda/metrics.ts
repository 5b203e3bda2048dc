// Counters and durations of this process, as GET /metrics shows them in the embedded run (Prometheus text format
// 0.0.4). On AWS CloudWatch counts; there nobody reads these.
// https://prometheus.io/docs/instrumenting/exposition_formats/

type Labels = { [name: string]: string }
type Family = { help: string; type: 'counter' | 'gauge' | 'histogram'; samples: Map<string, number> }

const families = new Map<string, Family>()

/** Upper bounds in seconds: from a cached read to what a caller will not wait for. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

const escapeLabel = (text: string): string =>
  /[\\"\n]/.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n') : text

const sample = (name: string, labels: Labels): string => {
  let pairs = ''
  for (const label of Object.keys(labels)) {
    pairs += `${pairs === '' ? '' : ','}${label}="${escapeLabel(labels[label]!)}"`
  }
  return pairs === '' ? name : `${name}{${pairs}}`
}

function family(name: string, type: Family['type'], help: string): Family {
  let found = families.get(name)
  if (!found) {
    found = { help, type, samples: new Map() }
    families.set(name, found)
  }
  return found
}

const add = ({ samples }: Family, key: string, by: number): void => {
  samples.set(key, (samples.get(key) ?? 0) + by)
}

/** A counter, named `..._total`. Labels must have few values: never an id. */
const createCounter = (name: string, help: string) => {
  const counter = family(name, 'counter', help)
  return (labels: Labels = {}, by = 1): void => add(counter, sample(name, labels), by)
}

/** Durations, named `..._seconds`. */
const createHistogram = (name: string, help: string) => {
  const histogram = family(name, 'histogram', help)
  // Made once for each set of labels: one duration counts in up to fifteen samples.
  type Names = { bounds: string[]; count: string }
  const known = new Map<string, Names>()
  const namesOf = (sum: string, labels: Labels): Names => {
    let names = known.get(sum)
    if (!names) {
      const bounds = [...buckets, '+Inf'].map((le) => sample(`${name}_bucket`, { ...labels, le: String(le) }))
      names = { bounds, count: sample(`${name}_count`, labels) }
      known.set(sum, names)
    }
    return names
  }
  return (labels: Labels, seconds: number): void => {
    const sum = sample(`${name}_sum`, labels)
    const { bounds: names, count } = namesOf(sum, labels)
    for (let i = buckets.findIndex((bound) => seconds <= bound); i >= 0 && i < buckets.length; i++) {
      add(histogram, names[i]!, 1)
    }
    add(histogram, names[buckets.length]!, 1)
    add(histogram, sum, seconds)
    add(histogram, count, 1)
  }
}

/** A value that is set when somebody looks. */
const createGauge = (name: string, help: string) => {
  const gauge = family(name, 'gauge', help)
  return (value: number, labels: Labels = {}): void => {
    gauge.samples.set(sample(name, labels), value)
  }
}

/** Everything counted so far, in the order of first use. */
export function metricsText(): string {
  let text = ''
  for (const [name, { help, type, samples }] of families) {
    text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
    for (const [key, value] of samples) text += `${key} ${value}\n`
  }
  return text
}

export const httpRequests = createCounter('kram_http_requests_total', 'Requests by route and status.')
export const httpSeconds = createHistogram('kram_http_request_seconds', 'Time to answer, by route.')
export const invocations = createCounter(
  'kram_invocations_total',
  'Invocations of functions that events and schedules start, by outcome.',
)
export const invocationSeconds = createHistogram('kram_invocation_seconds', 'Their time, by function.')
export const deadLetters = createGauge('kram_dead_letters', 'Dead letters that nobody has set aside; at most 1,000.')
export const eventsAside = createGauge(
  'kram_events_aside',
  'Events that lie aside, by kind (unknown: no rule knows the type; unsent: refused by the bus for good); at most 1,000.',
)
export const promosLeftOut = createGauge(
  'kram_promos_left_out',
  'Saved promotions that are no good and apply to nobody.',
)
export const promoFaults = createCounter(
  'kram_promo_faults_total',
  'Answers without promotions (promos_failed), with the last good ones (promos_stale) or less said, by reason.',
)
export const cspReports = createCounter(
  'kram_csp_reports_total',
  'What the policy of the admin page kept out, as browsers report it, by directive.',
)

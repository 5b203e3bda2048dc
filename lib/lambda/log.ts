// Structured logs of every function. A line holds codes, ids and durations; never a body, a name, an address or an
// error's message, since messages quote what people wrote.
import { KramError } from '../base/errors.ts'

/** For a command that runs functions and prints something else. */
export function silenceLogs(): void {
  isSilent = true
}

let isSilent = false

export type LogFields = { [field: string]: string | number | boolean | string[] | undefined }

/** `context` goes into each line. Values, not global state: in one process many invocations run at once. */
export type Log = {
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

// Named as in Lambda's own JSON logs. Written past `console`, in whose lines Lambda puts a time and a request before the
// JSON: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
function write(stream: NodeJS.WritableStream, level: string, message: string, fields: LogFields): void {
  if (isSilent) return
  const timestamp = new Date().toISOString()
  stream.write(`${JSON.stringify({ level, message, timestamp, service: 'kram', ...fields })}\n`)
}

export const createLog = (context: LogFields): Log => ({
  info: (message, fields) => write(process.stdout, 'INFO', message, { ...context, ...fields }),
  warn: (message, fields) => write(process.stderr, 'WARN', message, { ...context, ...fields }),
  error: (message, fields) => write(process.stderr, 'ERROR', message, { ...context, ...fields }),
})

/** Of a W3C trace context (https://www.w3.org/TR/trace-context/): what all lines of one trace have in common. */
export const traceIdOf = (traceparent: string | undefined): string | undefined => traceparent?.slice(3, 35)

const framesShown = 8

// The `at ...` lines alone: the first lines of a stack are the message.
const frames = (error: Error): string[] =>
  (error.stack ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^at .*:\d+:\d+\)?$/.test(line))
    .slice(0, framesShown)

/** What a log line may say of a failure: code and kind of ours, name and place of others. */
export function errorFields(error: unknown): LogFields {
  if (error instanceof KramError) {
    const cause = error.cause instanceof Error ? error.cause.name : undefined
    return { code: error.code, kind: error.kind, retryable: error.retryable, cause }
  }
  if (error instanceof Error) return { code: 'internal', error_name: error.name, stack_frames: frames(error) }
  return { code: 'internal', error_name: typeof error }
}

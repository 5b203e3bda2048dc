// What a failed invocation says to the platform. Lambda hands only an error's name and message to the on-failure
// destination, and logs both: so the name carries code and retry decision, and nothing carries what people wrote.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html (responsePayload)
import type { Failure } from '../app/dead-letters.ts'
import { type Issue, KramError } from '../base/errors.ts'

const namePattern = /^kram\.(retryable|final)\.([a-z0-9_]{1,64})$/

// Two steps of a pointer are names of ours (`/data/address`); further ones, and a field that is not known, are the sender's.
function shown({ pointer, message }: Issue): string {
  const steps = pointer.split('/').slice(1)
  const ours = message.startsWith('is not a field here') ? Math.min(2, steps.length - 1) : 2
  return steps.map((step, i) => (i < ours || /^\d{1,4}$/.test(step) ? `/${step}` : '/...')).join('')
}

/** The sentence without names of fields that somebody else made up. */
const toldMessage = ({ message, detail: { issues = [] } }: KramError): string =>
  issues.reduce((told, issue) => told.replaceAll(issue.pointer || '\n', shown(issue)), message)

/** The error to throw at the edge of a function: of a fault of ours only its name is told. */
export function invocationError(error: unknown): KramError {
  const told =
    error instanceof KramError
      ? new KramError(error.kind, error.code, toldMessage(error), { detail: { retryable: error.retryable } })
      : new KramError(
          'unavailable',
          'internal',
          `A fault of ours: ${error instanceof Error ? error.name : typeof error}`,
        )
  told.name = `kram.${told.retryable ? 'retryable' : 'final'}.${told.code}`
  return told
}

/** Reads `errorType` and `errorMessage` of a failed invocation; what is not ours (timeouts, crashes) is retryable. */
export function readFailure(error: { errorType?: string; errorMessage?: string }): Failure {
  const message = error.errorMessage ?? ''
  const match = namePattern.exec(error.errorType ?? '')
  if (match?.[2]) return { code: match[2], message, retryable: match[1] === 'retryable' }
  return { code: /timed out/i.test(message) ? 'timeout' : 'crashed', message, retryable: true }
}

// What both failure paths of a subscription put into the queue, read into one form: EventBridge's message for an event
// that a rule could not hand over, and Lambda's record of an invocation that failed for good.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
import * as v from 'valibot'
import type { Failed } from '../app/dead-letters.ts'
import type { JsonObject } from '../base/json.ts'
import { isInstant, toInstant } from '../base/time.ts'
import type { Functions } from '../ports/functions.ts'
import { readFailure } from './invocation-error.ts'
import type { QueueMessage } from './queue-batch.ts'

/** Any event of a bus. */
const eventSchema = v.looseObject({
  id: v.string(),
  'detail-type': v.string(),
  source: v.string(),
  time: v.string(),
  detail: v.unknown(),
})

const recordSchema = v.object({
  /** When it failed; emulators leave it out, and then it is when the message was sent. */
  timestamp: v.optional(v.string(), ''),
  requestContext: v.object({
    functionArn: v.string(),
    /** RetriesExhausted, or EventAgeExceeded when it was never run to an end. */
    condition: v.string(),
    approximateInvokeCount: v.number(),
  }),
  requestPayload: eventSchema,
  responsePayload: v.nullish(
    v.object({ errorType: v.exactOptional(v.string()), errorMessage: v.exactOptional(v.string()) }),
  ),
})

const jsonSchema = v.pipe(v.string(), v.parseJson())

/** The function that a target means. What is no function of the shop can be sent nothing again. */
function targetOf(arn: string, functions: Pick<Functions, 'nameOf'>): { subscription: string; ours: boolean } {
  const name = functions.nameOf(arn)
  return { subscription: name ?? arn.split(':').at(-1) ?? arn, ours: name !== undefined }
}

// EventBridge's codes are words in capitals (NO_PERMISSIONS, THROTTLING); ours are in small letters.
const codeOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]/g, '_')
    .slice(0, 64) || 'not_delivered'

/** Nothing of the function has run; once whatever was in the way is mended, the event can go through. */
function readUndelivered(message: QueueMessage, functions: Pick<Functions, 'nameOf'>): Failed | undefined {
  const event = v.safeParse(v.pipe(jsonSchema, eventSchema), message.body)
  const {
    TARGET_ARN: target,
    ERROR_CODE: code = '',
    ERROR_MESSAGE: reason = '',
    RETRY_ATTEMPTS: retries,
  } = message.attributes
  if (!event.success || target === undefined) return undefined
  const condition = message.attributes.EXHAUSTED_RETRY_CONDITION
  const { subscription, ours } = targetOf(target, functions)
  return {
    subscription,
    event: event.output as JsonObject,
    code: codeOf(code),
    message: condition === undefined ? reason : `${reason} (${condition})`,
    retryable: ours,
    tries: 1 + Number(/^\d{1,6}$/.exec(retries ?? '')?.[0] ?? 0),
    failedAt: message.sentAt,
    toldBy: message.id,
  }
}

function readInvocation(message: QueueMessage, functions: Pick<Functions, 'nameOf'>): Failed | undefined {
  const record = v.safeParse(v.pipe(jsonSchema, recordSchema), message.body)
  if (!record.success) return undefined
  const { timestamp, requestContext, requestPayload, responsePayload } = record.output
  const aged = requestContext.condition === 'EventAgeExceeded' && !responsePayload
  const message_ = `The function was not run in time (${requestContext.condition}).`
  const failure = aged ? { code: 'too_old', message: message_, retryable: true } : readFailure(responsePayload ?? {})
  const ms = Date.parse(timestamp)
  const failedAt = Number.isNaN(ms) ? message.sentAt : toInstant(ms)
  const { subscription, ours } = targetOf(requestContext.functionArn, functions)
  return {
    ...failure,
    retryable: failure.retryable && ours,
    subscription,
    event: requestPayload as JsonObject,
    tries: Math.max(1, requestContext.approximateInvokeCount),
    failedAt: isInstant(failedAt) ? failedAt : message.sentAt,
    toldBy: message.id,
  }
}

/** Undefined for what is neither. */
export const readDeadLetterMessage = (
  message: QueueMessage,
  functions: Pick<Functions, 'nameOf'>,
): Failed | undefined => readInvocation(message, functions) ?? readUndelivered(message, functions)

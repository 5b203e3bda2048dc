// Batches of an SQS queue as Lambda hands them over, and the answer that sends single messages back.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
import * as v from 'valibot'
import { parseWith } from '../base/schema.ts'
import { type Instant, toInstant } from '../base/time.ts'

const batchSchema = v.object({
  Records: v.array(
    v.object({
      messageId: v.string(),
      body: v.string(),
      attributes: v.object({ SentTimestamp: v.pipe(v.string(), v.regex(/^\d{1,16}$/)) }),
      messageAttributes: v.optional(v.record(v.string(), v.object({ stringValue: v.optional(v.string()) })), {}),
    }),
  ),
})

export type QueueMessage = { id: string; body: string; sentAt: Instant; attributes: Record<string, string> }

/** @throws KramError invalid `invalid_batch` for what is no batch of a queue */
export function queueMessages(event: unknown): QueueMessage[] {
  const { Records } = parseWith(batchSchema, event, { code: 'invalid_batch', what: 'The batch of the queue' })
  return Records.map(({ messageId, body, attributes, messageAttributes }) => ({
    id: messageId,
    body,
    sentAt: toInstant(Number(attributes.SentTimestamp)),
    attributes: Object.fromEntries(
      Object.entries(messageAttributes).map(([name, { stringValue = '' }]) => [name, stringValue]),
    ),
  }))
}

export type BatchAnswer = { batchItemFailures: { itemIdentifier: string }[] }

/** Messages with these ids come again. */
export const sendBack = (ids: readonly string[]): BatchAnswer => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
})

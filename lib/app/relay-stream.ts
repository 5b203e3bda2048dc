// The outbox relay where the table has a stream of its changes (DynamoDB Streams through Lambda).
import * as v from 'valibot'
import { parseWith } from '../base/schema.ts'
import type { Deps } from './deps.ts'
import { keys } from './keys.ts'
import { relayKeys } from './outbox.ts'

const text = v.object({ S: v.string() })

// Keys are enough: the relay reads the item, and one that is gone was sent already.
const streamSchema = v.object({
  Records: v.array(
    v.object({ dynamodb: v.object({ Keys: v.object({ pk: text, sk: text }), SequenceNumber: v.string() }) }),
  ),
})

/** Lambda's answer for a stream: the records that are to come again. https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html */
export type StreamAnswer = { batchItemFailures: { itemIdentifier: string }[] }

/**
 * Relays the outbox items that a batch of the stream names; other records are passed over. `onUnsent`: so many lie aside
 * from now on, since the bus refuses them for good.
 */
export async function relayStream(
  deps: Pick<Deps, 'bus' | 'table'>,
  batch: unknown,
  onUnsent: (count: number) => void = () => {},
): Promise<StreamAnswer> {
  const { Records } = parseWith(streamSchema, batch, { code: 'invalid_stream', what: 'The batch of the stream' })
  const waiting = new Map<string, { sequence: string; pk: string; sk: string }>()
  for (const { dynamodb } of Records) {
    const pk = dynamodb.Keys.pk.S
    if (pk.startsWith('outbox#')) waiting.set(pk, { sequence: dynamodb.SequenceNumber, pk, sk: dynamodb.Keys.sk.S })
  }
  const { rejected } = await relayKeys(
    deps,
    [...waiting.values()].map(({ pk, sk }) => ({ pk, sk })),
  )
  const unsent = rejected.filter(({ retryable }) => !retryable).length
  if (unsent > 0) onUnsent(unsent)
  const failed = rejected
    .filter(({ retryable }) => retryable)
    .map(({ id }) => waiting.get(keys.outbox(id).pk)?.sequence)
  return {
    batchItemFailures: failed
      .filter((sequence) => sequence !== undefined)
      .map((itemIdentifier) => ({ itemIdentifier })),
  }
}

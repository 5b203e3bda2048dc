// Messages of the dead-letter queue that differ from AWS's own in what nothing depends on.
import { expect, test } from 'vitest'
import { readDeadLetterMessage } from '../../lib/lambda/dead-letter-message.ts'
import { queueMessages } from '../../lib/lambda/queue-batch.ts'
import captured from '../payloads/dead-letter-ministack.json' with { type: 'json' }

const event = {
  id: 'of the bus',
  'detail-type': 'customer_buys_product',
  source: 'kram.shop',
  time: '2026-11-22T06:27:12Z',
  detail: { id: 'e1', type: 'customer_buys_product' },
}

const record = {
  requestContext: {
    functionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:kram-local-count-stock',
    condition: 'RetriesExhausted',
    approximateInvokeCount: 3,
  },
  requestPayload: event,
  responseContext: { statusCode: 200, functionError: 'Unhandled' },
  responsePayload: { errorType: 'kram.retryable.unknown_product', errorMessage: 'There is no product p.' },
}

const functions = { nameOf: () => 'count-stock' }
const sentAt = '2026-11-22T06:27:19.000Z'
const read = (body: unknown) =>
  readDeadLetterMessage({ id: 'm1', body: JSON.stringify(body), sentAt, attributes: {} }, functions)

test('a record without a time of its own, as emulators write it, failed when it was sent', () => {
  expect(read(record)).toMatchObject({ subscription: 'count-stock', code: 'unknown_product', failedAt: sentAt })
})

test('a time that is none is passed over', () => {
  expect(read({ ...record, timestamp: 'lately' })?.failedAt).toBe(sentAt)
  expect(read({ ...record, timestamp: '2026-11-22T06:27:18.5Z' })?.failedAt).toBe('2026-11-22T06:27:18.500Z')
})

test('a record that was captured from an emulator is read: which function, which event, when', () => {
  const [message, ...more] = queueMessages(captured)
  expect(more).toEqual([])
  expect(message && readDeadLetterMessage(message, functions)).toMatchObject({
    subscription: 'count-stock',
    event: { 'detail-type': 'new_customer', detail: { id: 'c1f9b0de-6f0f-5f0b-9d9a-0b8d2c9a6a11' } },
    // Its own words for whatever a function throws.
    ...{ code: 'crashed', retryable: true, message: 'The table cannot be reached (TimeoutError).' },
    ...{ tries: 3, failedAt: '2026-11-22T09:01:36.267Z', toldBy: message?.id },
  })
})

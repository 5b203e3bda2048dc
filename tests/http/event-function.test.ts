import { afterEach, describe, expect, test } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { provideDeps } from '../../lib/lambda/deps.ts'
import { eventFunction, plainFunction, rawEventFunction } from '../../lib/lambda/event-function.ts'
import { readFailure } from '../../lib/lambda/invocation-error.ts'
import type { Envelope } from '../../lib/ports/bus.ts'
import { captureOutput, jsonLines } from '../support/capture-output.ts'

const canary = 'Kanarkowska 7'

const envelope: Envelope = {
  specversion: '1.0',
  id: 'e-1',
  source: 'kram.shop',
  type: 'new_customer',
  time: '2022-04-24T19:41:07.000Z',
  dataschema: 'urn:kram:new_customer:1',
  correlationid: 'c-1',
  causationid: 'e-0',
  data: { id: 'customer_k_000', address: canary },
}
const busEvent = {
  version: '0',
  id: 'bus-1',
  'detail-type': 'new_customer',
  source: 'kram.shop',
  account: '123456789012',
  time: '2022-04-24T19:41:07Z',
  region: 'eu-central-1',
  resources: [],
  detail: envelope,
}

afterEach(() => provideDeps({ settings: undefined, clock: undefined }))

describe('an event function', () => {
  test('hands over the parts it asked for, the envelope and what the bus knows', async () => {
    provideDeps({ settings: { currency: 'UAH', timeZone: 'Europe/Kyiv' } })
    const seen: unknown[] = []
    const handler = eventFunction(['settings'], async (...given) => seen.push(...given))
    await captureOutput(() => handler(busEvent, { functionName: 'on-x', delivery: { attempt: 2 } }))
    expect(seen).toEqual([
      { settings: { currency: 'UAH', timeZone: 'Europe/Kyiv' } },
      envelope,
      { attempt: 2, replay: false },
    ])
  })

  test('tells a replay by the field that EventBridge sets', async () => {
    const handler = eventFunction([], async (_deps, _event, delivery) => {
      expect(delivery).toEqual({ replay: true })
    })
    await captureOutput(() => handler({ ...busEvent, 'replay-name': 'again' }))
  })

  test.each([
    ['detail that is no envelope', { ...busEvent, detail: { hello: 'there' } }, 'invalid_envelope'],
    ['time that is no instant', { ...busEvent, detail: { ...envelope, time: 'now' } }, 'invalid_envelope'],
    ['data that is no object', { ...busEvent, detail: { ...envelope, data: [] } }, 'invalid_envelope'],
    ['no bus event at all', 'hello', 'invalid_bus_event'],
    ['nothing', undefined, 'invalid_bus_event'],
  ])('refuses %s for good', async (_name, event, code) => {
    const handler = eventFunction([], async () => expect.unreachable())
    await captureOutput(() =>
      expect(handler(event)).rejects.toMatchObject({ code, retryable: false, name: `kram.final.${code}` }),
    )
  })

  test('logs one line with the ids of the chain', async () => {
    const handler = eventFunction([], async () => {})
    const lines = jsonLines(await captureOutput(() => handler(busEvent, { functionName: 'on-new-customer' })))
    expect(lines).toMatchObject([
      {
        level: 'INFO',
        message: 'handled',
        function: 'on-new-customer',
        event_id: 'e-1',
        event_type: 'new_customer',
        correlation_id: 'c-1',
        causation_id: 'e-0',
      },
    ])
  })

  test('a store that nobody opened is unavailable, and tried again', async () => {
    const handler = eventFunction(['table'], async () => expect.unreachable())
    await captureOutput(() =>
      expect(handler(busEvent)).rejects.toMatchObject({ code: 'shop_not_open', retryable: true }),
    )
  })
})

describe('a failure', () => {
  const failures: [string, unknown, ReturnType<typeof readFailure>][] = [
    [
      'ours, retryable by exception',
      new KramError('not_found', 'unknown_customer', 'Not here yet.', { detail: { retryable: true } }),
      { code: 'unknown_customer', message: 'Not here yet.', retryable: true },
    ],
    [
      'ours, final',
      new KramError('conflict', 'conflict', 'Other content.'),
      { code: 'conflict', message: 'Other content.', retryable: false },
    ],
    [
      'a bug whose message quotes data',
      new TypeError(`cannot read ${canary}`),
      { code: 'internal', message: 'A fault of ours: TypeError', retryable: true },
    ],
    ['a thrown text', canary, { code: 'internal', message: 'A fault of ours: string', retryable: true }],
  ]

  test.each(failures)(
    '%s: is thrown so that the platform keeps code and retry decision',
    async (_name, error, failure) => {
      const handler = eventFunction([], async () => {
        throw error
      })
      let thrown: unknown
      const output = await captureOutput(async () => {
        thrown = await handler(busEvent).catch((caught: unknown) => caught)
      })
      expect(thrown).toBeInstanceOf(KramError)
      const { name, message, stack } = thrown as KramError
      expect(readFailure({ errorType: name, errorMessage: message })).toEqual(failure)
      expect(`${output}${name}${message}${stack}`).not.toContain(canary)
      expect(jsonLines(output)).toMatchObject([{ message: 'failed', correlation_id: 'c-1', code: failure.code }])
    },
  )

  test('of Lambda itself is retryable', () => {
    const timedOut = {
      errorType: 'Sandbox.Timedout',
      errorMessage: 'RequestId: x Error: Task timed out after 3.00 seconds',
    }
    expect(readFailure(timedOut)).toMatchObject({ code: 'timeout', retryable: true })
    expect(readFailure({})).toEqual({ code: 'crashed', message: '', retryable: true })
  })
})

test('a raw event function takes foreign events', async () => {
  const details: unknown[] = []
  const handler = rawEventFunction([], async (_deps, event) => details.push(event.detail))
  await captureOutput(() => handler({ ...busEvent, source: 'aws.s3', detail: { bucket: 'b' } }))
  expect(details).toEqual([{ bucket: 'b' }])
})

test('a plain function gets what it was invoked with and answers what it likes', async () => {
  const handler = plainFunction(['clock'], async ({ clock }, event) => ({ event, known: clock.now() > 0 }))
  await captureOutput(async () => expect(await handler({ a: 1 })).toEqual({ event: { a: 1 }, known: true }))
})

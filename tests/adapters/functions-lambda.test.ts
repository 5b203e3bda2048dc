// The shop's functions on Lambda: what is invoked, and what an answer means.
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { mockClient } from 'aws-sdk-client-mock'
import { describe, expect, test } from 'vitest'
import { createLambdaFunctions } from '../../lib/adapters/functions/lambda.ts'
import type { BusEvent } from '../../lib/ports/bus.ts'
import { envelope } from '../support/envelopes.ts'
import { awsError, recordedPatience } from '../support/patience.ts'

const event: BusEvent = {
  version: '0',
  id: 'eb-1',
  'detail-type': 'thing_happened',
  source: 'kram.tests',
  account: '111122223333',
  time: '2022-04-24T19:41:08Z',
  region: 'eu-central-1',
  resources: [],
  detail: envelope('e1'),
}

function open() {
  const client = new LambdaClient({ region: 'eu-central-1' })
  const mock = mockClient(client)
  const { patience, waits } = recordedPatience()
  return { mock, waits, functions: createLambdaFunctions({ prefix: 'kram-dev-', client, ...patience }) }
}

const payload = (text: string) => Object.assign(new TextEncoder().encode(text), { transformToString: () => text })

describe('call', () => {
  test('waits for the end of the function that the name means', async () => {
    const { mock, functions } = open()
    mock.on(InvokeCommand).resolves({ StatusCode: 200, Payload: payload('null') as never })
    expect(await functions.call('on-thing', event)).toEqual({ ok: true })
    expect(mock.commandCalls(InvokeCommand)[0]?.args[0].input).toEqual({
      FunctionName: 'kram-dev-on-thing',
      InvocationType: 'RequestResponse',
      Payload: JSON.stringify(event),
    })
  })

  test.each([
    [
      '{"errorType":"kram.final.spoiled","errorMessage":"No.","trace":[]}',
      { errorType: 'kram.final.spoiled', errorMessage: 'No.' },
    ],
    ['{"errorMessage":"Task timed out after 30.03 seconds"}', { errorMessage: 'Task timed out after 30.03 seconds' }],
    ['not JSON', { errorMessage: 'not JSON' }],
    ['null', {}],
  ])('a function that failed: %s', async (text, error) => {
    const { mock, functions } = open()
    mock.on(InvokeCommand).resolves({ StatusCode: 200, FunctionError: 'Unhandled', Payload: payload(text) as never })
    expect(await functions.call('on-thing', event)).toEqual({ ok: false, ...error })
  })

  test('throttles pass; what cannot be called is unavailable', async () => {
    const { mock, functions, waits } = open()
    mock
      .on(InvokeCommand)
      .rejectsOnce(awsError('TooManyRequestsException', 429))
      .resolvesOnce({ StatusCode: 200 })
      .rejects(awsError('ResourceNotFoundException', 404))
    expect(await functions.call('on-thing', event)).toEqual({ ok: true })
    expect(waits).toEqual([25])
    await expect(functions.call('on-thing', event)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'function_unavailable',
    })
  })
})

test('start does not wait', async () => {
  const { mock, functions } = open()
  mock.on(InvokeCommand).resolves({ StatusCode: 202 })
  await functions.start('redrive-dead-letters')
  expect(mock.commandCalls(InvokeCommand)[0]?.args[0].input).toMatchObject({
    FunctionName: 'kram-dev-redrive-dead-letters',
    InvocationType: 'Event',
  })
})

test.each([
  ['arn:aws:lambda:eu-central-1:111122223333:function:kram-dev-on-thing', 'on-thing'],
  ['arn:aws:lambda:eu-central-1:111122223333:function:kram-dev-on-thing:$LATEST', 'on-thing'],
  ['arn:aws:lambda:eu-central-1:111122223333:function:other-on-thing', undefined],
  ['arn:aws:sqs:eu-central-1:111122223333:kram-dev-archive', undefined],
  ['', undefined],
])('the name in %s is %s', (arn, name) => {
  expect(open().functions.nameOf(arn)).toBe(name)
})

// The bus on EventBridge: what PutEvents is sent and what its answers mean; replays of EventBridge's archive.
import {
  CancelReplayCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge'
import { mockClient } from 'aws-sdk-client-mock'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEventBridgeBus } from '../../lib/adapters/bus/eventbridge.ts'
import { KramError } from '../../lib/base/errors.ts'
import { toMs } from '../../lib/base/time.ts'
import { envelope } from '../support/envelopes.ts'
import { awsError, recordedPatience } from '../support/patience.ts'

const busArn = 'arn:aws:events:eu-central-1:111122223333:event-bus/kram-dev'
const archiveArn = 'arn:aws:events:eu-central-1:111122223333:archive/kram-dev'
const ruleArn = (name: string) => `arn:aws:events:eu-central-1:111122223333:rule/kram-dev/${name}`
const now = '2022-12-31T12:00:00.000Z'

function open() {
  const client = new EventBridgeClient({ region: 'eu-central-1' })
  const mock = mockClient(client)
  const { patience, waits } = recordedPatience()
  const unused = () => Promise.reject(new Error('not in this test'))
  const subscriptions = [
    { name: 'keeps', takesReplays: true, ruleArn: ruleArn('keeps') },
    { name: 'also', takesReplays: true, ruleArn: ruleArn('also') },
    { name: 'acts', takesReplays: false, ruleArn: ruleArn('acts') },
  ]
  const bus = createEventBridgeBus({
    busName: 'kram-dev',
    client,
    clock: { now: () => toMs(now) },
    archive: unused,
    deadLetters: unused,
    replays: () => ({ busArn, archiveArn, subscriptions }),
    ...patience,
  })
  return { mock, waits, bus }
}

const requestsOf = (mock: ReturnType<typeof open>['mock']): PutEventsRequestEntry[][] =>
  mock.commandCalls(PutEventsCommand).map((call) => call.args[0].input.Entries ?? [])

const idOf = ({ Detail = '{}' }: PutEventsRequestEntry): string => JSON.parse(Detail).id

/** Answers each entry by its event's id: an error code, or that it was taken. */
const answering = (errors: (id: string) => string | undefined) => (input: { Entries: PutEventsRequestEntry[] }) => {
  const Entries = input.Entries.map((entry) => {
    const ErrorCode = errors(idOf(entry))
    return ErrorCode === undefined
      ? { EventId: `eb-${idOf(entry)}` }
      : { ErrorCode, ErrorMessage: `because ${ErrorCode}` }
  })
  return { FailedEntryCount: Entries.filter((each) => 'ErrorCode' in each).length, Entries }
}

const sizeOf = ({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number =>
  Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail)

describe('publish', () => {
  test('sends the whole event as detail, its source and type beside, and no time', async () => {
    const { mock, bus } = open()
    mock.on(PutEventsCommand).callsFake(answering(() => undefined))
    const event = envelope('e1', { text: 'zażółć' })
    expect(await bus.publish([event])).toEqual({ accepted: ['e1'], rejected: [] })
    expect(requestsOf(mock)).toEqual([
      [
        {
          EventBusName: 'kram-dev',
          Source: 'kram.tests',
          DetailType: 'thing_happened',
          Detail: JSON.stringify(event),
        },
      ],
    ])
  })

  test('batches by 10 entries and by 1 MB of source, type and detail in UTF-8', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.constantFrom(120_000, 499_000, 333_000)), {
          maxLength: 40,
        }),
        async (sizes) => {
          const { mock, bus } = open()
          mock.on(PutEventsCommand).callsFake(answering(() => undefined))
          // Two bytes a letter in UTF-8, so that characters are not what is counted.
          const events = sizes.map((size, n) => envelope(`e${n}`, { text: 'ł'.repeat(size) }))
          const { accepted, rejected } = await bus.publish(events)
          const requests = requestsOf(mock)
          expect(rejected).toEqual([])
          expect(accepted).toEqual(events.map(({ id }) => id))
          expect(requests.flat().map(idOf).sort()).toEqual(events.map(({ id }) => id).sort())
          for (const entries of requests) {
            expect(entries.length).toBeLessThanOrEqual(10)
            expect(entries.reduce((sum, entry) => sum + sizeOf(entry), 0)).toBeLessThanOrEqual(1_000_000)
          }
        },
      ),
      { numRuns: 60, seed: 3 },
    )
  })

  test('exactly 1 MB goes through, one byte more is rejected alone and never sent', async () => {
    const { mock, bus } = open()
    mock.on(PutEventsCommand).callsFake(answering(() => undefined))
    const empty = envelope('x', { text: '' })
    const room = 1_000_000 - Buffer.byteLength(JSON.stringify(empty)) - 'kram.tests'.length - 'thing_happened'.length
    const fits = envelope('x', { text: 'a'.repeat(room) })
    const tooLarge = envelope('y', { text: 'a'.repeat(room + 1) })
    const { accepted, rejected } = await bus.publish([tooLarge, fits, envelope('z')])
    expect(accepted).toEqual(['x', 'z'])
    expect(rejected).toEqual([{ id: 'y', code: 'too_large', retryable: false, message: expect.any(String) }])
    expect(requestsOf(mock).flat().map(idOf).sort()).toEqual(['x', 'z'])
  })

  test('sends only the entries again that may pass', async () => {
    const { mock, bus, waits } = open()
    let request = 0
    mock.on(PutEventsCommand).callsFake((input) => {
      request++
      return answering((id) => {
        if (id === 'malformed') return 'MalformedDetail'
        if (id === 'foreign') return 'NotAuthorizedForSource'
        if (id === 'slow' && request < 3) return 'ThrottlingException'
        return id === 'broken' && request < 2 ? 'InternalFailure' : undefined
      })(input)
    })
    const ids = ['good', 'malformed', 'slow', 'foreign', 'broken']
    expect(await bus.publish(ids.map((id) => envelope(id)))).toEqual({
      accepted: ['good', 'slow', 'broken'],
      rejected: [
        { id: 'malformed', code: 'malformed', retryable: false, message: expect.stringContaining('MalformedDetail') },
        { id: 'foreign', code: 'not_authorized', retryable: true, message: expect.any(String) },
      ],
    })
    expect(requestsOf(mock).map((entries) => entries.map(idOf))).toEqual([ids, ['slow', 'broken'], ['slow']])
    expect(waits).toEqual([25, 50])
  })

  test('tells who is lost when patience ends', async () => {
    const { mock, bus, waits } = open()
    mock.on(PutEventsCommand).callsFake(answering((id) => (id === 'slow' ? 'ThrottlingException' : undefined)))
    expect(await bus.publish([envelope('good'), envelope('slow')])).toEqual({
      accepted: ['good'],
      rejected: [{ id: 'slow', code: 'throttled', retryable: true, message: expect.any(String) }],
    })
    expect(waits).toEqual([25, 50, 100, 200, 400, 800, 1000])
  })

  test.each([awsError('ThrottlingException', 400), awsError('InternalException', 500), awsError('TimeoutError')])(
    'a request that fails as a whole with $name is sent again',
    async (error) => {
      const { mock, bus } = open()
      mock
        .on(PutEventsCommand)
        .rejectsOnce(error)
        .callsFakeOnce(answering(() => undefined))
      expect(await bus.publish([envelope('a'), envelope('b')])).toEqual({ accepted: ['a', 'b'], rejected: [] })
    },
  )

  test('a request that is refused as a whole rejects its events, and may be tried when that is mended', async () => {
    const { mock, bus, waits } = open()
    mock.on(PutEventsCommand).rejects(awsError('AccessDeniedException', 400))
    const { accepted, rejected } = await bus.publish([envelope('a'), envelope('b')])
    expect(accepted).toEqual([])
    expect(rejected.map(({ id, code, retryable }) => [id, code, retryable])).toEqual([
      ['a', 'not_authorized', true],
      ['b', 'not_authorized', true],
    ])
    expect(waits).toEqual([])
  })

  test('an entry of which the answer says nothing is not taken for accepted', async () => {
    const { mock, bus } = open()
    mock
      .on(PutEventsCommand)
      .resolvesOnce({ Entries: [{ EventId: '1' }] })
      .resolvesOnce({ Entries: [{ EventId: '2' }] })
    expect(await bus.publish([envelope('a'), envelope('b')])).toEqual({ accepted: ['a', 'b'], rejected: [] })
    expect(requestsOf(mock).map((entries) => entries.map(idOf))).toEqual([['a', 'b'], ['b']])
  })
})

const range = { from: '2022-12-01T00:00:00.000Z', to: '2022-12-02T00:00:00.000Z' }
const refused = (code: string, pointer?: string) =>
  expect.objectContaining({
    kind: 'invalid',
    code,
    ...(pointer !== undefined && { detail: { issues: [{ pointer, message: expect.any(String) }] } }),
  })

describe('replay', () => {
  test('starts a replay to the rules that take replays, and no others', async () => {
    const { mock, bus } = open()
    mock.on(StartReplayCommand).resolves({ State: 'STARTING' })
    const status = await bus.replay(range)
    expect(status).toEqual({ name: expect.stringMatching(/^kram-dev-20221231120000000-\d+$/), state: 'running' })
    expect(mock.commandCalls(StartReplayCommand)[0]?.args[0].input).toEqual({
      ReplayName: status.name,
      EventSourceArn: archiveArn,
      EventStartTime: new Date(range.from),
      EventEndTime: new Date(range.to),
      Destination: { Arn: busArn, FilterArns: [ruleArn('keeps'), ruleArn('also')] },
    })
    await bus.replay({ ...range, to: '2100-01-01T00:00:00.000Z', subscriptions: ['also', 'also'] })
    expect(mock.commandCalls(StartReplayCommand)[1]?.args[0].input).toMatchObject({
      EventEndTime: new Date(now),
      Destination: { FilterArns: [ruleArn('also')] },
    })
  })

  test('refuses what EventBridge cannot do, with the reason', async () => {
    const { mock, bus } = open()
    const replay = (rest: object) => bus.replay({ ...range, ...rest })
    await expect(replay({ pattern: { source: ['x'] } })).rejects.toEqual(refused('replay_refused', '/pattern'))
    await expect(replay({ rate: 5 })).rejects.toEqual(refused('replay_refused', '/rate'))
    await expect(replay({ subscriptions: ['acts'] })).rejects.toEqual(refused('replay_refused', '/subscriptions/0'))
    await expect(replay({ subscriptions: ['keeps', 'x'] })).rejects.toEqual(
      refused('replay_refused', '/subscriptions/1'),
    )
    await expect(replay({ to: range.from })).rejects.toEqual(refused('time_range'))
    expect(mock.calls()).toHaveLength(0)
    expect(bus.capabilities).toEqual({
      detectsConflicts: false,
      replayByPattern: false,
      replayRate: false,
      replayInOrder: false,
    })
  })

  test('a start whose answer was lost is found again by its name', async () => {
    const { mock, bus } = open()
    mock
      .on(StartReplayCommand)
      .rejectsOnce(awsError('TimeoutError'))
      .rejectsOnce(awsError('ResourceAlreadyExistsException', 400))
    mock.on(DescribeReplayCommand).resolves({ State: 'RUNNING' })
    expect(await bus.replay(range)).toMatchObject({ state: 'running' })
  })

  test.each([
    ['STARTING', 'running'],
    ['RUNNING', 'running'],
    ['CANCELLING', 'running'],
    ['COMPLETED', 'completed'],
    ['CANCELLED', 'cancelled'],
    ['FAILED', 'failed'],
  ] as const)('%s is %s', async (State, state) => {
    const { mock, bus } = open()
    mock.on(DescribeReplayCommand).resolves({ State, StateReason: 'so it is' })
    expect(await bus.replayStatus('kram-1')).toEqual({ name: 'kram-1', state, message: 'so it is' })
    expect(mock.commandCalls(DescribeReplayCommand)[0]?.args[0].input).toEqual({ ReplayName: 'kram-1' })
  })

  test('cancels; one that has ended stays as it is', async () => {
    const { mock, bus } = open()
    mock
      .on(CancelReplayCommand)
      .resolvesOnce({ State: 'CANCELLING' })
      .rejectsOnce(awsError('IllegalStatusException', 400))
    mock.on(DescribeReplayCommand).resolves({ State: 'COMPLETED' })
    expect(await bus.cancelReplay('kram-1')).toEqual({ name: 'kram-1', state: 'running' })
    expect(await bus.cancelReplay('kram-1')).toEqual({ name: 'kram-1', state: 'completed' })
  })

  test('unknown replays are not_found, too many are a limit, no answer is unavailable', async () => {
    const { mock, bus } = open()
    mock.on(DescribeReplayCommand).rejects(awsError('ResourceNotFoundException', 400))
    await expect(bus.replayStatus('kram-1')).rejects.toMatchObject({ kind: 'not_found', code: 'replay_not_found' })
    await expect(bus.replayStatus('no such name!')).rejects.toMatchObject({ kind: 'not_found' })
    mock.on(StartReplayCommand).rejectsOnce(awsError('LimitExceededException', 400)).rejects(awsError('TimeoutError'))
    await expect(bus.replay(range)).rejects.toMatchObject({ kind: 'limit', code: 'too_many_replays' })
    await expect(bus.replay(range)).rejects.toBeInstanceOf(KramError)
    await expect(bus.replay(range)).rejects.toMatchObject({ kind: 'unavailable', code: 'bus_unavailable' })
  })
})

// Objects in S3: the requests sent, and S3's own answers - preconditions, conflicts, throttles, answers that are lost.
import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { mockClient } from 'aws-sdk-client-mock'
import { describe, expect, test } from 'vitest'
import { createS3Objects } from '../../lib/adapters/objects/s3.ts'
import { awsError, recordedPatience } from '../support/patience.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

function open() {
  const client = new S3Client({ region: 'eu-central-1' })
  const mock = mockClient(client)
  const { patience, waits } = recordedPatience()
  return { mock, waits, objects: createS3Objects({ bucket: 'shop', client, ...patience }) }
}

/** The one method of a body that the adapter calls. */
const bodyOf = (transformToByteArray: () => Promise<Uint8Array>) =>
  ({ transformToByteArray }) as unknown as NonNullable<GetObjectCommandOutput['Body']>

const answer = (text: string, ETag: string) => ({ Body: bodyOf(async () => bytes(text)), ETag })

describe('get', () => {
  test('asks with If-None-Match and answers what came', async () => {
    const { mock, objects } = open()
    mock.on(GetObjectCommand).resolves(answer('text', '"2"'))
    expect(await objects.get('promos/set.json', { ifNoneMatch: '"1"' })).toEqual({ bytes: bytes('text'), etag: '"2"' })
    expect(mock.commandCalls(GetObjectCommand)[0]?.args[0].input).toEqual({
      Bucket: 'shop',
      Key: 'promos/set.json',
      IfNoneMatch: '"1"',
    })
  })

  test('304 is not_modified, NoSuchKey is undefined', async () => {
    const { mock, objects } = open()
    mock.on(GetObjectCommand).rejectsOnce(awsError('304', 304)).rejectsOnce(awsError('NoSuchKey', 404))
    expect(await objects.get('a', { ifNoneMatch: '"1"' })).toBe('not_modified')
    expect(await objects.get('a')).toBeUndefined()
  })

  test('a missing bucket is no missing object', async () => {
    const { mock, objects, waits } = open()
    mock.on(GetObjectCommand).rejects(awsError('NoSuchBucket', 404))
    await expect(objects.get('a')).rejects.toMatchObject({ kind: 'unavailable', code: 'objects_unavailable' })
    expect(waits).toEqual([])
  })

  test('SlowDown passes; a body that breaks off is asked for again', async () => {
    const { mock, objects, waits } = open()
    const broken = bodyOf(() => Promise.reject(awsError('Error', undefined, { code: 'ECONNRESET' })))
    mock
      .on(GetObjectCommand)
      .rejectsOnce(awsError('SlowDown', 503))
      .resolvesOnce({ Body: broken })
      .resolvesOnce(answer('text', '"1"'))
    expect(await objects.get('a')).toEqual({ bytes: bytes('text'), etag: '"1"' })
    expect(waits).toEqual([25, 50])
  })

  test('hands its signal on, and gives up at once when it is aborted', async () => {
    const { mock, objects } = open()
    mock.on(GetObjectCommand).rejects(awsError('AbortError'))
    await expect(objects.get('a', { signal: new AbortController().signal })).rejects.toMatchObject({
      kind: 'unavailable',
    })
    const options: unknown = (mock.send.firstCall.args as unknown[])[1]
    expect(options).toHaveProperty('abortSignal')
    await expect(objects.get('a', { signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'unavailable' })
    expect(mock.commandCalls(GetObjectCommand)).toHaveLength(1)
  })
})

describe('put', () => {
  test('sends If-Match or If-None-Match: *', async () => {
    const { mock, objects } = open()
    mock.on(PutObjectCommand).resolves({ ETag: '"2"' })
    expect(await objects.put('a', bytes('x'), { ifMatch: '"1"', contentType: 'application/json' })).toEqual({
      etag: '"2"',
    })
    await objects.put('a', bytes('x'), { ifAbsent: true })
    await objects.put('a', bytes('x'))
    const inputs = mock.commandCalls(PutObjectCommand).map((call) => call.args[0].input)
    const plain = { Bucket: 'shop', Key: 'a', Body: bytes('x'), ContentType: 'application/octet-stream' }
    expect(inputs).toEqual([
      { ...plain, ContentType: 'application/json', IfMatch: '"1"' },
      { ...plain, IfNoneMatch: '*' },
      plain,
    ])
  })

  test.each([awsError('PreconditionFailed', 412), awsError('NoSuchKey', 404)])('$name is refused', async (error) => {
    const { mock, objects, waits } = open()
    mock.on(PutObjectCommand).rejects(error)
    expect(await objects.put('a', bytes('x'), { ifMatch: '"1"' })).toBe('refused')
    expect(waits).toEqual([])
  })

  test('a conflict with another writer is sent again until it is decided', async () => {
    const { mock, objects, waits } = open()
    mock
      .on(PutObjectCommand)
      .rejectsOnce(awsError('ConditionalRequestConflict', 409))
      .rejectsOnce(awsError('PreconditionFailed', 412))
    expect(await objects.put('a', bytes('x'), { ifAbsent: true })).toBe('refused')
    expect(waits).toEqual([25])
    // It was decided against us for certain, so nothing is read.
    expect(mock.commandCalls(GetObjectCommand)).toHaveLength(0)
  })

  test.each([
    ['mine', { etag: '"9"' }],
    ['theirs', 'refused'],
  ])('after an answer that was lost, a precondition may fail by our own doing: %s', async (held, expected) => {
    const { mock, objects } = open()
    mock.on(PutObjectCommand).rejectsOnce(awsError('TimeoutError')).rejectsOnce(awsError('PreconditionFailed', 412))
    mock.on(GetObjectCommand).resolves(answer(held, '"9"'))
    expect(await objects.put('a', bytes('mine'), { ifMatch: '"1"' })).toEqual(expected)
  })

  test('throttled or in conflict without end is unavailable', async () => {
    for (const error of [awsError('SlowDown', 503), awsError('ConditionalRequestConflict', 409)]) {
      const { mock, objects, waits } = open()
      mock.on(PutObjectCommand).rejects(error)
      await expect(objects.put('a', bytes('x'))).rejects.toMatchObject({ kind: 'unavailable' })
      expect(waits).toEqual([25, 50, 100, 200, 400, 800, 1000])
    }
  })
})

describe('list and delete', () => {
  test('list reads all pages', async () => {
    const { mock, objects } = open()
    mock
      .on(ListObjectsV2Command)
      .resolvesOnce({ Contents: [{ Key: 'p/a' }, { Key: 'p/b' }], NextContinuationToken: 't' })
      .rejectsOnce(awsError('SlowDown', 503))
      .resolvesOnce({ Contents: [{ Key: 'p/c' }] })
    expect(await Array.fromAsync(objects.list('p/'))).toEqual(['p/a', 'p/b', 'p/c'])
    const inputs = mock.commandCalls(ListObjectsV2Command).map((call) => call.args[0].input)
    const next = { Bucket: 'shop', Prefix: 'p/', ContinuationToken: 't' }
    expect(inputs).toEqual([{ Bucket: 'shop', Prefix: 'p/' }, next, next])
  })

  test('delete asks S3, which does not mind what is missing', async () => {
    const { mock, objects } = open()
    mock.on(DeleteObjectCommand).rejectsOnce(awsError('InternalError', 500)).resolvesOnce({})
    await objects.delete('a')
    expect(mock.commandCalls(DeleteObjectCommand).at(-1)?.args[0].input).toEqual({ Bucket: 'shop', Key: 'a' })
  })
})

// How long the AWS adapters wait: against servers that do not answer, and in numbers.
import { createServer } from 'node:net'
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { clientOptions, isPassing, patiently, startTries, unavailable } from '../../lib/adapters/aws.ts'
import { createS3Objects } from '../../lib/adapters/objects/s3.ts'
import { awsError } from '../support/patience.ts'

/** Takes every request, says `begin` at once, and nothing more. */
async function silentServer(begin = ''): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.write(begin))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
const command = new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } })

describe('a client', () => {
  test('gives up a request that nobody answers, once, as something that may pass', async () => {
    const endpoint = await silentServer()
    const client = new DynamoDBClient({ ...clientOptions(200), endpoint, region: 'eu-central-1', credentials })
    onTestFinished(() => client.destroy())
    const error = await client.send(command).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'TimeoutError' })
    expect(isPassing(error)).toBe(true)
  })

  test('gives up an answer that stops in its midst, as something that may pass', async () => {
    const endpoint = await silentServer('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{"Item": {')
    const client = new DynamoDBClient({ ...clientOptions(200), endpoint, region: 'eu-central-1', credentials })
    onTestFinished(() => client.destroy())
    const error = await client.send(command).catch((thrown: unknown) => thrown)
    expect(isPassing(error)).toBe(true)
  })

  test('gives up an object that stops in its midst', async () => {
    const endpoint = await silentServer('HTTP/1.1 200 OK\r\netag: "a"\r\ncontent-length: 1000\r\n\r\n{"set": ')
    const client = new S3Client({
      ...clientOptions(200),
      ...{ endpoint, region: 'eu-central-1', credentials, forcePathStyle: true },
    })
    onTestFinished(() => client.destroy())
    const objects = createS3Objects({ bucket: 'b', client, random: { next: () => 0 }, tries: 2 })
    await expect(objects.get('a')).rejects.toMatchObject({ kind: 'unavailable', code: 'objects_unavailable' })
  })

  test('tries no more when who asked has given up', async () => {
    const endpoint = await silentServer()
    const client = new S3Client({
      ...clientOptions(20_000),
      ...{ endpoint, region: 'eu-central-1', credentials, forcePathStyle: true },
    })
    onTestFinished(() => client.destroy())
    let waits = 0
    const sleep = async (): Promise<void> => {
      waits++
    }
    const objects = createS3Objects({ bucket: 'b', client, random: { next: () => 0 }, sleep })
    const signal = AbortSignal.timeout(100)
    await expect(objects.get('a', { signal })).rejects.toMatchObject({ kind: 'unavailable' })
    await expect(objects.get('a', { signal })).rejects.toMatchObject({ kind: 'unavailable' })
    expect(waits).toBe(0)
  })

  test('says that a connection was refused', async () => {
    // Port 1 of this machine: nobody listens there.
    const client = new DynamoDBClient({
      ...clientOptions(),
      endpoint: 'http://127.0.0.1:1',
      region: 'eu-central-1',
      credentials,
    })
    onTestFinished(() => client.destroy())
    const error = await client.send(command).catch((thrown: unknown) => thrown)
    expect(isPassing(error)).toBe(true)
    expect(unavailable('table_unavailable', 'The table', error).message).toBe(
      'The table cannot be reached (ECONNREFUSED).',
    )
  })
})

describe('patience', () => {
  const waitsOf = async (chance: number, spentMs = 0): Promise<number[]> => {
    const waits: number[] = []
    let now = 0
    const sleep = async (ms: number): Promise<void> => {
      waits.push(ms)
      now += ms
    }
    const tries = startTries({ random: { next: () => chance }, sleep, now: () => now })
    do {
      now += spentMs
    } while (await tries.again())
    return waits
  }

  test('is full jitter under a bound that doubles, eight tries in all', async () => {
    expect(await waitsOf(0)).toEqual([0, 0, 0, 0, 0, 0, 0])
    expect(await waitsOf(0.5)).toEqual([25, 50, 100, 200, 400, 800, 1000])
    expect(await waitsOf(0.999)).toEqual([50, 100, 200, 400, 800, 1600, 2000].map((bound) => bound * 0.999))
  })

  test('ends with its time when requests take long', async () => {
    expect(await waitsOf(0, 3_000)).toEqual([0])
  })

  test('is for what passes only, and throws what it met last', async () => {
    const met = [awsError('ThrottlingException', 400), awsError('AccessDeniedException', 400)]
    const request = async (): Promise<never> => {
      throw met.shift()
    }
    const patience = { random: { next: () => 0 }, sleep: async () => {} }
    await expect(patiently(patience, request)).rejects.toMatchObject({ name: 'AccessDeniedException' })
    expect(met).toEqual([])
  })
})

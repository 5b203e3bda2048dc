// Objects in one S3 bucket, with S3's conditional requests for compare-and-set.
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { KramError } from '../../base/errors.ts'
import type { Objects, StoredObject } from '../../ports/objects.ts'
import {
  clientOptions,
  isPassing,
  isUnanswered,
  nameOf,
  type Patience,
  patiently,
  startTries,
  statusOf,
  unavailable,
} from '../aws.ts'
import { checkObjectKey } from './key.ts'

export type S3ObjectsOptions = Patience & {
  bucket: string
  client?: S3Client
  /** The bucket is in the path, not in the host's name: emulators want it so. */
  pathStyle?: boolean
}

/** Objects have megabytes. */
const objectTimeoutMs = 10_000

export function createS3Objects(options: S3ObjectsOptions): Objects {
  const { bucket: Bucket, pathStyle: forcePathStyle = false, client: given, ...patience } = options
  const client = given ?? new S3Client({ ...clientOptions(objectTimeoutMs), forcePathStyle })
  const store: Store = { Bucket, client, patience }
  return {
    get: (key, { ifNoneMatch, signal } = {}) => reachable(() => get(store, key, ifNoneMatch, signal)),
    put: (key, bytes, conditions = {}) => reachable(() => put(store, key, bytes.slice(), conditions)),
    list: (prefix) => list(store, prefix),
    delete: (key) =>
      reachable(async () => {
        checkObjectKey(key)
        await patiently(patience, () => client.send(new DeleteObjectCommand({ Bucket, Key: key })))
      }),
  }
}

type Store = { Bucket: string; client: S3Client; patience: Patience }

async function reachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof KramError ? error : unavailable('objects_unavailable', 'The store of objects', error)
  }
}

async function get(
  { Bucket, client, patience }: Store,
  key: string,
  ifNoneMatch: string | undefined,
  signal: AbortSignal | undefined,
): Promise<StoredObject | 'not_modified' | undefined> {
  checkObjectKey(key)
  const command = () =>
    new GetObjectCommand({ Bucket, Key: key, ...(ifNoneMatch !== undefined && { IfNoneMatch: ifNoneMatch }) })
  try {
    return await patiently(patience, async () => {
      // No passing fault, whatever the signal's own reason is called.
      if (signal?.aborted) throw unavailable('objects_unavailable', 'The store of objects', signal.reason)
      const { Body, ETag = '' } = await client.send(command(), signal ? { abortSignal: signal } : {})
      return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(), etag: ETag }
    })
  } catch (error) {
    if (statusOf(error) === 304) return 'not_modified'
    if (nameOf(error) === 'NoSuchKey') return undefined
    throw error
  }
}

type Conditions = { ifMatch?: string; ifAbsent?: true; contentType?: string }

/** S3's answers to a precondition that does not hold; NoSuchKey: there is nothing that could match. */
const refusedNames = new Set(['PreconditionFailed', 'NoSuchKey'])

async function put(
  store: Store,
  key: string,
  bytes: Uint8Array,
  { ifMatch, ifAbsent, contentType = 'application/octet-stream' }: Conditions,
): Promise<{ etag: string } | 'refused'> {
  checkObjectKey(key)
  const { Bucket, client, patience } = store
  const input = {
    Bucket,
    Key: key,
    Body: bytes,
    ContentType: contentType,
    ...(ifMatch !== undefined && { IfMatch: ifMatch }),
    ...(ifAbsent && { IfNoneMatch: '*' }),
  }
  const tries = startTries(patience)
  // After a request without an answer, a precondition may fail because that request was carried out.
  let maybeDone = false
  for (;;) {
    try {
      const { ETag = '' } = await client.send(new PutObjectCommand(input))
      return { etag: ETag }
    } catch (error) {
      if (refusedNames.has(nameOf(error)) || statusOf(error) === 412) {
        return maybeDone ? await heldAlready(store, key, bytes) : 'refused'
      }
      // 409 ConditionalRequestConflict: another writer was at it; S3 asks to send the request again.
      const contended = statusOf(error) === 409
      if (!contended && !isPassing(error)) throw error
      maybeDone ||= !contended && isUnanswered(error)
      if (!(await tries.again())) throw error
    }
  }
}

async function heldAlready(store: Store, key: string, bytes: Uint8Array): Promise<{ etag: string } | 'refused'> {
  const held = await get(store, key, undefined, undefined)
  if (held === undefined || held === 'not_modified') return 'refused'
  return Buffer.compare(held.bytes, bytes) === 0 ? { etag: held.etag } : 'refused'
}

/** S3 lists in the order of the keys' UTF-8 bytes. */
async function* list({ Bucket, client, patience }: Store, prefix: string): AsyncIterable<string> {
  let ContinuationToken: string | undefined
  do {
    const input = { Bucket, Prefix: prefix, ...(ContinuationToken !== undefined && { ContinuationToken }) }
    const page = await reachable(() => patiently(patience, () => client.send(new ListObjectsV2Command(input))))
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken !== undefined)
}

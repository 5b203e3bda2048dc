// The table on DynamoDB: every read strongly consistent but the listing, every write one transaction.
import { randomUUID } from 'node:crypto'
import {
  BatchGetItemCommand,
  DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb'
import { assert } from '../../base/assert.ts'
import { KramError } from '../../base/errors.ts'
import { limits } from '../../base/limits.ts'
import { compareUtf8 } from '../../base/text.ts'
import {
  type Item,
  type Key,
  type ListEntry,
  type ListQuery,
  listShards,
  type Page,
  type Query,
  type Table,
  type WriteOp,
  type WriteResult,
} from '../../ports/table.ts'
import { clientOptions, nameOf, type Patience, patiently, startTries, unavailable } from '../aws.ts'
import { decodePageToken, encodePageToken } from '../page-token.ts'
import { checkKey, checkLimit, checkListQuery, checkQuery, checkWrite } from './checks.ts'
import {
  listingIndex,
  mergeShards,
  partitionOf,
  positionRange,
  readIndexEntry,
  type ShardPage,
} from './dynamodb-listing.ts'
import { type AttributeMap, keyAttributes, toItem } from './dynamodb-values.ts'
import { type Cancellation, readCancellation, readInvalid, transactItem } from './dynamodb-write.ts'

export type DynamodbTableOptions = Patience & {
  /** Name or ARN. Keys `pk`, `sk`; index `listing` over `list`, `list_sort` that projects keys only. */
  tableName: string
  /** Closed with the table. */
  client?: DynamoDBClient
}

/** BatchGetItem requests of one `get` under way at once. */
const getsAtOnce = 4

export function createDynamodbTable(options: DynamodbTableOptions): Table {
  const { tableName: TableName, client = new DynamoDBClient(clientOptions()), ...patience } = options
  const store: Store = { TableName, client, patience }
  return {
    get: (keys) => reachable(() => get(store, keys)),
    query: (request) => reachable(() => query(store, request)),
    list: (request) => reachable(() => list(store, request)),
    write: (ops) => reachable(() => write(store, ops)),
    scan: ({ prefix = '' } = {}) => scan(store, prefix),
    close: async () => client.destroy(),
  }
}

type Store = { TableName: string; client: DynamoDBClient; patience: Patience }

async function reachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // A request that DynamoDB finds wrong is a fault of ours, which no later try mends.
    if (error instanceof KramError || nameOf(error) === 'ValidationException') throw error
    throw unavailable('table_unavailable', 'The table', error)
  }
}

const keyText = ({ pk, sk }: Key): string => JSON.stringify([pk, sk])

async function get(store: Store, keys: readonly Key[]): Promise<(Item | undefined)[]> {
  for (const key of keys) checkKey(key)
  // One request may name a key only once.
  const wanted = [...new Map(keys.map((key) => [keyText(key), key])).values()]
  const batches = Array.from({ length: Math.ceil(wanted.length / limits.getKeys) }, (_, index) =>
    wanted.slice(index * limits.getKeys, (index + 1) * limits.getKeys),
  )
  const found = new Map<string, AttributeMap>()
  const remaining = batches.values()
  const readBatches = async (): Promise<void> => {
    for (const batch of remaining) await getBatch(store, batch, found)
  }
  await Promise.all(Array.from({ length: Math.min(getsAtOnce, batches.length) }, readBatches))
  return keys.map((key) => {
    const attributes = found.get(keyText(key))
    return attributes && toItem(attributes)
  })
}

async function getBatch(store: Store, batch: readonly Key[], found: Map<string, AttributeMap>): Promise<void> {
  const { TableName, client, patience } = store
  let tries = startTries(patience)
  let Keys = batch.map(keyAttributes)
  for (;;) {
    const RequestItems = { [TableName]: { Keys, ConsistentRead: true } }
    const answer = await patiently(patience, () => client.send(new BatchGetItemCommand({ RequestItems })))
    for (const item of Object.values(answer.Responses ?? {}).flat()) {
      found.set(keyText({ pk: item.pk?.S ?? '', sk: item.sk?.S ?? '' }), item)
    }
    const unprocessed = Object.values(answer.UnprocessedKeys ?? {}).flatMap((left) => left.Keys ?? [])
    if (unprocessed.length === 0) return
    // Whoever gets on may go on: patience ends only with what brings nothing.
    if (unprocessed.length < Keys.length) tries = startTries(patience)
    if (!(await tries.again())) throw unavailable('table_unavailable', 'The table', { name: 'UnprocessedKeys' })
    Keys = unprocessed
  }
}

/** The condition on sk, or undefined when none can fulfil it. */
function sortKeyCondition({ prefix, from = '', to }: Query): { expression: string; values: AttributeMap } | undefined {
  if (to === '' || (to !== undefined && compareUtf8(from, to) > 0)) return undefined
  if (prefix) return { expression: ' AND begins_with(sk, :prefix)', values: { ':prefix': { S: prefix } } }
  const values: AttributeMap = {
    ...(from !== '' && { ':from': { S: from } }),
    ...(to !== undefined && { ':to': { S: to } }),
  }
  if (from !== '' && to !== undefined) return { expression: ' AND sk BETWEEN :from AND :to', values }
  if (from !== '') return { expression: ' AND sk >= :from', values }
  return { expression: to === undefined ? '' : ' AND sk <= :to', values }
}

async function query(store: Store, request: Query): Promise<Page<Item>> {
  checkQuery(request)
  const { pk, prefix, from, to, reverse = false, after } = request
  const limit = checkLimit(request.limit)
  const scope = ['query', pk, prefix ?? null, from ?? null, to ?? null, reverse]
  const [position] = after === undefined ? [] : decodePageToken(after, scope, 1)
  const condition = sortKeyCondition(request)
  if (!condition) return { items: [] }
  const { Items = [], LastEvaluatedKey } = await send(store, {
    KeyConditionExpression: `pk = :pk${condition.expression}`,
    ExpressionAttributeValues: { ':pk': { S: pk }, ...condition.values },
    ConsistentRead: true,
    ScanIndexForward: !reverse,
    Limit: limit,
    ...(position !== undefined && { ExclusiveStartKey: keyAttributes({ pk, sk: position }) }),
  })
  const items = Items.map(toItem)
  return LastEvaluatedKey?.sk?.S === undefined
    ? { items }
    : { items, next: encodePageToken(scope, [LastEvaluatedKey.sk.S]) }
}

const send = ({ TableName, client, patience }: Store, input: Omit<QueryCommandInput, 'TableName'>) =>
  patiently(patience, () => client.send(new QueryCommand({ TableName, ...input })))

async function list(store: Store, request: ListQuery): Promise<Page<ListEntry>> {
  checkListQuery(request)
  const { name, from, to, after } = request
  const limit = checkLimit(request.limit)
  const scope = ['list', name, from ?? '', to ?? null]
  const [position] = after === undefined ? [] : decodePageToken(after, scope, 1)
  const range = positionRange(request, position)
  if (!range) return { items: [] }
  const shards = Array.from({ length: listShards }, (_, shard) =>
    listShard(store, partitionOf(name, shard), { ...range, limit }),
  )
  const { entries, more } = mergeShards(await Promise.all(shards), limit)
  const items = entries.map(({ entry }) => entry)
  const last = entries.at(-1)
  return more && last ? { items, next: encodePageToken(scope, [last.position]) } : { items }
}

type ShardRange = { start: string; end: string; limit: number }

async function listShard(store: Store, partition: string, { start, end, limit }: ShardRange): Promise<ShardPage> {
  const { Items = [], LastEvaluatedKey } = await send(store, {
    IndexName: listingIndex,
    KeyConditionExpression: '#list = :list AND list_sort BETWEEN :start AND :end',
    ExpressionAttributeNames: { '#list': 'list' },
    ExpressionAttributeValues: { ':list': { S: partition }, ':start': { S: start }, ':end': { S: end } },
    // Each shard holds about an eighth; twice that and a few more seldom cuts the page short.
    Limit: Math.min(limit, Math.ceil((limit / listShards) * 2) + 8),
  })
  const entries = Items.map(readIndexEntry)
  assert(entries.length > 0 || LastEvaluatedKey === undefined, 'a page of an index that goes on holds an entry')
  return { entries, more: LastEvaluatedKey !== undefined }
}

async function write(store: Store, ops: readonly WriteOp[]): Promise<WriteResult> {
  checkWrite(ops)
  if (ops.length === 0) return { ok: true }
  const { TableName, patience } = store
  // The token makes a request whose answer was lost and that is sent again count once, for ten minutes.
  const input: TransactWriteItemsCommandInput = {
    TransactItems: ops.map((op) => transactItem(op, TableName)),
    ClientRequestToken: randomUUID(),
  }
  const tries = startTries(patience)
  for (;;) {
    const cancelled = await transact(store, input)
    if (!cancelled) return { ok: true }
    // While some were not judged, the positions are not all there are: try again, so that each refused one is named.
    if (!cancelled.undecided) return { ok: false, failed: cancelled.failed }
    if (await tries.again()) continue
    if (cancelled.failed.length > 0) return { ok: false, failed: cancelled.failed }
    throw unavailable('table_contended', 'The table', cancelled.error)
  }
}

type Cancelled = Cancellation & { error: TransactionCanceledException }

/** Undefined: it is done. @throws what made it fail, when that is no cancellation */
async function transact(
  { client, patience }: Store,
  input: TransactWriteItemsCommandInput,
): Promise<Cancelled | undefined> {
  try {
    await patiently(patience, () => client.send(new TransactWriteItemsCommand(input)))
    return undefined
  } catch (error) {
    if (nameOf(error) === 'ValidationException') throw readInvalid((error as Error).message, error) ?? error
    if (!(error instanceof TransactionCanceledException)) throw error
    return { ...readCancellation(error.CancellationReasons ?? [], error), error }
  }
}

/** DynamoDB scans in the order of a hash, so everything is held in memory to be put in order. */
async function* scan(store: Store, prefix: string): AsyncIterable<Item> {
  const { TableName, client, patience } = store
  const found: AttributeMap[] = []
  let ExclusiveStartKey: AttributeMap | undefined
  do {
    const input = {
      TableName,
      ConsistentRead: true,
      ...(prefix !== '' && {
        FilterExpression: 'begins_with(pk, :prefix)',
        ExpressionAttributeValues: { ':prefix': { S: prefix } },
      }),
      ...(ExclusiveStartKey && { ExclusiveStartKey }),
    }
    const answer = await reachable(() => patiently(patience, () => client.send(new ScanCommand(input))))
    for (const item of answer.Items ?? []) found.push(item)
    ExclusiveStartKey = answer.LastEvaluatedKey
  } while (ExclusiveStartKey)
  found.sort((a, b) => compareUtf8(a.pk?.S ?? '', b.pk?.S ?? '') || compareUtf8(a.sk?.S ?? '', b.sk?.S ?? ''))
  for (const item of found) yield toItem(item)
}

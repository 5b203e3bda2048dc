// The DynamoDB table: the requests it sends, and what it does when DynamoDB answers as only DynamoDB can.
import {
  BatchGetItemCommand,
  DynamoDBClient,
  QueryCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { mockClient } from 'aws-sdk-client-mock'
import { describe, expect, test } from 'vitest'
import { createDynamodbTable } from '../../lib/adapters/table/dynamodb.ts'
import type { WriteOp } from '../../lib/ports/table.ts'
import { awsError, recordedPatience } from '../support/patience.ts'

const key = (sk: string) => ({ pk: 'customer#1', sk })
const stored = (sk: string, n: number) => ({ pk: { S: 'customer#1' }, sk: { S: sk }, n: { N: String(n) } })
const storedKey = (sk: string) => ({ pk: { S: 'customer#1' }, sk: { S: sk } })

function open() {
  const client = new DynamoDBClient({ region: 'eu-central-1' })
  const mock = mockClient(client)
  const { patience, waits } = recordedPatience()
  return { mock, waits, table: createDynamodbTable({ tableName: 'shop', client, ...patience }) }
}

const cancelled = (...codes: (string | [string, string])[]) =>
  new TransactionCanceledException({
    message: 'Transaction cancelled',
    $metadata: { httpStatusCode: 400 },
    CancellationReasons: codes.map((code) =>
      typeof code === 'string' ? { Code: code } : { Code: code[0], Message: code[1] },
    ),
  })

const put: WriteOp = { op: 'put', item: { ...key('x'), n: 1 } }
const count: WriteOp = { op: 'count', key: key('y'), add: { used: 1 }, atMost: { used: 3 } }

const tokensOf = (mock: ReturnType<typeof open>['mock']) =>
  mock.commandCalls(TransactWriteItemsCommand).map((call) => call.args[0].input.ClientRequestToken)

describe('get', () => {
  test('asks for 100 keys at a time, strongly, each once', async () => {
    const { mock, table } = open()
    mock.on(BatchGetItemCommand).callsFake((input) => ({
      Responses: { shop: input.RequestItems.shop.Keys.map(({ sk }: { sk: { S: string } }) => stored(sk.S, 1)) },
    }))
    const keys = Array.from({ length: 250 }, (_, n) => key(`${n}`))
    const items = await table.get([...keys, key('0')])
    expect(items).toHaveLength(251)
    expect(items[250]).toEqual({ ...key('0'), n: 1 })
    const requests = mock.commandCalls(BatchGetItemCommand).map((call) => call.args[0].input.RequestItems?.shop)
    expect(requests.map((request) => request?.Keys?.length)).toEqual([100, 100, 50])
    expect(requests.every((request) => request?.ConsistentRead)).toBe(true)
  })

  test('asks again for unprocessed keys, and for them only', async () => {
    const { mock, table, waits } = open()
    mock
      .on(BatchGetItemCommand)
      .resolvesOnce({
        Responses: { shop: [stored('a', 1)] },
        UnprocessedKeys: { shop: { Keys: [storedKey('b'), storedKey('c')] } },
      })
      .resolvesOnce({ Responses: { shop: [stored('c', 3)] }, UnprocessedKeys: { shop: { Keys: [storedKey('b')] } } })
      .resolvesOnce({ Responses: { shop: [stored('b', 2)] }, UnprocessedKeys: {} })
    expect(await table.get([key('a'), key('b'), key('c')])).toEqual([
      { ...key('a'), n: 1 },
      { ...key('b'), n: 2 },
      { ...key('c'), n: 3 },
    ])
    const asked = mock.commandCalls(BatchGetItemCommand).map((call) => call.args[0].input.RequestItems?.shop?.Keys)
    expect(asked.slice(1)).toEqual([[storedKey('b'), storedKey('c')], [storedKey('b')]])
    expect(waits).toEqual([25, 25])
  })

  test('gives up when nothing more is processed', async () => {
    const { mock, table, waits } = open()
    mock.on(BatchGetItemCommand).resolves({ UnprocessedKeys: { shop: { Keys: [storedKey('a')] } } })
    await expect(table.get([key('a')])).rejects.toMatchObject({ kind: 'unavailable', code: 'table_unavailable' })
    expect(waits).toEqual([25, 50, 100, 200, 400, 800, 1000])
  })
})

describe('write', () => {
  test('sends one transaction with each change as it is meant', async () => {
    const { mock, table } = open()
    mock.on(TransactWriteItemsCommand).resolves({})
    const ops: WriteOp[] = [
      { ...put, list: { name: 'customers', sort: '2022' } },
      { op: 'put', item: key('once'), if: { exists: false } },
      {
        op: 'count',
        key: key('limit'),
        add: { used: 2, left: -1 },
        set: { name: 'n' },
        atMost: { used: 10 },
        atLeast: { left: 0 },
        if: { exists: true },
      },
      { op: 'delete', key: key('d'), if: { attribute: 'v', op: 'ne', value: 1 } },
      { op: 'check', key: key('c'), if: { attribute: 'v', op: 'lt', value: 'x', orAbsent: true } },
    ]
    expect(await table.write(ops)).toEqual({ ok: true })
    const input = mock.commandCalls(TransactWriteItemsCommand)[0]?.args[0].input
    expect(input?.ClientRequestToken).toMatch(/^[0-9a-f-]{36}$/)
    expect(input?.TransactItems).toEqual([
      {
        Put: {
          TableName: 'shop',
          Item: {
            ...stored('x', 1),
            list: { S: expect.stringMatching(/^customers#[0-7]$/) },
            list_sort: { S: '2022\0\0customer#1\0\0x' },
          },
        },
      },
      {
        Put: {
          TableName: 'shop',
          Item: storedKey('once'),
          ConditionExpression: 'attribute_not_exists(#n0)',
          ExpressionAttributeNames: { '#n0': 'pk' },
        },
      },
      {
        Update: {
          TableName: 'shop',
          Key: storedKey('limit'),
          UpdateExpression: 'ADD #n1 :v0, #n2 :v1 SET #n3 = :v2',
          // 2 used at once need 8 or less before; -1 left needs 1 or more, and a missing one has 0.
          ConditionExpression: 'attribute_exists(#n0) AND (attribute_not_exists(#n1) OR #n1 <= :v3) AND #n2 >= :v4',
          ExpressionAttributeNames: { '#n0': 'pk', '#n1': 'used', '#n2': 'left', '#n3': 'name' },
          ExpressionAttributeValues: {
            ':v0': { N: '2' },
            ':v1': { N: '-1' },
            ':v2': { S: 'n' },
            ':v3': { N: '8' },
            ':v4': { N: '1' },
          },
        },
      },
      {
        Delete: {
          TableName: 'shop',
          Key: storedKey('d'),
          ConditionExpression: '(attribute_exists(#n0) AND #n0 <> :v0)',
          ExpressionAttributeNames: { '#n0': 'v' },
          ExpressionAttributeValues: { ':v0': { N: '1' } },
        },
      },
      {
        ConditionCheck: {
          TableName: 'shop',
          Key: storedKey('c'),
          ConditionExpression: '(attribute_not_exists(#n0) OR #n0 < :v0)',
          ExpressionAttributeNames: { '#n0': 'v' },
          ExpressionAttributeValues: { ':v0': { S: 'x' } },
        },
      },
    ])
  })

  test('names the positions whose conditions failed', async () => {
    const { mock, table, waits } = open()
    mock.on(TransactWriteItemsCommand).rejects(cancelled('ConditionalCheckFailed', 'None', 'ConditionalCheckFailed'))
    const check: WriteOp = { op: 'check', key: key('c'), if: { exists: true } }
    expect(await table.write([put, count, check])).toEqual({ ok: false, failed: [0, 2] })
    expect(waits).toEqual([])
  })

  test('a transaction conflict is sent again with the same token, never reported as a refusal', async () => {
    const { mock, table, waits } = open()
    mock
      .on(TransactWriteItemsCommand)
      .rejectsOnce(cancelled('None', 'TransactionConflict'))
      .rejectsOnce(cancelled('TransactionConflict', 'None'))
      .resolvesOnce({})
    expect(await table.write([put, count])).toEqual({ ok: true })
    expect(new Set(tokensOf(mock)).size).toBe(1)
    expect(tokensOf(mock)).toHaveLength(3)
    expect(waits).toEqual([25, 50])
  })

  test('beside a conflict, a failed condition waits until all are judged', async () => {
    const { mock, table } = open()
    mock
      .on(TransactWriteItemsCommand)
      .rejectsOnce(cancelled('ConditionalCheckFailed', 'TransactionConflict'))
      .rejectsOnce(cancelled('ConditionalCheckFailed', 'ConditionalCheckFailed'))
    expect(await table.write([put, count])).toEqual({ ok: false, failed: [0, 1] })
  })

  test('conflicts without end: unavailable; with a condition that failed each time: refused', async () => {
    const endless = open()
    endless.mock.on(TransactWriteItemsCommand).rejects(cancelled('None', 'TransactionConflict'))
    await expect(endless.table.write([put, count])).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'table_contended',
    })
    expect(endless.waits).toHaveLength(7)
    const refused = open()
    refused.mock.on(TransactWriteItemsCommand).rejects(cancelled('ConditionalCheckFailed', 'TransactionConflict'))
    expect(await refused.table.write([put, count])).toEqual({ ok: false, failed: [0] })
  })

  test.each(['ThrottlingError', 'ProvisionedThroughputExceeded'])(
    '%s among the reasons is tried again',
    async (code) => {
      const { mock, table } = open()
      mock.on(TransactWriteItemsCommand).rejectsOnce(cancelled(code, 'None')).resolvesOnce({})
      expect(await table.write([put, count])).toEqual({ ok: true })
    },
  )

  test.each([
    awsError('ThrottlingException', 400),
    awsError('ProvisionedThroughputExceededException', 400),
    awsError('TransactionInProgressException', 400),
    awsError('InternalServerError', 500),
    awsError('Unknown', 503),
    awsError('TimeoutError'),
    awsError('Error', undefined, { code: 'ECONNRESET' }),
  ])('$name is tried again with the same token', async (error) => {
    const { mock, table, waits } = open()
    mock.on(TransactWriteItemsCommand).rejectsOnce(error).rejectsOnce(error).resolvesOnce({})
    expect(await table.write([put])).toEqual({ ok: true })
    expect(new Set(tokensOf(mock)).size).toBe(1)
    expect(waits).toEqual([25, 50])
  })

  test('throttled without end is unavailable, after bounded waits', async () => {
    const { mock, table, waits } = open()
    mock.on(TransactWriteItemsCommand).rejects(awsError('ThrottlingException', 400))
    await expect(table.write([put])).rejects.toMatchObject({ kind: 'unavailable', code: 'table_unavailable' })
    expect(waits).toEqual([25, 50, 100, 200, 400, 800, 1000])
  })

  test.each(['AccessDeniedException', 'ResourceNotFoundException', 'UnrecognizedClientException'])(
    '%s is unavailable at once',
    async (name) => {
      const { mock, table, waits } = open()
      mock.on(TransactWriteItemsCommand).rejects(awsError(name, 400))
      await expect(table.write([put])).rejects.toMatchObject({ kind: 'unavailable', code: 'table_unavailable' })
      expect(waits).toEqual([])
    },
  )

  test('a request that DynamoDB finds wrong is our fault, not an outage', async () => {
    const { mock, table } = open()
    mock.on(TransactWriteItemsCommand).rejects(awsError('ValidationException', 400))
    await expect(table.write([put])).rejects.toMatchObject({ name: 'ValidationException' })
  })

  test('counting what is no number, and items that outgrow their limit, are invalid', async () => {
    const { mock, table } = open()
    const type = 'An operand in the update expression has an incorrect data type'
    const size = 'Item size to update has exceeded the maximum allowed size'
    mock
      .on(TransactWriteItemsCommand)
      .rejectsOnce(cancelled('None', ['ValidationError', type]))
      .rejectsOnce(cancelled('None', ['ValidationError', size]))
    await expect(table.write([put, count])).rejects.toMatchObject({ kind: 'invalid', code: 'counter_type' })
    await expect(table.write([put, count])).rejects.toMatchObject({ kind: 'invalid', code: 'item_too_large' })
  })
})

describe('query', () => {
  test.each([
    [{}, 'pk = :pk', {}],
    [{ prefix: 'p#' }, 'pk = :pk AND begins_with(sk, :prefix)', { ':prefix': { S: 'p#' } }],
    [{ prefix: '' }, 'pk = :pk', {}],
    [{ from: 'a' }, 'pk = :pk AND sk >= :from', { ':from': { S: 'a' } }],
    [{ to: 'b' }, 'pk = :pk AND sk <= :to', { ':to': { S: 'b' } }],
    [{ from: 'a', to: 'b' }, 'pk = :pk AND sk BETWEEN :from AND :to', { ':from': { S: 'a' }, ':to': { S: 'b' } }],
  ])('%j', async (shape, expression, values) => {
    const { mock, table } = open()
    mock.on(QueryCommand).resolves({ Items: [stored('a', 1)], LastEvaluatedKey: storedKey('a') })
    const page = await table.query({ pk: 'customer#1', ...shape, limit: 7, reverse: true })
    const first = mock.commandCalls(QueryCommand)[0]?.args[0].input
    expect(first).toEqual({
      TableName: 'shop',
      KeyConditionExpression: expression,
      ExpressionAttributeValues: { ':pk': { S: 'customer#1' }, ...values },
      ConsistentRead: true,
      ScanIndexForward: false,
      Limit: 7,
    })
    expect(page.items).toEqual([{ ...key('a'), n: 1 }])
    await table.query({ pk: 'customer#1', ...shape, limit: 7, reverse: true, after: page.next ?? '' })
    expect(mock.commandCalls(QueryCommand)[1]?.args[0].input).toEqual({ ...first, ExclusiveStartKey: storedKey('a') })
  })

  test('a range that ends before it begins asks nothing', async () => {
    const { mock, table } = open()
    expect(await table.query({ pk: 'x', from: 'b', to: 'a' })).toEqual({ items: [] })
    expect(await table.query({ pk: 'x', to: '' })).toEqual({ items: [] })
    expect(mock.calls()).toHaveLength(0)
  })
})

describe('scan', () => {
  test('reads all pages and puts them in order', async () => {
    const { mock, table } = open()
    mock
      .on(ScanCommand)
      .resolvesOnce({ Items: [stored('b', 2)], LastEvaluatedKey: storedKey('b') })
      .rejectsOnce(awsError('ThrottlingException', 400))
      .resolvesOnce({ Items: [stored('a', 1)] })
    expect(await Array.fromAsync(table.scan({ prefix: 'customer#' }))).toEqual([
      { ...key('a'), n: 1 },
      { ...key('b'), n: 2 },
    ])
    const input = {
      TableName: 'shop',
      ConsistentRead: true,
      FilterExpression: 'begins_with(pk, :prefix)',
      ExpressionAttributeValues: { ':prefix': { S: 'customer#' } },
    }
    const inputs = mock.commandCalls(ScanCommand).map((call) => call.args[0].input)
    expect(inputs).toEqual([input, ...Array(2).fill({ ...input, ExclusiveStartKey: storedKey('b') })])
  })
})

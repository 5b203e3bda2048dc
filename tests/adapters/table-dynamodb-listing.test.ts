// Lists on DynamoDB: eight partitions of an index, whose pages end where they like, read as one list.
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { mockClient } from 'aws-sdk-client-mock'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDynamodbTable } from '../../lib/adapters/table/dynamodb.ts'
import { listingAttributes } from '../../lib/adapters/table/dynamodb-listing.ts'
import type { AttributeMap } from '../../lib/adapters/table/dynamodb-values.ts'
import { compareUtf8 } from '../../lib/base/text.ts'
import type { ListEntry, ListQuery, Table } from '../../lib/ports/table.ts'
import { recordedPatience } from '../support/patience.ts'

const texts = fc.string({
  unit: fc.constantFrom('a', 'b', '\0', '\u0001', '\uffee', '😀', '#'),
  minLength: 1,
  maxLength: 3,
})

/** A table whose index holds the entries, and whose pages hold at most `cut` of them. */
function tableWith(entries: readonly ListEntry[], cut: number): { table: Table; mock: ReturnType<typeof mockClient> } {
  const client = new DynamoDBClient({ region: 'eu-central-1' })
  const mock = mockClient(client)
  const index = entries
    .map(
      ({ sort, pk, sk }): AttributeMap => ({
        ...listingAttributes({ pk, sk }, { name: 'l', sort }),
        pk: { S: pk },
        sk: { S: sk },
      }),
    )
    .sort((a, b) => compareUtf8(a.list_sort?.S ?? '', b.list_sort?.S ?? ''))
  mock.on(QueryCommand).callsFake(({ ExpressionAttributeValues: values, Limit }) => {
    const found = index.filter(
      (each) =>
        each.list?.S === values[':list'].S &&
        compareUtf8(each.list_sort?.S ?? '', values[':start'].S) >= 0 &&
        compareUtf8(each.list_sort?.S ?? '', values[':end'].S) <= 0,
    )
    const size = Math.min(Limit, cut)
    // DynamoDB names a last key also when nothing follows.
    return found.length < size ? { Items: found } : { Items: found.slice(0, size), LastEvaluatedKey: found[size - 1] }
  })
  const { patience } = recordedPatience()
  return { table: createDynamodbTable({ tableName: 'shop', client, ...patience }), mock }
}

async function readAll(table: Table, query: ListQuery): Promise<ListEntry[]> {
  const all: ListEntry[] = []
  let after: string | undefined
  do {
    const page = await table.list({ ...query, ...(after !== undefined && { after }) })
    expect(page.items.length).toBeLessThanOrEqual(query.limit ?? 100)
    all.push(...page.items)
    after = page.next
  } while (after !== undefined)
  return all
}

const inOrder = (a: ListEntry, b: ListEntry): number =>
  compareUtf8(a.sort, b.sort) || compareUtf8(a.pk, b.pk) || compareUtf8(a.sk, b.sk)

describe('a list', () => {
  test('is all entries in order, wherever the pages of its shards end', async () => {
    const entry = fc.record({ sort: texts, pk: texts, sk: texts })
    const entries = fc.uniqueArray(entry, { maxLength: 40, selector: ({ pk, sk }) => JSON.stringify([pk, sk]) })
    const bound = fc.option(texts, { nil: undefined })
    await fc.assert(
      fc.asyncProperty(
        entries,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 12 }),
        bound,
        bound,
        async (all, cut, limit, from, to) => {
          const { table } = tableWith(all, cut)
          const query = { name: 'l', limit, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
          const expected = all
            .filter(({ sort }) => from === undefined || compareUtf8(sort, from) >= 0)
            .filter(({ sort }) => to === undefined || compareUtf8(sort, to) <= 0)
            .sort(inOrder)
          expect(await readAll(table, query)).toEqual(expected)
        },
      ),
      { numRuns: 300, seed: 5 },
    )
  })

  test('asks each shard for about its part of the page', async () => {
    const { table, mock } = tableWith([{ sort: 's', pk: 'p', sk: 'k' }], 100)
    await table.list({ name: 'l', limit: 100 })
    const inputs = mock.commandCalls(QueryCommand).map((call) => call.args[0].input)
    expect(inputs.map((input) => input.ExpressionAttributeValues?.[':list']?.S)).toEqual(
      Array.from({ length: 8 }, (_, shard) => `l#${shard}`),
    )
    expect(inputs[0]).toMatchObject({ TableName: 'shop', IndexName: 'listing', Limit: 33 })
    expect(inputs[0]).not.toHaveProperty('ConsistentRead')
  })

  test('a place that is too long together with its key is refused', () => {
    const long = () =>
      listingAttributes({ pk: 'p'.repeat(500), sk: 'k'.repeat(500) }, { name: 'l', sort: 's'.repeat(30) })
    expect(long).toThrow(expect.objectContaining({ kind: 'invalid', code: 'table_key' }))
  })
})

// Makes the table as serverless.yml declares it, on an emulator.
import { randomUUID } from 'node:crypto'
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb'
import type { Endpoint } from './aws.ts'

const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' }) as const

/** Answers the name of a new table, with its index ready. */
export async function createDynamodbTestTable(endpoint: Endpoint): Promise<string> {
  const client = new DynamoDBClient(endpoint)
  const TableName = `kram-test-${randomUUID()}`
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'list', 'list_sort'].map(text),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'listing',
          KeySchema: [
            { AttributeName: 'list', KeyType: 'HASH' },
            { AttributeName: 'list_sort', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  )
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 0.2, maxDelay: 1 } as never, { TableName })
  client.destroy()
  return TableName
}

// The DynamoDB table on a real endpoint: the contract of every table.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createDynamodbTable } from '../../lib/adapters/table/dynamodb.ts'
import { tableContract } from '../contract/table.ts'
import { onEndpoint } from '../support/aws.ts'
import { createDynamodbTestTable } from '../support/dynamodb-table.ts'

onEndpoint(
  'table contract: dynamodb',
  (endpoint) => {
    tableContract('dynamodb', async () => {
      const tableName = await createDynamodbTestTable(endpoint)
      const client = new DynamoDBClient({ ...endpoint, maxAttempts: 1 })
      return createDynamodbTable({ tableName, client, random: { next: Math.random }, tries: 30 })
    })
  },
  'AWS_ENDPOINT_URL_DYNAMODB',
)

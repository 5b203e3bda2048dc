// A bus on an emulator as serverless.yml declares it, as far as tests in this process need it: bus, archive, one rule
// that sends every event to a queue, and what archive-events does with that queue.
import { randomUUID } from 'node:crypto'
import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { createEventBridgeBus } from '../../lib/adapters/bus/eventbridge.ts'
import { createS3Objects } from '../../lib/adapters/objects/s3.ts'
import { createDynamodbTable } from '../../lib/adapters/table/dynamodb.ts'
import { archiveEvents, createObjectArchive } from '../../lib/app/archive.ts'
import { createDeadLetters } from '../../lib/app/dead-letters.ts'
import { takenEvents } from '../../lib/lambda/archived-batch.ts'
import type { Bus, Subscription } from '../../lib/ports/bus.ts'
import type { Objects } from '../../lib/ports/objects.ts'
import type { Endpoint } from './aws.ts'
import { createDynamodbTestTable } from './dynamodb-table.ts'
import { createManualFunctions } from './manual-functions.ts'

const random = { next: Math.random }
const clock = { now: Date.now }

async function createQueue(sqs: SQSClient, name: string): Promise<{ url: string; arn: string }> {
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }))
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }))
  return { url, arn: Attributes?.QueueArn ?? '' }
}

/** Does what Lambda does for archive-events, until it is stopped. */
function pump(sqs: SQSClient, QueueUrl: string, objects: Objects): () => Promise<void> {
  let stopped = false
  const work = async (): Promise<void> => {
    while (!stopped) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ['SentTimestamp'],
        }),
      )
      if (Messages.length === 0) continue
      const Records = Messages.map(({ MessageId = '', Body = '', Attributes }) => ({
        messageId: MessageId,
        body: Body,
        attributes: { SentTimestamp: Attributes?.SentTimestamp ?? String(Date.now()) },
      }))
      await archiveEvents({ objects }, takenEvents({ Records }).taken)
      const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: `m${n}`, ReceiptHandle }))
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
    }
  }
  const working = work()
  return async () => {
    stopped = true
    await working
  }
}

export async function createEventBridgeTestBus(
  endpoint: Endpoint,
  subscriptions: readonly Subscription[],
): Promise<Bus> {
  const name = `kram-test-${randomUUID().slice(0, 8)}`
  const options = { ...endpoint, maxAttempts: 1 }
  const [events, sqs, s3] = [
    new EventBridgeClient(options),
    new SQSClient(options),
    new S3Client({ ...options, forcePathStyle: true }),
  ]
  const { EventBusArn: busArn = '' } = await events.send(new CreateEventBusCommand({ Name: name }))
  const { ArchiveArn: archiveArn = '' } = await events.send(
    new CreateArchiveCommand({ ArchiveName: name, EventSourceArn: busArn }),
  )
  const queue = await createQueue(sqs, name)
  const EventPattern = JSON.stringify({ version: ['0'], 'replay-name': [{ exists: false }] })
  await events.send(new PutRuleCommand({ Name: `${name}-log`, EventBusName: name, EventPattern }))
  await events.send(
    new PutTargetsCommand({ Rule: `${name}-log`, EventBusName: name, Targets: [{ Id: 'log', Arn: queue.arn }] }),
  )
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const
  await s3.send(new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration }))
  const objects = createS3Objects({ bucket: name, client: s3, random })
  const tableName = await createDynamodbTestTable(endpoint)
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb')
  const table = createDynamodbTable({ tableName, client: new DynamoDBClient(options), random })
  const letters = createDeadLetters({ table, objects, clock, random, functions: createManualFunctions() })
  const stopPump = pump(sqs, queue.url, objects)
  const bus = createEventBridgeBus({
    busName: name,
    client: events,
    clock,
    random,
    archive: async () => createObjectArchive({ objects }),
    deadLetters: async () => letters,
    replays: () => ({
      busArn,
      archiveArn,
      subscriptions: subscriptions.map((each) => ({
        name: each.name,
        takesReplays: each.takesReplays,
        ruleArn: busArn.replace(':event-bus/', ':rule/').concat(`/${each.name}`),
      })),
    }),
  })
  return {
    ...bus,
    async close() {
      await stopPump()
      await bus.close()
      await table.close()
      for (const client of [sqs, s3]) client.destroy()
    },
  }
}

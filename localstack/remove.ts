// `npm run localstack:remove`: takes down what localstack:deploy put up, also what the template keeps on purpose (table
// and bucket), and nothing else.
import { CloudFormationClient, DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { DeleteTableCommand, DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb'
import { DeleteArchiveCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { DeleteBucketCommand, DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3'
import { Command } from 'commander'
import { issuerBucket } from './issuer.ts'
import { forgetDeployed, prepareEnvironment, readDeployed, run, say, until } from './settings.ts'

const gone = /NotFound|NoSuchBucket|does not exist|ValidationError|ValidationException/

async function unlessGone(request: Promise<unknown>): Promise<void> {
  await request.catch((error: unknown) => {
    if (!(error instanceof Error) || !(gone.test(error.name) || gone.test(error.message))) throw error
  })
}

async function removeBucket(s3: S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }))
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key: Key ?? '', VersionId }))
    if (Objects.length === 0) break
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: Objects.slice(0, 1_000) } }))
  }
  await s3.send(new DeleteBucketCommand({ Bucket }))
}

async function main(): Promise<void> {
  prepareEnvironment()
  const { stackName, table, bucket, deploymentBucket, archiveMadeByApi } = readDeployed()
  const cloudFormation = new CloudFormationClient({})
  const s3 = new S3Client({ forcePathStyle: true })
  const dynamodb = new DynamoDBClient({})
  await unlessGone(removeBucket(s3, deploymentBucket))
  if (archiveMadeByApi) {
    await unlessGone(new EventBridgeClient({}).send(new DeleteArchiveCommand({ ArchiveName: archiveMadeByApi })))
  }
  await cloudFormation.send(new DeleteStackCommand({ StackName: stackName }))
  await until(
    `the stack ${stackName} is gone`,
    async () => {
      try {
        const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }))
        const status = Stacks[0]?.StackStatus
        if (status === 'DELETE_FAILED') throw new Error(Stacks[0]?.StackStatusReason)
        return status === undefined || status === 'DELETE_COMPLETE'
      } catch (error) {
        if (error instanceof Error && /does not exist/.test(error.message)) return true
        throw error
      }
    },
    { seconds: 120 },
  )
  await unlessGone(dynamodb.send(new UpdateTableCommand({ TableName: table, DeletionProtectionEnabled: false })))
  await unlessGone(dynamodb.send(new DeleteTableCommand({ TableName: table })))
  for (const name of [bucket, issuerBucket]) await unlessGone(removeBucket(s3, name))
  forgetDeployed()
  say(`${stackName} is gone, with its table and its buckets.`)
}

const command = new Command('npm run localstack:remove --').description(
  'Takes down what npm run localstack:deploy put up.',
)
run(command, main)

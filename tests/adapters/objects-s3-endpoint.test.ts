// Objects in S3 on a real endpoint: the contract of every store.
import { randomUUID } from 'node:crypto'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { createS3Objects } from '../../lib/adapters/objects/s3.ts'
import { objectsContract } from '../contract/objects.ts'
import { onEndpoint } from '../support/aws.ts'

onEndpoint('objects contract: s3', (endpoint) => {
  objectsContract('s3', async () => {
    const bucket = `kram-test-${randomUUID()}`
    const client = new S3Client({ ...endpoint, forcePathStyle: true, maxAttempts: 1 })
    await client.send(
      new CreateBucketCommand({
        Bucket: bucket,
        CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
      }),
    )
    return createS3Objects({ bucket, client, random: { next: Math.random } })
  })
})

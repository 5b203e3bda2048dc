// `npm run localstack:deploy`: the template that `serverless package` makes of serverless.yml, on any
// LocalStack-compatible endpoint. As `serverless deploy` does it: a stack with the bucket, the code into it, the rest.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { CreateArchiveCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { Command } from 'commander'
import { issuer, publishIssuer, tokenFor } from './issuer.ts'
import {
  audience,
  type Deployed,
  endpoint,
  folder,
  prepareEnvironment,
  region,
  rightsAreChecked,
  root,
  run,
  say,
  stackName,
  stage,
  until,
  writeDeployed,
} from './settings.ts'
import { forRightsCheck, type Refusal, type Resource, refusalsOf, type Template, without } from './template.ts'

const packageFolder = `${folder}/package`

function packageService(): { base: Template; whole: Template; artifact: Buffer } {
  mkdirSync(folder, { recursive: true })
  execFileSync(
    process.execPath,
    [
      `${root}node_modules/serverless/bin/serverless.js`,
      ...['package', '--stage', stage, '--region', region, '--package', packageFolder],
    ],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, KRAM_JWT_ISSUER: issuer, KRAM_JWT_AUDIENCE: audience },
    },
  )
  const read = (name: string): Template => JSON.parse(readFileSync(`${packageFolder}/${name}`, 'utf8'))
  return {
    base: read('cloudformation-template-create-stack.json'),
    whole: read('cloudformation-template-update-stack.json'),
    artifact: readFileSync(`${packageFolder}/kram.zip`),
  }
}

type Clients = { cloudFormation: CloudFormationClient; s3: S3Client }

async function describe(client: CloudFormationClient): Promise<Stack | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }))
    return Stacks?.find(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE')
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined
    throw error
  }
}

/** Waits for the end of what the stack is doing. @throws with the first failure that the stack tells of */
async function settled(client: CloudFormationClient): Promise<Stack> {
  const stack = await until(
    `the stack ${stackName} comes to rest`,
    async () => {
      const found = await describe(client)
      return found && !found.StackStatus?.endsWith('_IN_PROGRESS') && found
    },
    { seconds: 180 },
  )
  if (stack.StackStatus === 'CREATE_COMPLETE' || stack.StackStatus === 'UPDATE_COMPLETE') return stack
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: stackName }))
  const failed = StackEvents.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED')).reverse()
  const why = failed.map(
    ({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`,
  )
  throw new Error(`The stack is ${stack.StackStatus}.\n  ${why.slice(0, 5).join('\n  ')}`)
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
const archiveArn = 'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:archive/'

const arnOf = (logicalId: string, { Type, Properties }: Resource): unknown => {
  if (Type === 'AWS::Events::Archive') return { 'Fn::Sub': `${archiveArn}${Properties?.ArchiveName}` }
  throw new Error(`The endpoint does not know ${Type}, and the rest of the template needs ${logicalId}.`)
}

/** Updates the stack and waits; what the endpoint cannot make is left out and answered. */
async function update(
  { cloudFormation, s3 }: Clients,
  { template, Bucket, Key }: { template: Template; Bucket: string; Key: string },
): Promise<{ stack: Stack; left: Record<string, Resource> }> {
  const refusals: Refusal[] = []
  for (;;) {
    const { template: rest, left } = without(template, refusals, arnOf)
    // Larger than a request may be: from the bucket, as the Framework does it.
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(rest), ContentType: 'application/json' }))
    const TemplateURL = `${endpoint}/${Bucket}/${Key}`
    try {
      await cloudFormation.send(
        new UpdateStackCommand({ StackName: stackName, TemplateURL, Capabilities: ['CAPABILITY_NAMED_IAM'] }),
      )
      return { stack: await settled(cloudFormation), left }
    } catch (error) {
      const message = error instanceof Error ? error.message : ''
      if (/No updates are to be performed/.test(message)) return { stack: await settled(cloudFormation), left }
      const more = refusalsOf(message).filter(({ what }) => refusals.every((known) => known.what !== what))
      if (more.length === 0) throw error
      say(`  The endpoint does not know ${more.map(({ what }) => what).join(', ')}.`)
      refusals.push(...more)
    }
  }
}

/** Makes by API what the endpoint's CloudFormation does not know but its services do. */
async function makeByApi(left: Record<string, Resource>, bus: string): Promise<string | undefined> {
  let archive: string | undefined
  const notMade: string[] = []
  for (const [id, { Type, Properties }] of Object.entries(left)) {
    if (Type !== 'AWS::Events::Archive') {
      notMade.push(id)
      continue
    }
    archive = String(Properties?.ArchiveName)
    const EventSourceArn = bus
    const EventPattern = JSON.stringify(Properties?.EventPattern)
    const command = new CreateArchiveCommand({ ArchiveName: archive, EventSourceArn, EventPattern })
    await new EventBridgeClient({}).send(command).catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'ResourceAlreadyExistsException') throw error
    })
    say(`  ${id}: made by API instead.`)
  }
  if (notMade.length > 0) say(`  NOT DEPLOYED: ${notMade.join(', ')}`)
  return archive
}

function codeKeyOf({ Resources }: Template): string {
  for (const { Type, Properties } of Object.values(Resources)) {
    const code = Properties?.Code as { S3Key?: string } | undefined
    if (Type === 'AWS::Lambda::Function' && code?.S3Key) return code.S3Key
  }
  throw new Error('The template has no function.')
}

const outputOf = ({ Outputs = [] }: Stack, name: string): string => {
  const value = Outputs.find(({ OutputKey }) => OutputKey === name)?.OutputValue
  if (value) return value
  throw new Error(`The stack tells no ${name}.`)
}

async function main(): Promise<void> {
  prepareEnvironment()
  const cloudFormation = new CloudFormationClient({})
  const s3 = new S3Client({ forcePathStyle: true })
  say(`Packaging for stage ${stage} ...`)
  const { base, whole: compiled, artifact } = packageService()
  const whole = rightsAreChecked ? forRightsCheck(compiled) : compiled
  if (rightsAreChecked) say('Rights are checked; left out of them: TLS alone, resources of replays, transactions.')
  say(`Deploying ${Object.keys(whole.Resources).length} resources to ${endpoint} ...`)
  await publishIssuer(s3)
  if (!(await describe(cloudFormation))) {
    await cloudFormation.send(new CreateStackCommand({ StackName: stackName, TemplateBody: JSON.stringify(base) }))
  }
  const created = await settled(cloudFormation)
  const Bucket = outputOf(created, 'ServerlessDeploymentBucketName')
  const codeKey = codeKeyOf(whole)
  await s3.send(new PutObjectCommand({ Bucket, Key: codeKey, Body: artifact }))
  const Key = codeKey.replace(/[^/]*$/, 'template.json')
  const { stack, left } = await update({ cloudFormation, s3 }, { template: whole, Bucket, Key })
  const archiveMadeByApi = await makeByApi(left, outputOf(stack, 'BusArn'))
  const deployed: Deployed = {
    endpoint,
    stackName,
    url: `${endpoint}/_aws/execute-api/${outputOf(stack, 'HttpApiId')}/$default`,
    issuer,
    bus: outputOf(stack, 'BusName'),
    table: outputOf(stack, 'TableName'),
    bucket: outputOf(stack, 'BucketName'),
    deploymentBucket: Bucket,
    deadLetterQueueUrl: outputOf(stack, 'DeadLetterQueueUrl'),
    ...(archiveMadeByApi && { archiveMadeByApi }),
  }
  writeDeployed(deployed)
  await until(
    'GET /readyz answers 200',
    async () => {
      const response = await fetch(`${deployed.url}/readyz`)
      if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
      return true
    },
    { seconds: 60 },
  )
  say(`Ready: ${deployed.url}`)
  say(`TOKEN=${await tokenFor('admin')}`)
  say(`curl -H "Authorization: Bearer $TOKEN" '${deployed.url}/products'`)
}

const command = new Command('npm run localstack:deploy --').description(
  'Deploys the real template to an emulator of AWS, or to AWS_ENDPOINT_URL.',
)
run(command, main)

// What the template promises, sentence by sentence: where what fails goes, what is stored and who may touch it, what a
// flood may cost, and who gets in where - the same on the embedded run and on AWS. Part of template.test.ts.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authenticateByClaims } from '../../lib/lambda/auth.ts'
import { deps, provideDeps } from '../../lib/lambda/deps.ts'
import { roles } from '../../lib/lambda/roles.ts'
import { allRoutes } from '../../lib/lambda/routes/all.ts'
import { loadHandler } from '../../lib/local/functions.ts'
import { readService } from '../../lib/local/service.ts'
import { functionOf } from '../support/all-functions.ts'
import { captureOutput } from '../support/capture-output.ts'
import { payloadOf } from '../support/http.ts'
import { type HttpShop, openHttpShop } from '../support/http-shop.ts'
import { type Caller, type Cells, callers, cellOf, lineOf, matrixPath } from '../support/role-matrix.ts'
import { compiled, meant, typed } from '../support/template.ts'

const service = readService('serverless.yml')

type Target = { Arn: unknown; DeadLetterConfig?: { Arn: unknown }; RetryPolicy?: Record<string, number> }
type Failing = { DestinationConfig?: { OnFailure?: { Destination: unknown } } }

describe('every asynchronous target', () => {
  const rules = () => typed(compiled.resources, 'AWS::Events::Rule')
  const targets = () =>
    rules().flatMap(([id, rule]) => (rule.Properties.Targets as Target[]).map((to) => ({ id, ...to })))
  const queue = expect.stringMatching(/^(?:DeadLetterQueue|SkippedQueue)$/)

  test('of a rule or a schedule has a queue for what it could not hand over, and bounds for trying', () => {
    expect(rules().length).toBeGreaterThan(15)
    for (const { id, DeadLetterConfig, RetryPolicy } of targets()) {
      expect({ id, queue: meant(DeadLetterConfig?.Arn) }).toEqual({ id, queue })
      expect(RetryPolicy, id).toEqual({
        MaximumEventAgeInSeconds: expect.any(Number),
        MaximumRetryAttempts: expect.any(Number),
      })
    }
  })

  test('that is a function has a destination for what it failed on, and bounds for trying', () => {
    const functions = new Set(targets().map(({ Arn }) => meant(Arn) ?? ''))
    functions.delete('ArchiveQueue')
    const configs = typed(compiled.resources, 'AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => Properties)
    expect(configs.map(({ FunctionName }) => meant(FunctionName)).toSorted()).toEqual([...functions].toSorted())
    for (const config of configs) {
      expect(meant((config as Failing).DestinationConfig?.OnFailure?.Destination)).toEqual(queue)
      expect(config).toMatchObject({
        MaximumRetryAttempts: expect.any(Number),
        MaximumEventAgeInSeconds: expect.any(Number),
      })
    }
  })

  test('that reads a stream or a queue has an end for what it cannot take, and sends back single messages', () => {
    const mappings = typed(compiled.resources, 'AWS::Lambda::EventSourceMapping')
    expect(mappings).toHaveLength(3)
    for (const [id, { Properties }] of mappings) {
      expect(Properties.FunctionResponseTypes, id).toEqual(['ReportBatchItemFailures'])
      const source = meant(Properties.EventSourceArn) ?? ''
      if (source === 'Table') {
        expect(Properties).toMatchObject({ MaximumRetryAttempts: 3, BisectBatchOnFunctionError: true })
        expect(meant((Properties as Failing).DestinationConfig?.OnFailure?.Destination)).toBe('SkippedQueue')
      } else if (source === 'ArchiveQueue') {
        const { RedrivePolicy } = compiled.resources[source]?.Properties ?? {}
        expect(meant((RedrivePolicy as { deadLetterTargetArn: unknown }).deadLetterTargetArn)).toBe('DeadLetterQueue')
      } else expect(source).toBe('DeadLetterQueue')
    }
  })

  test('may write to its queue: a function by its role, a rule by the policy of the queue', () => {
    const configs = [
      ...typed(compiled.resources, 'AWS::Lambda::EventInvokeConfig'),
      ...typed(compiled.resources, 'AWS::Lambda::EventSourceMapping'),
    ]
    for (const [id, { Properties }] of configs) {
      const to = (Properties as Failing).DestinationConfig?.OnFailure?.Destination
      if (!to) continue
      const role = (meant(Properties.FunctionName) ?? '').replace(/LambdaFunction$/, 'Role')
      const policies = JSON.stringify(compiled.resources[role]?.Properties.Policies)
      expect(policies, id).toContain(JSON.stringify({ Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: [to] }))
    }
    const policyOf = (queueId: string): string =>
      JSON.stringify(
        typed(compiled.resources, 'AWS::SQS::QueuePolicy').find(
          ([, { Properties }]) => meant((Properties.Queues as unknown[])[0]) === queueId,
        ),
      )
    for (const { id, DeadLetterConfig } of targets()) {
      const policy = policyOf(meant(DeadLetterConfig?.Arn) ?? '')
      const onBus = meant(compiled.resources[id]?.Properties.EventBusName) === 'Bus'
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
      expect(policy, id).toContain(onBus ? ':rule/${Bus}/*' : JSON.stringify({ 'Fn::GetAtt': [id, 'Arn'] }))
    }
  })

  test('keeps what failed for fourteen days', () => {
    for (const [id, { Properties }] of typed(compiled.resources, 'AWS::SQS::Queue')) {
      expect(Properties, id).toMatchObject({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true })
    }
  })
})

describe('what is stored', () => {
  test('is in a table that keeps every second of it, is encrypted, streams, and cannot be deleted by mistake', () => {
    expect(compiled.resources.Table).toMatchObject({
      ...{ Type: 'AWS::DynamoDB::Table', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' },
      Properties: {
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
        SSESpecification: { SSEEnabled: true },
        BillingMode: 'PAY_PER_REQUEST',
      },
    })
  })

  test('and in a bucket that is versioned, encrypted, kept, and closed to the public', () => {
    expect(compiled.resources.Bucket).toMatchObject({
      ...{ Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' },
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          ...{ BlockPublicAcls: true, BlockPublicPolicy: true },
          ...{ IgnorePublicAcls: true, RestrictPublicBuckets: true },
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      },
    })
  })

  test('whose policy refuses requests without TLS, and a snapshot that is written without a condition', () => {
    const { Statement } = compiled.resources.BucketPolicy!.Properties.PolicyDocument as { Statement: object[] }
    expect(Statement).toEqual([
      {
        ...{ Effect: 'Deny', Principal: '*', Action: 's3:*' },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
        Resource: [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, { 'Fn::Sub': '${Bucket.Arn}/*' }],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      {
        ...{ Effect: 'Deny', Principal: '*', Action: 's3:PutObject' },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
        Resource: { 'Fn::Sub': '${Bucket.Arn}/promos/*' },
        Condition: { Null: { 's3:if-match': 'true', 's3:if-none-match': 'true' } },
      },
    ])
  })

  test('and every event in the bus’ archive, for good, but none that is replayed', () => {
    expect(compiled.resources.Archive?.Properties).toMatchObject({
      SourceArn: { 'Fn::GetAtt': ['Bus', 'Arn'] },
      RetentionDays: 0,
      EventPattern: { 'replay-name': [{ exists: false }] },
    })
  })

  test('logs end, every one', () => {
    const groups = typed(compiled.resources, 'AWS::Logs::LogGroup')
    expect(groups.length).toBeGreaterThanOrEqual(service.functionNames.length)
    for (const [id, { Properties }] of groups) expect(Properties.RetentionInDays, id).toBe(30)
  })
})

test('what a flood could make dear has a bound of its own; the API has one for all', () => {
  const bounded = typed(compiled.resources, 'AWS::Lambda::Function').filter(
    ([, { Properties }]) => Properties.ReservedConcurrentExecutions,
  )
  expect(bounded.map(([id]) => id.replace('LambdaFunction', '')).toSorted()).toEqual([
    'ListDashevents',
    'OnDashunknownDashevent',
    'PostDashevaluate',
  ])
  const [stage] = typed(compiled.resources, 'AWS::ApiGatewayV2::Stage')
  expect(stage?.[1].Properties.DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 })
})

test('redriving may invoke the functions that the bus calls, and no other', () => {
  const names = [...new Set(service.subscriptions.map(({ name }) => name))]
  for (const role of ['PostDashredriveRole', 'RedriveDashdeadDashlettersRole']) {
    const text = JSON.stringify(compiled.resources[role]?.Properties.Policies)
    const invoked = [...text.matchAll(/:function:kram-prod-([a-z-]*\*?)/g)].map(([, name]) => name)
    expect(invoked.toSorted()).toEqual(names.toSorted())
  }
})

test('the stack has room to grow: AWS takes 500 compiled.resources', () => {
  expect(Object.keys(compiled.resources).length).toBeLessThan(450)
})

describe('who gets in where', () => {
  let shop: HttpShop
  const before = process.env.KRAM_BACKEND
  beforeAll(async () => {
    shop = await openHttpShop()
  })
  afterAll(async () => {
    if (before === undefined) delete process.env.KRAM_BACKEND
    else process.env.KRAM_BACKEND = before
    await shop.close()
  })

  type Ask = (key: string, caller: Caller) => Promise<{ status: number; code: unknown }>

  async function cellsOf(ask: Ask, key: string): Promise<Cells> {
    const cells = await Promise.all(
      callers.map(async (caller) => {
        const { status, code } = await ask(key, caller)
        return [caller, cellOf(status, code)] as const
      }),
    )
    return Object.fromEntries(cells) as Cells
  }

  const read = ({ statusCode, body }: { statusCode: number; body: string }) => ({
    status: statusCode,
    code: body.startsWith('{') ? JSON.parse(body).code : undefined,
  })

  const requestOf = (key: string) => {
    const [method = '', path = ''] = key.split(' ')
    return { method, path, params: { id: 'x', name: 'x', file: 'x' }, json: {} }
  }

  const askHere: Ask = async (key, caller) => {
    const { handler } = functionOf(allRoutes.find(({ method, path }) => `${method} ${path}` === key)?.name ?? '')
    const token = caller === 'nobody' ? undefined : await shop.token(caller)
    return read(await handler(payloadOf({ ...requestOf(key), token })))
  }

  /** As API Gateway does it by the template: the route's authorizer first, then the integration's function. */
  const askTemplate: Ask = async (key, caller) => {
    const route = typed(compiled.resources, 'AWS::ApiGatewayV2::Route').find(
      ([, { Properties }]) => Properties.RouteKey === key,
    )
    const { AuthorizationType, AuthorizerId, Target } = route?.[1].Properties ?? {}
    if (AuthorizationType === 'JWT') {
      expect(compiled.resources[meant(AuthorizerId) ?? '']?.Properties).toMatchObject({
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
      })
      if (caller === 'nobody') return { status: 401, code: undefined }
    }
    const [, [, integration]] = (Target as { 'Fn::Join': [string, [string, unknown]] })['Fn::Join']
    const { IntegrationUri } = compiled.resources[meant(integration) ?? '']?.Properties ?? {}
    const { Handler } = compiled.resources[meant(IntegrationUri) ?? '']?.Properties ?? {}
    const handler = await loadHandler(/^dist\/functions\/([a-z-]+)\.handler$/.exec(String(Handler))?.[1] ?? '')
    const claims = { jwt: { claims: { sub: 'u-1', 'cognito:groups': `[${caller} staff]` }, scopes: null } }
    const authorizer = AuthorizationType === 'JWT' ? claims : null
    return read((await handler(payloadOf({ ...requestOf(key), authorizer }))) as { statusCode: number; body: string })
  }

  test('is written down in role-matrix.txt, every cell tried here and by the template', async () => {
    const keys = typed(compiled.resources, 'AWS::ApiGatewayV2::Route')
      .map(([, { Properties }]) => String(Properties.RouteKey))
      .filter((key) => key !== '$default')
    expect(keys.toSorted()).toEqual(allRoutes.map(({ method, path }) => `${method} ${path}`).toSorted())
    let lines: string[] = []
    await captureOutput(async () => {
      const { authenticate } = await deps(['authenticate'])
      const here = await Promise.all(keys.map((key) => cellsOf(askHere, key)))
      provideDeps({ authenticate: authenticateByClaims({ rolesClaim: 'cognito:groups' }) })
      process.env.KRAM_BACKEND = 'aws'
      const onAws = await Promise.all(keys.map((key) => cellsOf(askTemplate, key)))
      provideDeps({ authenticate })
      lines = keys.map((key, i) => lineOf(key, here[i] as Cells, onAws[i] as Cells))
    })
    expect(lines.length).toBeGreaterThan(roles.length)
    await expect(`${lines.toSorted().join('\n')}\n`).toMatchFileSnapshot(`../../${matrixPath}`)
  })
})

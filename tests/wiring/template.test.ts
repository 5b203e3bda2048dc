// The CloudFormation template that `serverless package` makes of serverless.yml: rules, permissions, failure paths, roles.
import { existsSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { functionNameOf } from '../../lib/lambda/route.ts'
import { allRoutes } from '../../lib/lambda/routes/all.ts'
import { readService } from '../../lib/local/service.ts'
import { compiled, packaged, type Resource } from '../support/template.ts'
import './promises.ts'

type Statement = { Effect: string; Action: string[]; Resource: unknown; Condition?: Record<string, unknown> }

let resources: Record<string, Resource> = {}
const service = readService('serverless.yml')
const subscribers = [...new Set(service.subscriptions.map(({ name }) => name))]

const ofType = (type: string): [string, Resource][] =>
  Object.entries(resources).filter(([, resource]) => resource.Type === type)

const logicalId = (name: string): string => {
  const plain = name.replaceAll('-', 'Dash')
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}`
}

const arnOf = (name: string): unknown => ({ 'Fn::GetAtt': [`${logicalId(name)}LambdaFunction`, 'Arn'] })
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

beforeAll(() => {
  resources = packaged()
  compiled.resources = resources
}, 90_000)

test('the function that begins replays knows every subscription and the rule of each that takes them', () => {
  const environment = resources.PostDashreplaysLambdaFunction?.Properties.Environment
  const { Variables } = environment as { Variables: Record<string, string> }
  const known = service.subscriptions.map(({ name, takesReplays }) => [name, takesReplays])
  expect(JSON.parse(Variables.KRAM_SUBSCRIPTIONS ?? '')).toEqual(Object.fromEntries(known))
  // What lib/lambda/deps.ts makes of a name.
  for (const { name } of service.subscriptions.filter(({ takesReplays }) => takesReplays)) {
    const ruleNames = ofType('AWS::Events::Rule').map(([, rule]) => rule.Properties.Name)
    expect(ruleNames).toContain(`${Variables.KRAM_FUNCTION_PREFIX}${name}-rule-1`)
  }
})

describe.each(subscribers)('%s', (name) => {
  test('has one rule on the bus with the pattern of serverless.yml, retries and a dead-letter queue', () => {
    const rules = ofType('AWS::Events::Rule').filter(
      ([, { Properties }]) =>
        Properties.ScheduleExpression === undefined &&
        (Properties.Targets as { Arn: unknown }[]).some(({ Arn }) => same(Arn, arnOf(name))),
    )
    expect(rules).toHaveLength(1)
    const { EventBusName, EventPattern, Targets } = rules[0]![1].Properties
    expect(EventBusName).toEqual({ Ref: 'Bus' })
    expect(EventPattern).toEqual(service.subscriptions.find((subscription) => subscription.name === name)?.pattern)
    expect(Targets).toEqual([
      expect.objectContaining({
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] } },
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      }),
    ])
  })

  test('may be invoked by that rule and its schedule alone', () => {
    const schedules = ofType('AWS::Events::Rule').filter(([, rule]) => rule.Properties.ScheduleExpression)
    const scheduled = schedules.map(([id]) => JSON.stringify({ 'Fn::GetAtt': [id, 'Arn'] }))
    const permissions = ofType('AWS::Lambda::Permission').filter(
      ([, { Properties }]) =>
        same(Properties.FunctionName, arnOf(name)) && !scheduled.includes(JSON.stringify(Properties.SourceArn)),
    )
    expect(permissions).toHaveLength(1)
    expect(permissions[0]![1].Properties).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: expect.anything(),
    })
  })

  test('sends what it fails on to the dead-letter queue', () => {
    const configs = ofType('AWS::Lambda::EventInvokeConfig').filter(([, config]) =>
      same(config.Properties.FunctionName, { Ref: `${logicalId(name)}LambdaFunction` }),
    )
    expect(configs).toHaveLength(1)
    expect(configs[0]![1].Properties).toMatchObject({
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] } } },
      MaximumRetryAttempts: 2,
    })
  })
})

describe.each(service.functionNames)('%s', (name) => {
  test('has a bundle, a log group that ends, and a role of its own that names its actions and resources', () => {
    const definition = resources[`${logicalId(name)}LambdaFunction`]!
    expect(existsSync(`dist/functions/${name}.mjs`)).toBe(true)
    expect(definition.Properties).toMatchObject({
      Handler: `dist/functions/${name}.handler`,
      Runtime: 'nodejs24.x',
      Role: { 'Fn::GetAtt': [`${logicalId(name)}Role`, 'Arn'] },
    })
    expect(resources[`${logicalId(name)}LogGroup`]?.Properties.RetentionInDays).toBeGreaterThan(0)

    const role = resources[`${logicalId(name)}Role`]!
    const policies = role.Properties.Policies as { PolicyDocument: { Statement: Statement[] } }[]
    const statements = policies.flatMap((policy) => policy.PolicyDocument.Statement)
    expect(role.Properties.ManagedPolicyArns).toBeUndefined()
    for (const { Action, Resource } of statements) {
      expect(Action.filter((action) => action.includes('*'))).toEqual([])
      expect([Resource].flat()).not.toContain('*')
    }
  })
})

const statementsOf = (name: string): Statement[] => {
  const policies = resources[`${logicalId(name)}Role`]!.Properties.Policies as {
    PolicyDocument: { Statement: Statement[] }
  }[]
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
}

// `Table.Arn` and the like; of a text with placeholders the text.
function resourceText(resource: unknown): string {
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = resource as Record<string, unknown>
  if (Array.isArray(attribute)) return attribute.join('.')
  return String(Ref ?? text)
}

test('what each function may do is listed: add a line to permissions.txt when a function needs more', async () => {
  const lines = service.functionNames.flatMap((name) =>
    statementsOf(name).flatMap(({ Effect, Action, Resource, Condition }) => {
      expect(Effect).toBe('Allow')
      const bound = Condition ? `  only ${JSON.stringify(Condition)}` : ''
      const logs = Action.every((action) => action.startsWith('logs:'))
      // Every function writes its own log, which the test of its role looks at.
      if (logs) return []
      return Action.flatMap((action) =>
        [Resource].flat().map((one) => `${name}  ${action}  ${resourceText(one)}${bound}`),
      )
    }),
  )
  await expect(`${lines.toSorted().join('\n')}\n`).toMatchFileSnapshot('permissions.txt')
})

test('a function’s log rights end at its own log group', () => {
  for (const name of service.functionNames) {
    const logs = statementsOf(name).filter(({ Action }) => Action.some((action) => action.startsWith('logs:')))
    expect(logs).toHaveLength(1)
    expect(resourceText(logs[0]!.Resource)).toMatch(
      new RegExp(`:log-group:/aws/lambda/kram-prod-${name}:log-stream:\\*$`),
    )
  }
})

describe.each(allRoutes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_name, route) => {
  test(route.roles === 'public' ? 'is open to everybody' : 'is behind the JWT authorizer', () => {
    const found = ofType('AWS::ApiGatewayV2::Route').filter(([, { Properties }]) => {
      const target = JSON.stringify(Properties.Target)
      const isIts = target.includes(`HttpApiIntegration${logicalId(functionNameOf(route))}"`)
      return isIts && Properties.RouteKey === `${route.method} ${route.path}`
    })
    expect(found).toHaveLength(1)
    for (const [, { Properties }] of found) {
      if (route.roles === 'public') expect(Properties.AuthorizationType ?? 'NONE').toBe('NONE')
      else {
        expect(Properties.AuthorizationType).toBe('JWT')
        expect(Properties.AuthorizerId).toEqual({ Ref: 'HttpApiAuthorizerCaller' })
      }
    }
  })
})

test('the API has no route beside those, and lets through a bounded number of requests', () => {
  const keys = ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties.RouteKey)
  expect(keys.toSorted()).toEqual([...allRoutes.map(({ method, path }) => `${method} ${path}`), '$default'].toSorted())
  const [stage] = ofType('AWS::ApiGatewayV2::Stage')
  expect(stage?.[1].Properties.DefaultRouteSettings).toEqual({
    // Metrics of each route would cost some 60 dollars a month, and the log has their durations.
    ThrottlingRateLimit: expect.any(Number),
    ThrottlingBurstLimit: expect.any(Number),
  })
})

test('every function is in an alarm on errors and in one on throttles', () => {
  const watched = (metric: string): string[] =>
    ofType('AWS::CloudWatch::Alarm').flatMap(([, { Properties }]) =>
      (
        (Properties.Metrics ?? []) as {
          MetricStat?: { Metric: { MetricName: string; Dimensions: { Value: unknown }[] } }
        }[]
      )
        .filter(({ MetricStat }) => MetricStat?.Metric.MetricName === metric)
        .map(({ MetricStat }) => String(MetricStat?.Metric.Dimensions[0]?.Value)),
    )
  const all = service.functionNames.map((name) => `kram-prod-${name}`).toSorted()
  expect(watched('Errors').toSorted()).toEqual(all)
  expect(watched('Throttles').toSorted()).toEqual(all)
})

test('every alarm tells somebody, and where to read on', () => {
  const alarms = ofType('AWS::CloudWatch::Alarm')
  expect(alarms.length).toBeGreaterThan(8)
  for (const [, { Properties }] of alarms) {
    expect(Properties).toMatchObject({
      AlarmDescription: expect.stringMatching(/^docs\/runbook\.md#[a-z0-9-]+$/),
      AlarmActions: [{ Ref: 'AlarmTopic' }],
      OKActions: [{ Ref: 'AlarmTopic' }],
    })
  }
})

test('every queue lets in the rules of this bus alone, and nobody without TLS', () => {
  const queues = ofType('AWS::SQS::Queue').map(([id]) => id)
  const policies = ofType('AWS::SQS::QueuePolicy')
  expect(policies.flatMap(([, { Properties }]) => Properties.Queues)).toEqual(queues.map((Ref) => ({ Ref })))
  for (const [, { Properties }] of policies) {
    const { Statement } = Properties.PolicyDocument as { Statement: (Statement & { Principal: unknown })[] }
    const [allowed, denied, ...more] = Statement
    expect(more).toEqual([])
    expect(allowed).toMatchObject({ Effect: 'Allow', Action: 'sqs:SendMessage' })
    expect(allowed).toMatchObject({ Principal: { Service: 'events.amazonaws.com' } })
    expect(JSON.stringify(allowed?.Condition)).toContain('aws:SourceArn')
    expect(denied).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })
  }
})

test('versions of promotions: nobody updates or deletes them, and only who saves promotions puts them', () => {
  const orders = {
    'ForAllValues:StringLike': {
      'dynamodb:LeadingKeys': ['order#*', 'customer#*', 'redeemed#*', 'seen#*', 'outbox#*'],
    },
  }
  const counts = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['statistics#*', 'seen#*'] } }
  const aside = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['unknown#*', 'outbox#*'] } }
  const writing = /^dynamodb:(?:Put|Update|Delete|BatchWrite|PartiQL)/
  const savers: string[] = []
  for (const name of service.functionNames) {
    const role = resources[`${logicalId(name)}Role`]!
    const policies = role.Properties.Policies as { PolicyDocument: { Statement: Statement[] } }[]
    for (const { Action, Condition } of policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)) {
      if (!Action.some((action) => writing.test(action))) continue
      const others = { 'ForAllValues:StringNotLike': { 'dynamodb:LeadingKeys': ['promo#*', 'promos'] } }
      if ([others, orders, counts, aside].some((known) => same(Condition, known))) continue
      savers.push(name)
      expect(Action).toEqual(['dynamodb:PutItem'])
      expect(Condition).toEqual({
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['promo#*', 'promos', 'outbox#promo_changed#*'] },
        'ForAnyValue:StringEquals': { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] },
      })
    }
  }
  expect(savers).toEqual(['put-promo', 'post-rollback', 'post-pause'])
})

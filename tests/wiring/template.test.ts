// The CloudFormation template that `serverless package` makes of serverless.yml: rules, permissions, failure paths, roles.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { readService } from '../../lib/local/service.ts'

type Resource = { Type: string; Properties: Record<string, unknown> }
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
  execFileSync(process.execPath, ['node_modules/serverless/bin/serverless.js', 'package', '--stage', 'prod'], {
    stdio: 'pipe',
  })
  const template = readFileSync('.serverless/cloudformation-template-update-stack.json', 'utf8')
  resources = JSON.parse(template).Resources
}, 60_000)

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

test('versions of promotions: nobody updates or deletes them, and only who saves promotions puts them', () => {
  const orders = {
    'ForAllValues:StringLike': {
      'dynamodb:LeadingKeys': ['order#*', 'customer#*', 'redeemed#*', 'seen#*', 'outbox#*'],
    },
  }
  const writing = /^dynamodb:(?:Put|Update|Delete|BatchWrite|PartiQL)/
  const savers: string[] = []
  for (const name of service.functionNames) {
    const role = resources[`${logicalId(name)}Role`]!
    const policies = role.Properties.Policies as { PolicyDocument: { Statement: Statement[] } }[]
    for (const { Action, Condition } of policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)) {
      if (!Action.some((action) => writing.test(action))) continue
      const others = { 'ForAllValues:StringNotLike': { 'dynamodb:LeadingKeys': ['promo#*', 'promos'] } }
      if (same(Condition, others) || same(Condition, orders)) continue
      savers.push(name)
      expect(Action).toEqual(['dynamodb:PutItem'])
      expect(Condition).toEqual({
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['promo#*', 'promos', 'outbox#promo_changed#*'] },
        'ForAnyValue:StringEquals': { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] },
      })
    }
  }
  expect(savers).toEqual(['put-promo', 'post-rollback'])
})

// What a deployment to an emulator makes of a template that the emulator refuses in part.
import { expect, test } from 'vitest'
import { forRightsCheck, refusalsOf, without } from '../../localstack/template.ts'

test('types are read from the endpoint’s refusal; any other error names none', () => {
  const refusal = 'Template format error: Unrecognized resource types: [AWS::Events::Archive, AWS::X::Y]'
  expect(refusalsOf(refusal).map(({ what }) => what)).toEqual(['AWS::Events::Archive', 'AWS::X::Y'])
  expect(refusalsOf('AWS::Events::Archive: no permission')).toEqual([])
})

test('what is left out is replaced wherever it is spoken of, and told', () => {
  const template = {
    Description: 'kept',
    Resources: {
      Archive: { Type: 'AWS::Events::Archive', Properties: { ArchiveName: 'a' } },
      Bus: { Type: 'AWS::Events::EventBus', DependsOn: 'Archive' },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { may: [{ 'Fn::GetAtt': ['Archive', 'Arn'] }] },
        DependsOn: ['Archive', 'Bus'],
      },
    },
    Outputs: { Archive: { Value: { Ref: 'Archive' } } },
  }
  const { template: rest, left } = without(
    template,
    refusalsOf('Unrecognized resource types: [AWS::Events::Archive]'),
    (id) => `arn of ${id}`,
  )
  expect(rest).toEqual({
    Description: 'kept',
    Resources: {
      Bus: { Type: 'AWS::Events::EventBus' },
      Role: { Type: 'AWS::IAM::Role', Properties: { may: ['arn of Archive'] }, DependsOn: ['Bus'] },
    },
    Outputs: { Archive: { Value: 'arn of Archive' } },
  })
  expect(left).toEqual({ Archive: template.Resources.Archive })
})

test('of alarms only those over several metrics are left out', () => {
  const [refusal, ...more] = refusalsOf(
    'A: AWS::CloudWatch::Alarm Properties.Metrics (metric math) is not supported; ...',
  )
  expect(more).toEqual([])
  expect(refusal?.fits({ Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: [] } })).toBe(true)
  expect(refusal?.fits({ Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'm' } })).toBe(false)
})

test('for a check of rights only what the emulator cannot know is left out of them', () => {
  const keys = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['promo#*'] } }
  const put = { Effect: 'Allow', Action: ['dynamodb:PutItem'], Resource: ['table'] }
  const enclosed = { 'ForAnyValue:StringEquals': { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] } }
  const start = { Effect: 'Allow', Action: ['events:StartReplay'], Resource: ['archive'] }
  const deny = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  }
  const template = {
    Statement: [put, { ...put, Condition: { ...keys, ...enclosed } }, { ...put, Condition: enclosed }, start, deny],
  }
  expect(forRightsCheck(template)).toEqual({
    Statement: [put, { ...put, Condition: keys }, put, { ...start, Resource: '*' }],
  })
})

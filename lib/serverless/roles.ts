// A Serverless plugin: one IAM role per function, made from the function's own `iam` list of statements in
// serverless.yml, so that what a function may do stands beside what triggers it.

type Statement = { Action: string[]; Resource: unknown; Condition?: unknown }
type FunctionConfig = { name: string; iam?: (Statement | Statement[])[]; role?: string }
type Serverless = {
  configSchemaHandler: { defineFunctionProperties(provider: string, schema: unknown): void }
  getProvider(name: 'aws'): {
    naming: { getNormalizedFunctionName(name: string): string; getLogGroupName(name: string): string }
  }
  service: {
    getAllFunctions(): string[]
    getFunction(name: string): FunctionConfig
    resources: { Resources: Record<string, unknown> }
  }
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
const logGroups = 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:'

/** The role of one function: its statements, and writing to its own log group. */
function roleFor({ logGroup, statements }: { logGroup: string; statements: Statement[] }): unknown {
  const logs: Statement = {
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    // The stream's name is Lambda's own choice.
    Resource: { 'Fn::Sub': `${logGroups}${logGroup}:log-stream:*` },
  }
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [
        {
          PolicyName: 'own',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [logs, ...statements].map((statement) => ({ Effect: 'Allow', ...statement })),
          },
        },
      ],
    },
  }
}

const statement = {
  type: 'object',
  properties: {
    Action: { type: 'array', items: { type: 'string', pattern: '^[a-z0-9]+:[A-Za-z]+$' } },
    Resource: {},
    Condition: {},
  },
  required: ['Action', 'Resource'],
  additionalProperties: false,
}

/** Gives every function its role before anything is compiled. */
export default class RolesPlugin {
  readonly hooks: Record<string, () => void>

  constructor(serverless: Serverless) {
    serverless.configSchemaHandler.defineFunctionProperties('aws', {
      type: 'object',
      properties: {
        iam: { type: 'array', items: { anyOf: [statement, { type: 'array', items: statement }] } },
      },
    })
    this.hooks = { 'before:package:initialize': () => addRoles(serverless) }
  }
}

function addRoles(serverless: Serverless): void {
  const { naming } = serverless.getProvider('aws')
  for (const name of serverless.service.getAllFunctions()) {
    const definition = serverless.service.getFunction(name)
    const logicalId = `${naming.getNormalizedFunctionName(name)}Role`
    serverless.service.resources.Resources[logicalId] = roleFor({
      logGroup: naming.getLogGroupName(definition.name),
      statements: (definition.iam ?? []).flat(),
    })
    definition.role = logicalId
  }
}

// A Serverless plugin: tells functions which subscriptions there are, and lets redriving invoke those functions alone, so
// that a new subscriber is one block in serverless.yml and in no second list.
import { projectService, readService } from '../local/service.ts'

type Statement = { Action: string[]; Resource: unknown }
type FunctionConfig = { name: string; iam?: (Statement | Statement[])[]; environment?: Record<string, unknown> }
type Serverless = {
  service: { getAllFunctions(): string[]; getFunction(name: string): FunctionConfig }
}

/** In serverless.yml: a variable with this name, and a statement's `Resource` with this word. */
const variable = 'KRAM_SUBSCRIPTIONS'
const word = 'subscriptions'

// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
const functions = 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:'

export default class SubscriptionsPlugin {
  readonly hooks: Record<string, () => void>

  constructor({ service }: Serverless) {
    this.hooks = { 'before:package:initialize': () => tell(service) }
  }
}

function tell(service: Serverless['service']): void {
  const { subscriptions } = readService(projectService)
  const takesReplays = Object.fromEntries(subscriptions.map(({ name, takesReplays }) => [name, takesReplays]))
  const arns = Object.keys(takesReplays).map((name) => ({
    'Fn::Sub': `${functions}${service.getFunction(name).name}`,
  }))
  for (const name of service.getAllFunctions()) {
    const definition = service.getFunction(name)
    if (definition.environment && variable in definition.environment) {
      definition.environment[variable] = JSON.stringify(takesReplays)
    }
    const statements = (definition.iam ?? []).flat()
    definition.iam = statements.map((each) => (each.Resource === word ? { ...each, Resource: arns } : each))
  }
}

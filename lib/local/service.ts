// Reads serverless.yml: which functions there are, what triggers each, and the subscriptions of the bus. The one
// reader of that file outside the Serverless Framework: embedded shop, tests and CLI ask here.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { parse } from 'yaml'
import { parseWith } from '../base/schema.ts'
import type { Pattern, Subscription } from '../ports/bus.ts'

/** The project's own. */
export const projectService = fileURLToPath(new URL('../../serverless.yml', import.meta.url))

const patternSchema = v.record(v.string(), v.any())

const functionSchema = v.looseObject({
  handler: v.string(),
  timeout: v.optional(v.number()),
  events: v.optional(v.array(v.record(v.string(), v.any())), []),
})

const ruleSchema = v.looseObject({
  Type: v.literal('AWS::Events::Rule'),
  Properties: v.looseObject({
    EventPattern: patternSchema,
    Targets: v.tuple([v.looseObject({ Arn: v.object({ get: v.string() }) })]),
  }),
})

const retrySchema = v.strictObject({ attempts: v.number(), maxAgeSeconds: v.number() })

const serviceSchema = v.looseObject({
  provider: v.looseObject({ timeout: v.number() }),
  custom: v.looseObject({ embedded: v.strictObject({ retry: retrySchema }) }),
  functions: v.record(v.string(), functionSchema),
  resources: v.looseObject({ Resources: v.record(v.string(), v.looseObject({ Type: v.string() })) }),
})

const httpEventSchema = v.object({ httpApi: v.looseObject({ method: v.string(), path: v.string() }) })
const busEventSchema = v.object({ eventBridge: v.looseObject({ pattern: patternSchema }) })

export type Route = { method: string; path: string; functionName: string; public: boolean }

/** What serverless.yml says, as far as a bus and an HTTP front need it. */
export type Service = {
  functionNames: string[]
  /** Seconds after which Lambda ends a function. */
  timeouts: ReadonlyMap<string, number>
  routes: Route[]
  subscriptions: Subscription[]
}

// CloudFormation's short tags. Only !GetAtt matters here: a raw rule names its function by it.
const tags = ['Ref', 'Sub', 'Join', 'Select', 'If', 'Equals', 'Not', 'ImportValue'].map((name) => ({
  tag: `!${name}`,
  resolve: (text: string) => text,
}))
const getAtt = { tag: '!GetAtt', resolve: (text: string) => ({ get: text }) }
const collections = ['Sub', 'Join', 'Equals', 'If', 'Select'].map((name) => ({
  tag: `!${name}`,
  collection: 'seq' as const,
}))

// The Framework's logical id of a function: on-new-customer -> OnDashnewDashcustomerLambdaFunction.
const logicalId = (name: string): string => {
  const plain = name.replaceAll('-', 'Dash').replaceAll('_', 'Underscore')
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}LambdaFunction`
}

// EventBridge marks an event of a replay with `replay-name`; a rule that wants it absent takes no replays.
const takesReplays = (pattern: Pattern): boolean => JSON.stringify(pattern['replay-name']) !== '[{"exists":false}]'

/**
 * Reads the file at `path`.
 * @throws KramError invalid `serverless_yml`, with JSON Pointers, when it has not the shape that we rely on
 */
export function readService(path: string): Service {
  const document: unknown = parse(readFileSync(path, 'utf8'), { customTags: [...tags, ...collections, getAtt] })
  const service = parseWith(serviceSchema, document, { code: 'serverless_yml', what: 'serverless.yml' })
  const subscriptions: Subscription[] = []
  const routes: Route[] = []
  const { retry } = service.custom.embedded
  const byLogicalId = new Map(Object.keys(service.functions).map((name) => [logicalId(name), name]))

  for (const [name, definition] of Object.entries(service.functions)) {
    for (const event of definition.events) {
      if (v.is(busEventSchema, event)) {
        const { pattern } = event.eventBridge
        subscriptions.push({ name, pattern, takesReplays: takesReplays(pattern), retry })
      } else if (v.is(httpEventSchema, event)) {
        const { method, path: routePath, authorizer } = event.httpApi
        routes.push({
          method: method.toUpperCase(),
          path: routePath,
          functionName: name,
          public: authorizer === undefined,
        })
      }
    }
  }
  for (const resource of Object.values(service.resources.Resources)) {
    if (resource.Type !== 'AWS::Events::Rule') continue
    const rule = parseWith(ruleSchema, resource, { code: 'serverless_yml', what: 'A rule of serverless.yml' })
    const pattern = rule.Properties.EventPattern
    const name = byLogicalId.get(rule.Properties.Targets[0].Arn.get.replace(/\.Arn$/, '')) ?? ''
    if (!service.functions[name]) continue
    subscriptions.push({ name, pattern, takesReplays: takesReplays(pattern), retry })
  }
  const functions = Object.entries(service.functions)
  const timeouts = new Map(functions.map(([name, { timeout }]) => [name, timeout ?? service.provider.timeout]))
  return { functionNames: Object.keys(service.functions), timeouts, routes, subscriptions }
}

// The compiled template, and what an emulator refuses of it: an unknown resource type is left out, made by API where
// that is possible, and always told.
export type Resource = { Type: string; Properties?: Record<string, unknown>; DependsOn?: string | string[] }
export type Template = {
  Resources: Record<string, Resource>
  Outputs?: Record<string, { Value: unknown }>
  [part: string]: unknown
}

export type Refusal = { what: string; fits: (resource: Resource) => boolean }

/** What an endpoint's answer says that it cannot make; empty when it speaks of something else. */
export function refusalsOf(message: string): Refusal[] {
  const listed = /[Uu]nrecognized resource types?: \[([^\]]*)\]/.exec(message)?.[1] ?? ''
  const types = listed.match(/\w+::\w+::\w+/g) ?? []
  const refusals: Refusal[] = types.map((type) => ({ what: type, fits: ({ Type }) => Type === type }))
  if (/AWS::CloudWatch::Alarm Properties\.Metrics .*not supported/.test(message)) {
    refusals.push({
      what: 'alarms over several metrics',
      fits: ({ Type, Properties }) => Type === 'AWS::CloudWatch::Alarm' && Properties?.Metrics !== undefined,
    })
  }
  return refusals
}

/**
 * The template without the resources that are refused. Where another resource speaks of one, `arnOf` says what stands in its
 * place.
 */
export function without(
  template: Template,
  refusals: readonly Refusal[],
  arnOf: (logicalId: string, resource: Resource) => unknown,
): { template: Template; left: Record<string, Resource> } {
  const refused = (resource: Resource): boolean => refusals.some(({ fits }) => fits(resource))
  const left = Object.fromEntries(Object.entries(template.Resources).filter(([, resource]) => refused(resource)))
  const replaced = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replaced)
    if (typeof value !== 'object' || value === null) return value
    const { Ref, 'Fn::GetAtt': attribute } = value as Record<string, unknown>
    const named = typeof Ref === 'string' ? Ref : Array.isArray(attribute) ? String(attribute[0]) : ''
    const resource = left[named]
    if (resource) return arnOf(named, resource)
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, replaced(part)]))
  }
  const kept = Object.entries(template.Resources).filter(([id]) => !(id in left))
  const Resources = Object.fromEntries(
    kept.map(([id, resource]) => {
      const { DependsOn, ...rest } = replaced(resource) as Resource
      const needs = [DependsOn ?? []].flat().filter((name) => !(name in left))
      return [id, needs.length === 0 ? rest : { ...rest, DependsOn: needs }]
    }),
  )
  return {
    template: { ...template, Resources, Outputs: replaced(template.Outputs ?? {}) as Template['Outputs'] & {} },
    left,
  }
}

type Statement = { Effect: string; Action: string | string[]; Resource?: unknown; Condition?: Record<string, unknown> }

const isStatement = (value: unknown): value is Statement =>
  typeof value === 'object' && value !== null && 'Effect' in value && 'Action' in value

// Of a request for a replay ministack knows no resource.
const withoutResource = /^events:(?:Start|Describe|Cancel)Replay$/
// Of a write it knows no enclosing transaction.
const unknownCondition = 'ForAnyValue:StringEquals'

function loosened({ Condition = {}, ...rest }: Statement): Statement {
  const anywhere = [rest.Action].flat().every((action) => withoutResource.test(action))
  const { [unknownCondition]: _, ...known } = Condition
  return {
    ...rest,
    ...(anywhere && { Resource: '*' }),
    ...(Object.keys(known).length > 0 && { Condition: known }),
  }
}

/**
 * The template for an endpoint that checks rights (ministack with AUTH=true) but does not know all that they speak of:
 * requests there have no TLS, replays no resource, writes no enclosing transaction. All other rights stay to the letter.
 */
export function forRightsCheck<T>(value: T): T {
  const visit = (part: unknown): unknown => {
    if (Array.isArray(part)) {
      return part.filter((one) => !(isStatement(one) && one.Effect === 'Deny')).map(visit)
    }
    if (isStatement(part)) return loosened(part)
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, visit(inner)]))
  }
  return visit(value) as T
}

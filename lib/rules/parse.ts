// Reads rules and queries: JSON -> the form that the evaluator works on, or a refusal with rule, path and reason.
import { limits } from '../base/limits.ts'
import { arrangeAll, namesOf } from './arrange.ts'
import type { AllIr, RuleIr, VariableSet } from './ir.ts'
import { parseAll } from './parse-conditions.ts'
import { asList, asObject, asText, type Context, newContext, onlyFields, refuse, variableOf } from './parse-context.ts'
import { parseTemplates, templateNeeds } from './templates.ts'
import type { Query, Registry, Rule } from './types.ts'

const ruleFields = new Set(['name', 'when', 'insert'])
const queryFields = new Set(['params', 'when'])

/**
 * @param pointer where the rule stands in the list, for messages: `/3`
 * @param calls gets what the rule calls from the registry: `predicates/<name>` and the like
 * @throws KramError invalid `invalid_rule`
 */
export function parseRule(rule: Rule, pointer: string, registry: Registry, calls?: Set<string>): RuleIr {
  const context = newContext(`Rule at ${pointer}`, 'invalid_rule', registry, calls)
  const object = asObject(context, rule, pointer, 'a rule')
  const name = asText(context, object.name, `${pointer}/name`, 'the name')
  context.what = `Rule "${name}"`
  if (name.length > limits.nameChars)
    refuse(context, `${pointer}/name`, `must have at most ${limits.nameChars} characters`)
  onlyFields(context, object, pointer, ruleFields)
  const all = parseAll(context, object.when, { pointer: `${pointer}/when`, index: 0, depth: 0 })
  const when = arrangeAll(context, all, 0)
  const insert = parseTemplates(context, object.insert, `${pointer}/insert`)
  insert.forEach(({ template }, i) => {
    const [unbound] = namesOf(context, templateNeeds(template) & ~when.binds)
    if (unbound !== undefined) {
      refuse(context, `${pointer}/insert/${i}`, `the variable ${unbound} is not bound by any condition`)
    }
  })
  return { name, variables: context.variables, when, insert }
}

export type ParsedQuery = { params: readonly string[]; variables: readonly string[]; shown: VariableSet; when: AllIr }

/** @throws KramError invalid `invalid_query` */
export function parseQuery(query: Query, registry: Registry): ParsedQuery {
  const context = newContext('The query', 'invalid_query', registry)
  const object = asObject(context, query, '', 'a query')
  onlyFields(context, object, '', queryFields)
  const params = parseParams(context, object.params)
  const given = (1 << params.length) - 1
  const all = parseAll(context, object.when, { pointer: '/when', index: 0, depth: 0 })
  const when = arrangeAll(context, all, given)
  return { params, variables: context.variables, shown: given | when.binds, when }
}

function parseParams(context: Context, value: unknown): string[] {
  if (value === undefined) return []
  const names = asList(context, value, '/params', { what: 'params', max: limits.ruleVariables })
  return names.map((name, i) => {
    // Parameters are the first variables.
    if (variableOf(context, name, `/params/${i}`) !== i) refuse(context, `/params/${i}`, 'is named twice')
    return name as string
  })
}

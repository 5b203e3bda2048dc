// Facts to insert: reading templates, and filling them for a match.
import { pointerStep } from '../base/json.ts'
import { limits } from '../base/limits.ts'
import { type Environment, noFact, type ValueFunction, valueFunction } from './functions.ts'
import type { TemplateIr, VariableSet } from './ir.ts'
import { expressionCost, expressionNeeds } from './ir.ts'
import { asList, asObject, asText, type Context, checkDepth, refuse } from './parse-context.ts'
import { expressionKinds, isScalar, parseExpression } from './parse-tests.ts'
import type { Fact, Registry } from './types.ts'
import { frozenCopy } from './values.ts'

type Place = { pointer: string; depth: number; left: { values: number } }

/** The facts that a rule inserts. `bound` is checked against what they use by the caller. */
export function parseTemplates(
  context: Context,
  value: unknown,
  pointer: string,
): { type: string; template: TemplateIr }[] {
  const list = asList(context, value, pointer, { what: 'insert', min: 1, max: limits.ruleTemplates })
  return list.map((item, i) => {
    const at = `${pointer}/${i}`
    const object = asObject(context, item, at, 'a fact to insert')
    const type = asText(context, object.type, `${at}/type`, 'the type of the fact')
    const left = { values: limits.ruleTemplateValues }
    return { type, template: parseObject(context, object, { pointer: at, depth: 0, left }) }
  })
}

function parseTemplate(context: Context, value: unknown, place: Place): TemplateIr {
  const { pointer } = place
  checkDepth(context, place.depth, pointer)
  if (--place.left.values < 0) {
    refuse(context, pointer, `a fact may have at most ${limits.ruleTemplateValues} values`)
  }
  if (isScalar(value)) return { op: 'const', value }
  if (Array.isArray(value)) {
    const parts = value.map((part, i) =>
      parseTemplate(context, part, { ...place, pointer: `${pointer}/${i}`, depth: place.depth + 1 }),
    )
    return parts.every((part, i) => isAsWritten(part, value[i])) ? { op: 'const', value } : { op: 'list', parts }
  }
  const object = asObject(context, value, pointer, 'this')
  const names = Object.keys(object)
  const isExpression =
    'var' in object || 'call' in object || (names.length === 1 && expressionKinds.has(names[0] ?? ''))
  if (isExpression) {
    const expression = parseExpression(context, object, pointer, { fact: false, depth: 0 })
    return expression.op === 'const' ? expression : { op: 'value', value: expression }
  }
  return parseObject(context, object, place)
}

// Most names need no escape (RFC 6901).
const escaped = (name: string): string => (/[~/]/.test(name) ? pointerStep(name).slice(1) : name)

function parseObject(context: Context, object: Readonly<Record<string, unknown>>, place: Place): TemplateIr {
  const parts = Object.keys(object).map((name) => ({
    name,
    value: parseTemplate(context, object[name], {
      ...place,
      pointer: `${place.pointer}/${escaped(name)}`,
      depth: place.depth + 1,
    }),
  }))
  const isConstant = parts.every((part) => isAsWritten(part.value, object[part.name]))
  return isConstant ? { op: 'const', value: object } : { op: 'object', parts }
}

// A literal is constant too, but not what is written.
const isAsWritten = (template: TemplateIr, written: unknown): boolean =>
  template.op === 'const' && template.value === written

export function templateNeeds(template: TemplateIr): VariableSet {
  switch (template.op) {
    case 'const':
      return 0
    case 'value':
      return expressionNeeds(template.value)
    case 'list':
      return template.parts.reduce((needs, part) => needs | templateNeeds(part), 0)
    case 'object':
      return template.parts.reduce((needs, part) => needs | templateNeeds(part.value), 0)
  }
}

const valueSteps = 10

/** What filling it takes, in steps of the work budget. */
export function templateCost(template: TemplateIr): number {
  switch (template.op) {
    case 'const':
      return 0
    case 'value':
      return valueSteps * (1 + expressionCost(template.value))
    case 'list':
      return template.parts.reduce((cost, part) => cost + templateCost(part), valueSteps)
    case 'object':
      return template.parts.reduce((cost, part) => cost + valueSteps + templateCost(part.value), valueSteps)
  }
}

/** A template as a function; a constant one gives the same frozen fact each time. */
function templateFunction(template: TemplateIr, registry: Registry): (environment: Environment) => unknown {
  switch (template.op) {
    case 'const': {
      const value = frozenCopy(template.value)
      return () => value
    }
    case 'value': {
      const value: ValueFunction = valueFunction(template.value, registry)
      return (environment) => value(noFact, environment)
    }
    case 'list': {
      const parts = template.parts.map((part) => templateFunction(part, registry))
      return (environment) => Object.freeze(parts.map((part) => part(environment) ?? null))
    }
    case 'object': {
      const parts = template.parts.map(({ name, value }) => ({ name, value: templateFunction(value, registry) }))
      return (environment) => fill(parts, environment)
    }
  }
}

// An attribute whose expression has no value is left out.
function fill(
  parts: readonly { name: string; value: (environment: Environment) => unknown }[],
  environment: Environment,
): Readonly<Record<string, unknown>> {
  const entries: [string, unknown][] = []
  for (const { name, value } of parts) {
    const filled = value(environment)
    if (filled !== undefined) entries.push([name, filled])
  }
  return Object.freeze(Object.fromEntries(entries))
}

export type FactFunction = (environment: Environment) => Fact

export const factFunction = (template: TemplateIr, registry: Registry): FactFunction =>
  templateFunction(template, registry) as FactFunction

// Reads expressions and tests of the rule format.
import { limits } from '../base/limits.ts'
import type { ExpressionIr, Operator, TestIr } from './ir.ts'
import {
  asList,
  asObject,
  asText,
  type Context,
  checkDepth,
  onlyFields,
  type PlainObject,
  parsePath,
  refuse,
  registered,
  variableOf,
} from './parse-context.ts'
import { frozenCopy, isNumber } from './values.ts'

/** Whether `path` may occur: only where a fact is under test. */
export type Scope = { fact: boolean; depth: number }

const deeper = (scope: Scope): Scope => ({ fact: scope.fact, depth: scope.depth + 1 })

export const isScalar = (value: unknown): boolean =>
  value === null || typeof value === 'boolean' || typeof value === 'string' || isNumber(value)

const arithmetic = { add: [1, 20], sub: [2, 2], mul: [1, 20], div: [2, 2] } as const
const operations = Object.keys(arithmetic) as (keyof typeof arithmetic)[]
const fieldsOf = (...names: string[]): ReadonlySet<string> => new Set(names)
const pathFields = fieldsOf('path')
const varFields = fieldsOf('var', 'path')
const literalFields = fieldsOf('literal')
const callFields = fieldsOf('call', 'args')

/** What an object expression has exactly one of. */
export const expressionKinds: ReadonlySet<string> = new Set(['path', 'var', 'literal', 'call', ...operations])

export function parseExpression(context: Context, value: unknown, pointer: string, scope: Scope): ExpressionIr {
  if (++context.expressions > limits.ruleExpressions) {
    refuse(context, pointer, `there may be at most ${limits.ruleExpressions} expressions`)
  }
  if (isScalar(value)) return constant(context, value, pointer)
  checkDepth(context, scope.depth, pointer)
  const object = asObject(context, value, pointer, 'an expression that is no text, number, true, false or null')
  if ('var' in object) return parseVariable(context, object, pointer)
  if ('path' in object) {
    onlyFields(context, object, pointer, pathFields)
    return attribute(context, object, pointer, scope)
  }
  if ('literal' in object) {
    onlyFields(context, object, pointer, literalFields)
    return { op: 'const', value: literal(context, object.literal, `${pointer}/literal`) }
  }
  if ('call' in object) {
    onlyFields(context, object, pointer, callFields)
    registered(context, 'expressions', object.call, `${pointer}/call`)
    return { op: 'call', name: object.call as string, args: parseArgs(context, object.args, `${pointer}/args`, scope) }
  }
  return parseArithmetic(context, object, pointer, scope)
}

function constant(context: Context, value: unknown, pointer: string): ExpressionIr {
  if (typeof value === 'string' && value.length > limits.ruleTextChars) {
    refuse(context, pointer, `a text must have at most ${limits.ruleTextChars} characters`)
  }
  return { op: 'const', value }
}

function literal(context: Context, value: unknown, pointer: string): unknown {
  if (JSON.stringify(value ?? null).length > limits.ruleTextChars) {
    refuse(context, pointer, `a literal must have at most ${limits.ruleTextChars} characters`)
  }
  return frozenCopy(value)
}

function attribute(context: Context, object: PlainObject, pointer: string, scope: Scope): ExpressionIr {
  if (!scope.fact) refuse(context, `${pointer}/path`, 'no fact is under test here; use a variable')
  return { op: 'path', steps: parsePath(context, object.path, `${pointer}/path`) }
}

function parseVariable(context: Context, object: PlainObject, pointer: string): ExpressionIr {
  onlyFields(context, object, pointer, varFields)
  return variable(context, object, pointer)
}

function variable(context: Context, object: PlainObject, pointer: string): ExpressionIr {
  const number = variableOf(context, object.var, `${pointer}/var`)
  const steps = object.path === undefined ? [] : parsePath(context, object.path, `${pointer}/path`)
  return { op: 'var', variable: number, steps }
}

function parseArithmetic(context: Context, object: PlainObject, pointer: string, scope: Scope): ExpressionIr {
  const names = Object.keys(object)
  const op = operations.find((name) => Object.hasOwn(object, name))
  if (op === undefined || names.length > 1) {
    return refuse(context, pointer, `an expression has one of ${[...expressionKinds].join(', ')}`)
  }
  const [min, max] = arithmetic[op]
  const at = `${pointer}/${op}`
  const args = asList(context, object[op], at, { what: op, min, max })
  return { op, args: args.map((arg, i) => parseExpression(context, arg, `${at}/${i}`, deeper(scope))) }
}

function parseArgs(context: Context, value: unknown, pointer: string, scope: Scope): ExpressionIr[] {
  if (value === undefined) return []
  return asList(context, value, pointer, { what: 'args', max: 20 }).map((arg, i) =>
    parseExpression(context, arg, `${pointer}/${i}`, deeper(scope)),
  )
}

// ----------------------------------------------------------------------------------------------------------- tests

export const operators: ReadonlySet<string> = new Set([
  'eq',
  'ne',
  'in',
  'not_in',
  'lt',
  'lte',
  'gt',
  'gte',
  'between',
  'exists',
  'prefix',
])
const leftFields = ['path', 'var', 'value'] as const
const comparisonFields: ReadonlySet<string> = new Set([...leftFields, ...operators])
const groupFields = { all: fieldsOf('all'), any: fieldsOf('any'), not: fieldsOf('not') }
const predicateFields = fieldsOf('predicate', 'args')

export function parseTests(context: Context, value: unknown, pointer: string, scope: Scope): TestIr[] {
  const tests = asList(context, value, pointer, { what: 'the tests', max: limits.ruleTests })
  return tests.map((test, i) => parseTest(context, test, `${pointer}/${i}`, scope))
}

export function parseTest(context: Context, value: unknown, pointer: string, scope: Scope): TestIr {
  checkDepth(context, scope.depth, pointer)
  if (++context.tests > limits.ruleTests) refuse(context, pointer, `there may be at most ${limits.ruleTests} tests`)
  const object = asObject(context, value, pointer, 'a test')
  for (const op of ['all', 'any'] as const) {
    if (!(op in object)) continue
    onlyFields(context, object, pointer, groupFields[op])
    return { op, pointer, tests: parseTests(context, object[op], `${pointer}/${op}`, deeper(scope)) }
  }
  if ('not' in object) {
    onlyFields(context, object, pointer, groupFields.not)
    return { op: 'not', pointer, test: parseTest(context, object.not, `${pointer}/not`, deeper(scope)) }
  }
  if ('predicate' in object) {
    onlyFields(context, object, pointer, predicateFields)
    registered(context, 'predicates', object.predicate, `${pointer}/predicate`)
    const args = parseArgs(context, object.args, `${pointer}/args`, scope)
    return { op: 'predicate', pointer, name: object.predicate as string, args }
  }
  return parseComparison(context, object, pointer, scope)
}

function parseComparison(context: Context, object: PlainObject, pointer: string, scope: Scope): TestIr {
  onlyFields(context, object, pointer, comparisonFields)
  const left = parseLeft(context, object, pointer, scope)
  const parts = parseOperators(context, object, pointer, scope)
  const tests = parts.map(({ operator, right }): TestIr => ({ op: 'compare', pointer, operator, left, right }))
  return tests.length === 1 ? (tests[0] as TestIr) : { op: 'all', pointer, tests }
}

function parseLeft(context: Context, object: PlainObject, pointer: string, scope: Scope): ExpressionIr {
  if ('value' in object) {
    if ('var' in object || 'path' in object) refuse(context, pointer, 'compare either path, var or value')
    return parseExpression(context, object.value, `${pointer}/value`, deeper(scope))
  }
  if ('var' in object) return variable(context, object, pointer)
  if ('path' in object) return attribute(context, object, pointer, scope)
  return refuse(context, pointer, 'a test has one of path, var, value, all, any, not, predicate')
}

type Part = { operator: Operator; right: ExpressionIr }

/** The operators of a comparison, or of an accumulation's `is`; at least one. */
export function parseOperators(context: Context, object: PlainObject, pointer: string, scope: Scope): readonly Part[] {
  // Most have but one; a list that grows by itself takes room for many.
  let parts: readonly Part[] = []
  for (const name in object) {
    if (!operators.has(name)) continue
    const part = parseOperator(context, name, object[name], `${pointer}/${name}`, scope)
    parts = [...parts, part]
  }
  if (parts.length === 0) refuse(context, pointer, `there must be one of ${[...operators].join(', ')}`)
  return parts
}

function parseOperator(context: Context, name: string, value: unknown, pointer: string, scope: Scope): Part {
  switch (name) {
    case 'in':
    case 'not_in':
      return { operator: name, right: parseMembers(context, value, pointer) }
    case 'between': {
      const ends = asList(context, value, pointer, { what: 'between', min: 2, max: 2 })
      const args = ends.map((end, i) => parseExpression(context, end, `${pointer}/${i}`, deeper(scope)))
      return { operator: name, right: { op: 'list', args } }
    }
    case 'exists':
      if (typeof value !== 'boolean') refuse(context, pointer, 'exists must be true or false')
      return { operator: value ? 'exists' : 'absent', right: { op: 'const', value: null } }
    case 'prefix':
      return { operator: name, right: { op: 'const', value: asText(context, value, pointer, 'prefix') } }
    default:
      return { operator: name as Operator, right: parseExpression(context, value, pointer, deeper(scope)) }
  }
}

function parseMembers(context: Context, value: unknown, pointer: string): ExpressionIr {
  if (!Array.isArray(value)) return parseVariable(context, asObject(context, value, pointer, 'a list'), pointer)
  const members = asList(context, value, pointer, { what: 'the list', min: 1, max: limits.ruleListEntries })
  members.forEach((member, i) => {
    if (!isScalar(member)) refuse(context, `${pointer}/${i}`, 'must be a text, a number, true, false or null')
    constant(context, member, `${pointer}/${i}`)
  })
  return { op: 'const', value: members }
}

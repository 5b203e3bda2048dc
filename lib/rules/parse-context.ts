// What the parsers of rules share: refusing with rule, path and reason, strict objects, variables, bounds.
import { KramError } from '../base/errors.ts'
import { pointerStep } from '../base/json.ts'
import { limits } from '../base/limits.ts'
import type { Registry } from './types.ts'
import { ownValue, type Steps } from './values.ts'

export type Context = {
  /** What is being read, for messages: `Rule "puma"`. */
  what: string
  code: 'invalid_rule' | 'invalid_query' | 'invalid_options'
  registry: Registry
  variables: string[]
  conditions: number
  tests: number
  expressions: number
  /** Names of registry functions met, so that a snapshot can tell what it needs. */
  calls: Set<string>
}

export const newContext = (
  what: string,
  code: Context['code'],
  registry: Registry,
  calls: Set<string> = new Set(),
): Context => ({
  what,
  code,
  registry,
  variables: [],
  conditions: 0,
  tests: 0,
  expressions: 0,
  calls,
})

/** Refuses the rule: its name, where, and why. */
export function refuse(context: Context, pointer: string, reason: string): never {
  throw new KramError('invalid', context.code, `${context.what}, ${pointer || '/'}: ${reason}`, {
    detail: { issues: [{ pointer, message: reason }], what: context.what },
  })
}

export type PlainObject = { readonly [name: string]: unknown }

export function asObject(context: Context, value: unknown, pointer: string, what: string): PlainObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(context, pointer, `${what} must be an object`)
  }
  return value as PlainObject
}

/** Refuses names that are not among `allowed`. */
export function onlyFields(context: Context, value: PlainObject, pointer: string, allowed: ReadonlySet<string>): void {
  for (const name in value) {
    if (!allowed.has(name)) {
      refuse(context, pointer + pointerStep(name), `is not a field here; there may be ${[...allowed].join(', ')}`)
    }
  }
}

export function asList(
  context: Context,
  value: unknown,
  pointer: string,
  { what, min = 0, max }: { what: string; min?: number; max: number },
): readonly unknown[] {
  if (!Array.isArray(value)) return refuse(context, pointer, `${what} must be a list`)
  if (value.length < min) refuse(context, pointer, `${what} must have at least ${min}`)
  if (value.length > max) refuse(context, pointer, `${what} must have at most ${max}`)
  // Gaps too, which map() would pass over.
  if (value.includes(undefined)) refuse(context, pointer, `${what} must have no gaps`)
  return value
}

export function asText(context: Context, value: unknown, pointer: string, what: string): string {
  if (typeof value !== 'string' || value === '') return refuse(context, pointer, `${what} must be a text`)
  if (value.length > limits.ruleTextChars) {
    refuse(context, pointer, `${what} must have at most ${limits.ruleTextChars} characters`)
  }
  return value
}

const variableName = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/

/** The number of the variable; new names get the next. */
export function variableOf(context: Context, name: unknown, pointer: string): number {
  if (typeof name !== 'string' || !variableName.test(name)) {
    return refuse(context, pointer, 'a variable is named by letters, digits and _, not beginning with a digit')
  }
  const known = context.variables.indexOf(name)
  if (known >= 0) return known
  if (context.variables.length === limits.ruleVariables) {
    refuse(context, pointer, `there may be at most ${limits.ruleVariables} variables`)
  }
  return context.variables.push(name) - 1
}

export function parsePath(context: Context, value: unknown, pointer: string): Steps {
  const steps = typeof value === 'string' ? value.split('.') : value
  if (!Array.isArray(steps)) return refuse(context, pointer, 'a path must be a text or a list of texts')
  if (steps.length === 0 || steps.length > limits.pathSteps) {
    refuse(context, pointer, `a path must have 1 to ${limits.pathSteps} steps`)
  }
  for (const step of steps) asText(context, step, pointer, 'each step of a path')
  return steps
}

/** The registry's own function of that name. */
export function registered(
  context: Context,
  kind: keyof Registry,
  name: unknown,
  pointer: string,
): (...args: never[]) => unknown {
  const text = asText(context, name, pointer, 'the name')
  const found = ownValue(context.registry[kind], text)
  if (typeof found !== 'function') return refuse(context, pointer, `there is no ${text} among the ${kind}`)
  context.calls.add(`${kind}/${text}`)
  return found as (...args: never[]) => unknown
}

export function checkDepth(context: Context, depth: number, pointer: string): void {
  if (depth > limits.ruleDepth) refuse(context, pointer, `must not be nested deeper than ${limits.ruleDepth}`)
}

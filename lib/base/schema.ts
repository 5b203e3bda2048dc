// Every external input is parsed once, at the edge, by a strict schema; its faults come back with JSON Pointers.
import * as v from 'valibot'
import { type Issue, KramError } from './errors.ts'
import { pointerStep } from './json.ts'
import { limits } from './limits.ts'

const toIssue = (issue: v.BaseIssue<unknown>): Issue => {
  const pointer = (issue.path ?? []).map((step) => pointerStep(String(step.key))).join('')
  const unknownField = issue.type === 'strict_object' && issue.expected === 'never'
  const missing = issue.input === undefined && issue.received === 'undefined'
  const message = unknownField ? 'is not a field here' : missing ? 'is missing' : issue.message
  return { pointer, message }
}

/** Faults of `input` against `schema`, at most `limits.issues`; empty when there are none. */
export function issuesOf(schema: v.GenericSchema<unknown, unknown>, input: unknown): Issue[] {
  const result = v.safeParse(schema, input)
  return result.success ? [] : result.issues.slice(0, limits.issues).map(toIssue)
}

/**
 * The schema's output for `input`.
 * @throws KramError invalid, with `code`, the faults in `detail.issues`, and the first of them in the message
 */
export function parseWith<Schema extends v.GenericSchema<unknown, unknown>>(
  schema: Schema,
  input: unknown,
  { code = 'invalid_input', what = 'The input' }: { code?: string; what?: string } = {},
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input)
  if (result.success) return result.output
  const issues = result.issues.slice(0, limits.issues).map(toIssue)
  const [first] = issues
  throw new KramError('invalid', code, `${what} is not valid: ${first?.pointer || '/'} ${first?.message}`, {
    detail: { issues },
  })
}

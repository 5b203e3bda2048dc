// Every external input is parsed once, at the edge, by a strict schema; its faults come back with JSON Pointers.
import * as v from 'valibot'
import { type Issue, KramError } from './errors.ts'
import { pointerStep } from './json.ts'
import { limits } from './limits.ts'
import { sentences } from './schema-sentences.ts'

const typeNames: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  strict_object: 'an object',
  loose_object: 'an object',
  record: 'an object',
}

const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  return typeNames[Array.isArray(value) ? 'array' : typeof value] ?? typeof value
}

// A schema's own message, or our sentence for one that has none.
function messageOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'strict_object' && issue.expected === 'never') return 'is not a field here'
  if (issue.input === undefined && issue.received === 'undefined') return 'is missing'
  if (!/^Invalid [^:]{1,40}: (?:Expected|Received) /.test(issue.message)) return issue.message
  const sentence = sentences[issue.type]
  if (sentence) return sentence(issue)
  if (issue.kind !== 'schema') return 'is not valid'
  const expected = typeNames[issue.type] ?? issue.expected ?? 'something else'
  const samePrimitive = typeOf(issue.input) === expected || issue.type === 'literal' || issue.type === 'picklist'
  return samePrimitive ? `must be ${expected}` : `must be ${expected}, not ${typeOf(issue.input)}`
}

// One fault a field: the first says what to mend, and a long text is not run through every other check.
const config = { abortPipeEarly: true } as const

const toIssue = (issue: v.BaseIssue<unknown>): Issue => {
  const pointer = (issue.path ?? []).map((step) => pointerStep(String(step.key))).join('')
  return { pointer, message: messageOf(issue) }
}

// Valibot takes a list for an object with the keys 0, 1, ...: found by the plain object that it made of one. Adds to
// `found` the keys that lead to each; hardly ever there is one, and then none is looked at twice.
function findListsTakenAsObjects(input: unknown, output: unknown, path: string[], found: string[][]): void {
  if (typeof input !== 'object' || input === null || typeof output !== 'object' || output === null) return
  if (input === output) return
  const isList = Array.isArray(input)
  if (isList !== Array.isArray(output)) {
    if (isList && Object.getPrototypeOf(output) === Object.prototype) found.push([...path])
    return
  }
  for (const key of Object.keys(output)) {
    path.push(key)
    findListsTakenAsObjects(
      (input as Record<string, unknown>)[key],
      (output as Record<string, unknown>)[key],
      path,
      found,
    )
    path.pop()
  }
}

function listsTakenAsObjects(input: unknown, output: unknown): Issue[] {
  const found: string[][] = []
  findListsTakenAsObjects(input, output, [], found)
  return found.map((path) => ({ pointer: path.map(pointerStep).join(''), message: 'must be an object, not a list' }))
}

type Parsed<Output> = { output: Output; issues: [] } | { issues: [Issue, ...Issue[]] }

function parse<Schema extends v.GenericSchema<unknown, unknown>>(
  schema: Schema,
  input: unknown,
): Parsed<v.InferOutput<Schema>> {
  const result = v.safeParse(schema, input, config)
  const issues = result.success
    ? listsTakenAsObjects(input, result.output)
    : result.issues.slice(0, limits.issues).map(toIssue)
  const [first, ...rest] = issues
  if (first) return { issues: [first, ...rest] }
  return { output: result.output as v.InferOutput<Schema>, issues: [] }
}

/** Faults of `input` against `schema`, at most `limits.issues`; empty when there are none. */
export const issuesOf = (schema: v.GenericSchema<unknown, unknown>, input: unknown): Issue[] =>
  parse(schema, input).issues

/**
 * The schema's output for `input`.
 * @throws KramError invalid, with `code`, the faults in `detail.issues`, and the first of them in the message
 */
export function parseWith<Schema extends v.GenericSchema<unknown, unknown>>(
  schema: Schema,
  input: unknown,
  { code = 'invalid_input', what = 'The input' }: { code?: string; what?: string } = {},
): v.InferOutput<Schema> {
  const parsed = parse(schema, input)
  if ('output' in parsed) return parsed.output
  const { issues } = parsed
  const [first] = issues
  throw new KramError('invalid', code, `${what} is not valid: ${first.pointer || '/'} ${first.message}`, {
    detail: { issues },
  })
}

// `kram rules run`: the rules evaluator as a filter over JSON Lines.
import { Command } from 'commander'
import * as v from 'valibot'
import { KramError } from '../../base/errors.ts'
import { isObject, parseJson, rulesShape } from '../../base/json.ts'
import { limits } from '../../base/limits.ts'
import { parseWith } from '../../base/schema.ts'
import { compileRules } from '../../rules/compile.ts'
import type { Fact, Query, Rule, RuleBase } from '../../rules/types.ts'
import { canonicalText, orderValues } from '../../rules/values.ts'
import { answerLines } from '../output.ts'

export const command = (): Command =>
  new Command('rules').description('The rules evaluator (docs/rules.md).').addCommand(
    new Command('run')
      .description(
        'Reads {"rules": [...], "facts": [...], "query": "..."} a line, writes the resulting facts as a JSON list a line:\n' +
          'those of the type that the query names; without one, all that the rules inserted. A query may also be an\n' +
          'object, {"when": [...], "params": {...}}, and gives rows. A bad line gives {"error": {code, pointer, message}},\n' +
          'the next is read, and the exit code is 1 at the end.',
      )
      .addHelpText(
        'after',
        '\nExample:\n  echo \'{"rules": [{"name": "hello", "when": [{"fact": "person", "bind": {"name": "name"}}], ' +
          '"insert": [{"type": "greeting", "to": {"var": "name"}}]}], "facts": [{"type": "person", "name": "Ada"}], ' +
          '"query": "greeting"}\' | kram rules run',
      )
      .action(() => answerLines(runLine)),
  )

const list = v.array(v.unknown())
// Not an object schema of valibot, which would leave out names such as "constructor".
const fact = v.pipe(
  v.custom<Fact>(isObject, 'must be an object'),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || typeof dataset.value.type === 'string') return
    const { value: input } = dataset
    const path: [v.ObjectPathItem] = [{ type: 'object', origin: 'value', input, key: 'type', value: input.type }]
    addIssue({ message: input.type === undefined ? 'is missing' : 'must be a text', path })
  }),
)
const params = v.custom<Record<string, unknown>>(isObject, 'must be an object')
const lineSchema = v.strictObject({
  rules: list,
  facts: v.pipe(v.array(fact), v.maxLength(limits.sessionFacts)),
  query: v.optional(
    v.union(
      [v.string(), v.strictObject({ when: list, params: v.optional(params) })],
      'must be a type of fact, or an object with a list "when" and, if wanted, an object "params"',
    ),
  ),
})
type RowQuery = { when: unknown[]; params?: Record<string, unknown> | undefined }

/**
 * The answer for one line of input, in canonical order: neither the order of rules nor that of facts shows in it.
 * @throws KramError invalid, naming the place in the line; limit `budget_exceeded`
 */
export function runLine(line: string): readonly unknown[] {
  const json = parseJson(line, { maxBytes: limits.lineChars, shape: rulesShape })
  const { rules, facts, query } = parseWith(lineSchema, json, { code: 'invalid_input', what: 'The line' })
  const base = within('/rules', () => compileRules(rules as Rule[]))
  const fired = base.session(facts).fire()
  if (!fired.ok) {
    throw new KramError('limit', fired.code, `The rules take more than ${fired.budget} steps on these facts.`)
  }
  if (typeof query === 'object') return rowsOf(base, fired.query.bind(fired), query)
  return inCanonicalOrder(query === undefined ? fired.inserted() : fired.query(query))
}

function rowsOf(base: RuleBase, ask: AskRows, { when, params = {} }: RowQuery): readonly unknown[] {
  return within('/query', () => ask(base.prepare({ when, params: Object.keys(params) } as Query), params))
}

type AskRows = (query: ReturnType<RuleBase['prepare']>, params: Record<string, unknown>) => readonly unknown[]

// By type, then by text.
function inCanonicalOrder(facts: readonly Fact[]): Fact[] {
  const keyed = facts.map((fact) => ({ fact, key: [fact.type, canonicalText(fact)] }))
  keyed.sort((a, b) => orderValues(a.key[0], b.key[0]) || orderValues(a.key[1], b.key[1]))
  return keyed.map(({ fact }) => fact)
}

// Faults are named by their place in the line.
function within<Result>(pointer: string, run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof KramError) || error.detail.issues === undefined) throw error
    const issues = error.detail.issues.map((issue) => ({ ...issue, pointer: pointer + issue.pointer }))
    throw new KramError(error.kind, error.code, error.message, { detail: { ...error.detail, issues }, cause: error })
  }
}

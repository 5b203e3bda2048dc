// Queries: questions with parameters about all facts of a fired session.
import { KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import { conditionMatcher, type FactsByType, type Matcher, newSearch, variablesOf } from './matcher.ts'
import { parseQuery } from './parse.ts'
import type { PreparedQuery, Query, Registry } from './types.ts'
import { canonicalText, orderValues, ownValue } from './values.ts'

/** A query made ready by a rule base. */
export class CompiledQuery implements PreparedQuery {
  readonly params: readonly string[]
  readonly variables: readonly string[]
  readonly match: Matcher
  readonly shown: readonly number[]

  /** @throws KramError invalid `invalid_query` */
  constructor(query: Query, registry: Registry) {
    const { params, variables, shown, when } = parseQuery(query, registry)
    this.params = params
    this.shown = variablesOf(shown)
    this.variables = this.shown.map((variable) => variables[variable] ?? '')
    this.match = conditionMatcher(when, registry)
  }
}

export type Row = Readonly<Record<string, unknown>>

/**
 * The rows in canonical order: which facts came first shows nowhere.
 * @throws KramError invalid `invalid_query` when a parameter is missing, limit `budget_exceeded`
 */
export function runQuery(query: PreparedQuery, params: Row, facts: FactsByType): Row[] {
  if (!(query instanceof CompiledQuery)) {
    throw new KramError('invalid', 'invalid_query', 'The query was not made ready by a rule base.')
  }
  const search = newSearch(facts, { budget: limits.ruleSteps })
  query.params.forEach((name, i) => {
    const value = ownValue(params, name)
    if (value === undefined) {
      throw new KramError('invalid', 'invalid_query', `The query needs the parameter ${name}.`, {
        detail: { issues: [{ pointer: `/params/${name}`, message: 'is missing' }] },
      })
    }
    search.environment[i] = value
  })
  const rows: { row: Row; text: string }[] = []
  query.match(search, () => {
    const row = Object.fromEntries(query.variables.map((name, i) => [name, search.environment[query.shown[i] ?? -1]]))
    rows.push({ row, text: canonicalText(row) })
    return false
  })
  if (search.exhausted) {
    throw new KramError('limit', 'budget_exceeded', `The query takes more than ${limits.ruleSteps} steps.`, {
      detail: { retryable: false },
    })
  }
  rows.sort((a, b) => orderValues(a.text, b.text))
  return rows.map(({ row }) => row)
}

// Queries: what one is refused for, in words, and which rows it gives, in which order.
import { describe, expect, test } from 'vitest'
import { limits } from '../../lib/base/limits.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type { Condition, Fact, PreparedQuery, Query } from '../../lib/rules/types.ts'
import { line } from '../support/facts.ts'
import { refusalOf } from '../support/refusals.ts'

const base = compileRules([])

function answerTo(query: Query | PreparedQuery, facts: readonly Fact[], params?: Record<string, unknown>) {
  const outcome = base.session(facts).fire()
  if (!outcome.ok) throw new Error('out of budget')
  return outcome.query('when' in query ? base.prepare(query) : query, params)
}

describe('a query is refused', () => {
  const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `p${n}`)
  test.each<[string, unknown, string, string]>([
    ['that is no object', [], '', 'a query must be an object'],
    ['with a field that is none', { when: [], order: 'n' }, '/order', 'is not a field here; there may be params, when'],
    ['without conditions', {}, '/when', 'the conditions must be a list'],
    ['whose parameters are no list', { params: 'p', when: [] }, '/params', 'params must be a list'],
    [
      'with a parameter that is no name',
      { params: ['p', '1'], when: [] },
      '/params/1',
      'a variable is named by letters, digits and _, not beginning with a digit',
    ],
    ['with a parameter twice', { params: ['p', 'q', 'p'], when: [] }, '/params/2', 'is named twice'],
    [
      'with too many parameters',
      { params: names(limits.ruleVariables + 1), when: [] },
      '/params',
      'params must have at most 30',
    ],
    [
      'with a variable that neither a parameter nor a condition binds',
      { params: ['p'], when: [{ test: { var: 'q', eq: { var: 'p' } } }] },
      '/when/0',
      'the variable q is not bound by any condition beside this one',
    ],
  ])('%s', (_, query, pointer, message) => {
    expect(refusalOf(() => base.prepare(query as Query))).toEqual({
      kind: 'invalid',
      code: 'invalid_query',
      message: `The query, ${pointer || '/'}: ${message}`,
      detail: { issues: [{ pointer, message }], what: 'The query' },
    })
  })

  test('that has been made ready by nobody', () => {
    const query = { params: [], variables: [] }
    expect(refusalOf(() => answerTo(query, []))).toMatchObject({
      kind: 'invalid',
      code: 'invalid_query',
      message: 'The query was not made ready by a rule base.',
    })
  })

  test.each<[string, Record<string, unknown> | undefined]>([
    ['none', undefined],
    ['another', { p: 1, toStrin: 1 }],
    ['no value', { p: 1, toString: undefined }],
  ])('when a parameter is missing: %s', (_, params) => {
    const query: Query = { params: ['toString'], when: [] }
    expect(refusalOf(() => answerTo(query, [], params))).toEqual({
      kind: 'invalid',
      code: 'invalid_query',
      message: 'The query needs the parameter toString.',
      detail: { issues: [{ pointer: '/params/toString', message: 'is missing' }] },
    })
  })

  test('when it takes too long', () => {
    const when = Array.from({ length: 4 }, (): Condition => ({ fact: 'line' }))
    const facts = Array.from({ length: 100 }, (_, n) => line({ n }))
    expect(refusalOf(() => answerTo({ when }, facts))).toEqual({
      kind: 'limit',
      code: 'budget_exceeded',
      message: 'The query takes more than 1000000 steps.',
      detail: { retryable: false },
    })
  })
})

describe('the rows', () => {
  const facts = [
    ...[9, 10, 'b', 10, null].map((n) => line({ n })),
    { type: 'other', n: 10, m: 1 },
    { type: 'other', n: 'b', m: 2 },
  ]

  test('are in canonical order, equal ones each for itself, whatever order the facts are in', () => {
    const query: Query = { when: [{ fact: 'line', bind: { n: 'n' } }] }
    const rows = ['b', 10, 10, 9, null].map((n) => ({ n }))
    for (const given of [facts, facts.toReversed()]) expect(answerTo(query, given)).toEqual(rows)
  })

  test('show parameters and what conditions bind, and no more', () => {
    const query: Query = {
      params: ['least', 'unused'],
      when: [
        { fact: 'other', bind: { n: 'n', m: 'm' } },
        { test: { var: 'm', gte: { var: 'least' } } },
        { exists: { fact: 'line', bind: { n: 'n', gone: 'type' } } },
      ],
    }
    const prepared = base.prepare(query)
    expect([prepared.params, prepared.variables]).toEqual([
      ['least', 'unused'],
      ['least', 'unused', 'n', 'm'],
    ])
    expect(answerTo(prepared, facts, { least: 2, unused: null })).toEqual([{ least: 2, unused: null, n: 'b', m: 2 }])
  })

  test('are as many as the most parameters allow', () => {
    const params = Array.from({ length: limits.ruleVariables }, (_, n) => `p${n}`)
    const given = Object.fromEntries(params.map((name, n) => [name, n]))
    expect(answerTo({ params, when: [{ test: { var: 'p29', eq: 29 } }] }, [], given)).toEqual([given])
    expect(answerTo({ params, when: [{ test: { var: 'p29', eq: 28 } }] }, [], given)).toEqual([])
  })

  test('are one without conditions', () => {
    expect(answerTo({ when: [] }, facts)).toEqual([{}])
  })
})

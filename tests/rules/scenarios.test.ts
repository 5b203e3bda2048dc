// Scenario files, one for each feature: every case as a line of `kram rules run`, then with and without the index, with
// rules and facts turned round, and from a stored rule base.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runLine } from '../../lib/cli/commands/rules.ts'
import { errorLine } from '../../lib/cli/output.ts'
import { loadRuleBase } from '../../lib/rules/base.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type { Fact, Outcome, Rule } from '../../lib/rules/types.ts'
import { textOf } from '../support/rules-reference.ts'

type Case = {
  case: string
  rules: Rule[]
  facts: Fact[]
  query?: unknown
  expect?: unknown[]
  error?: { code: string; pointer: string; message: string | null }
}

const folder = 'tests/scenarios/rules'

const answer = ({ rules, facts, query }: Case): unknown => {
  try {
    return runLine(JSON.stringify({ rules, facts, query }))
  } catch (error) {
    return { error: errorLine(error) }
  }
}

const texts = (list: readonly unknown[]): string[] => list.map(textOf).sort()

const found = (outcome: Outcome, query: unknown): readonly unknown[] => {
  if (!outcome.ok) throw new Error('out of budget')
  return typeof query === 'string' ? outcome.query(query) : outcome.inserted()
}

function checkEverywhere({ rules, facts, query, expect: wanted = [] }: Case): void {
  for (const index of ['always', 'never'] as const) {
    const base = compileRules(rules, { index })
    expect(texts(found(base.session(facts).fire(), query)), index).toEqual(texts(wanted))
    const turned = compileRules([...rules].reverse(), { index })
    expect(texts(found(turned.session([...facts].reverse()).fire(), query)), `${index}, turned`).toEqual(texts(wanted))
  }
  const loaded = loadRuleBase(compileRules(rules).toBytes(), { index: 'always' })
  expect(texts(found(loaded.session(facts).fire(), query)), 'loaded').toEqual(texts(wanted))
}

describe.each(readdirSync(folder).map((file) => [file.replace('.json', '')]))('%s', (name) => {
  const cases = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Case[]
  test.each(cases.map((each) => [each.case, each] as const))('%s', (_, each) => {
    if (each.error !== undefined) {
      const error = each.error.message === null ? { ...each.error, message: expect.any(String) } : each.error
      expect(answer(each)).toEqual({ error })
      return
    }
    expect(texts(answer(each) as unknown[])).toEqual(texts(each.expect ?? []))
    if (typeof each.query !== 'object') checkEverywhere(each)
  })
})

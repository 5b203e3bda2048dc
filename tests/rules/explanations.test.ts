// Why each rule of the scenario files fired or did not, kept in fixtures/explanations.jsonl as it was found right once. After
// a change that means to say something else: `KRAM_UPDATE=1 npx vitest run tests/rules/explanations.test.ts`, and read the diff.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compileRules } from '../../lib/rules/compile.ts'
import type { CompileOptions, ConditionReport, Explanation, Fact, Fired, Rule } from '../../lib/rules/types.ts'

type Case = { case?: string; name?: string; rules?: Rule[]; facts?: Fact[]; options?: CompileOptions }

const scenarios = new URL('../scenarios/', import.meta.url)
const kept = new URL('fixtures/explanations.jsonl', import.meta.url)

/** Those whose rules compile and have facts; what is refused has nothing to explain. */
function casesIn(folder: string): [string, Required<Pick<Case, 'rules' | 'facts'>> & Case][] {
  return readdirSync(new URL(`${folder}/`, scenarios)).flatMap((file) => {
    const read = JSON.parse(readFileSync(new URL(`${folder}/${file}`, scenarios), 'utf8')) as Case[] | { cases: Case[] }
    return (Array.isArray(read) ? read : read.cases).flatMap((each) => {
      const isLeftOut = ['error', 'refused', 'in_code_only', 'stops'].some((name) => name in each)
      const { rules, facts } = each
      if (isLeftOut || rules === undefined || facts === undefined) return []
      return [[`${folder}/${file.replace('.json', '')}: ${each.case ?? each.name}`, { ...each, rules, facts }]]
    })
  })
}

const at = (root: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((part, step) => (part as Record<string, unknown>)[step], root)

/** Shorter: facts by their places, and without what is wanted, which stands in the rule at the pointer. */
function shortened(rule: Rule, facts: readonly Fact[]) {
  const places = (list: readonly Fact[]): unknown[] => list.map((fact) => facts.indexOf(fact))
  const condition = (report: ConditionReport): object => {
    const { wanted, parts, tests, facts: of, ...rest } = report
    expect(wanted).toBe(at(rule, report.pointer))
    for (const each of tests ?? []) expect(each.wanted).toBe(at(rule, each.pointer))
    return {
      ...rest,
      facts: places(of),
      ...(tests && { tests: tests.map(({ wanted: _, ...test }) => test) }),
      ...(parts && { parts: parts.map(condition) }),
    }
  }
  return ({ matches, conditions, ...rest }: Explanation): unknown => ({
    ...rest,
    matches: matches.map((match) => ({ ...match, facts: places(match.facts) })),
    conditions: conditions.map(condition),
  })
}

function explanationsOf({ rules, facts, options }: ReturnType<typeof casesIn>[number][1]): unknown[] {
  const outcome = compileRules(rules, { ...options, index: 'always' })
    .session(facts)
    .fire() as Fired
  expect(outcome.ok).toBe(true)
  return rules.map((rule, number) => shortened(rule, facts)(outcome.explain(number)))
}

const cases = [...casesIn('rules'), ...casesIn('rule-features')]

if (process.env.KRAM_UPDATE) {
  const lines = cases.map(([name, each]) => JSON.stringify([name, explanationsOf(each)]))
  writeFileSync(kept, `${lines.join('\n')}\n`)
}

const lines = readFileSync(kept, 'utf8').trim().split('\n')
const wanted = new Map(lines.map((line) => JSON.parse(line) as [string, unknown]))

test('the cases are those of the scenario files', () => {
  expect([...wanted.keys()]).toEqual(cases.map(([name]) => name))
})

test.each(cases)('%s', (name, each) => {
  // As JSON, which leaves out what is undefined.
  expect(JSON.parse(JSON.stringify(explanationsOf(each)))).toEqual(wanted.get(name))
})

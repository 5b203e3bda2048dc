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
      const isLeftOut = ['error', 'refused', 'stops'].some((name) => name in each)
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

/** What a condition lacks, as its report says: all of a group, and what must exist, lack what their parts lack. */
function lackOf({ missing, wanted, parts = [] }: ConditionReport): number {
  return missing ?? ('all' in wanted || 'exists' in wanted ? Math.max(0, ...parts.map(lackOf)) : 0)
}

/** The numbers for hints say what the explanation says. */
function checkNumbers(outcome: Fired, rule: number): void {
  const { conditions, times } = outcome.explain(rule)
  expect(times).toBe(outcome.times(rule))
  const unmet = conditions.reduce((mask, { met }, i) => mask | (met ? 0 : 1 << i), 0)
  expect(outcome.unmet(rule)).toBe(unmet)
  expect(unmet === 0 || times === 0).toBe(true)
  const missing = conditions.map((_, condition) => outcome.missing(rule, condition))
  missing.forEach((lack, i) => {
    expect(lack).toBeCloseTo(lackOf(conditions[i] as ConditionReport), 9)
  })
}

function checkNear(outcome: Fired): void {
  const near = outcome.near()
  const { rules, unmet, missing } = near
  expect(Array.from(rules)).toEqual(Array.from(rules).sort((a, b) => a - b))
  rules.forEach((rule, i) => {
    expect(outcome.times(rule)).toBe(0)
    expect([unmet[i], near.unmetAt(i)]).toEqual([outcome.unmet(rule), outcome.unmet(rule)])
    const lacks = outcome.explain(rule).conditions.map((_, condition) => outcome.missing(rule, condition))
    expect(missing[i]).toBe(lacks.find((lack) => lack > 0) ?? 0)
  })
}

function explanationsOf({ rules, facts, options }: ReturnType<typeof casesIn>[number][1]): unknown[] {
  const outcome = compileRules(rules, { ...options, index: 'always' })
    .session(facts)
    .fire() as Fired
  expect(outcome.ok).toBe(true)
  rules.forEach((_, rule) => {
    checkNumbers(outcome, rule)
  })
  checkNear(outcome)
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

// The features of the rule format as data: tests/scenarios/rule-features/*.json, through the evaluator with and without its
// index, from bytes, in another order, by changes, and through the slow reference.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { loadRuleBase } from '../../lib/rules/base.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type { CompileOptions, Fact, Fired, Query, Rule, RuleBase, Test } from '../../lib/rules/types.ts'
import { fired } from '../support/rules-outcomes.ts'
import { Reference, textOf } from '../support/rules-reference.ts'

type Options = Omit<CompileOptions, 'registry' | 'index'>
/** Tests on the attributes of a line: each of `match` passes them all, none of `miss` does. */
type OfTests = { name: string; where: readonly Test[]; match: readonly object[]; miss: readonly object[] }
type OfRefusal = {
  name: string
  rules?: readonly Rule[]
  query?: Query
  options?: Options
  facts?: readonly Fact[]
  refused: { code: string; pointer?: string; message?: string; cycle?: readonly string[] }
}
type OfRules = {
  name: string
  rules: readonly Rule[]
  options?: Options
  facts: readonly Fact[]
  /** How often each rule fires. */
  fired?: Readonly<Record<string, number>>
  inserted: readonly Fact[]
  /** For the reference, when rules read what rules insert: their names in order of evaluation. */
  levels?: readonly (readonly string[])[]
  /** Its levels are repeated until nothing new is inserted. */
  repeat?: boolean
  queries?: readonly { query: Query; params?: Record<string, unknown>; rows: readonly object[] }[]
  /** Each from the facts above: positions to remove, facts to insert, all that is inserted then. */
  changes?: readonly { remove?: readonly number[]; insert?: readonly Fact[]; inserted: readonly Fact[] }[]
  /** By rule: parts of its explanation. */
  explain?: Readonly<Record<string, object>>
  unmet?: Readonly<Record<string, number>>
  /** By rule, what each of its conditions lacks. */
  missing?: Readonly<Record<string, readonly number[]>>
  /** The next moments at which something opens or closes, from each of these on. */
  next?: readonly { after: number; at: number | null }[]
}
type OfBudget = { name: string; rules: readonly Rule[]; facts: readonly Fact[]; budget: number; stops: boolean }
type Case = OfTests | OfRefusal | OfRules | OfBudget

const folder = new URL('../scenarios/rule-features/', import.meta.url)
const texts = (list: readonly unknown[]): string[] => list.map(textOf).sort()

const modes = ['always', 'never', 'auto'] as const

/** The rule base in each way in which it can come about. */
function waysOf(rules: readonly Rule[], options: Options = {}): [string, RuleBase][] {
  const compiled = modes.map((index): [string, RuleBase] => [
    `index ${index}`,
    compileRules(rules, { ...options, index }),
  ])
  const bytes = compileRules(rules, options).toBytes()
  return [...compiled, ...modes.map((index): [string, RuleBase] => [`bytes ${index}`, loadRuleBase(bytes, { index })])]
}

/** What the reference inserts. */
function expectedOf({ rules, levels, repeat }: OfRules, facts: readonly Fact[]): Fact[] {
  const made: Fact[] = []
  const seen = new Set<string>()
  for (const level of levels ?? [rules.map(({ name }) => name)]) {
    for (let grown = true; grown; ) {
      const reference = new Reference([...facts, ...made])
      const found = level.flatMap((name) => reference.run(rules.find((rule) => rule.name === name) as Rule))
      const fresh = repeat ? found.filter((fact) => !seen.has(textOf(fact))) : found
      for (const fact of fresh) seen.add(textOf(fact))
      made.push(...fresh)
      grown = repeat === true && fresh.length > 0
    }
  }
  return made
}

function checkTests({ where, match, miss }: OfTests): void {
  const line = (attributes: object): Fact => ({ ...attributes, type: 'line' })
  const condition = { fact: 'line', where } as const
  const rules: Rule[] = [
    { name: 'each', when: [{ ...condition, as: 'it' }], insert: [{ type: 'found', it: { var: 'it' } }] },
    { name: 'one', when: [condition], insert: [{ type: 'one' }] },
    {
      name: 'counted',
      when: [{ accumulate: 'count', from: condition, is: { gte: 1 } }],
      insert: [{ type: 'counted' }],
    },
    { name: 'none', when: [{ not: condition }], insert: [{ type: 'none' }] },
  ]
  const given = [...match, ...miss].map(line)
  const wanted = match.map((attributes) => textOf(line(attributes))).sort()
  expect(texts(new Reference(given).run(rules[0] as Rule).map(({ it }) => it)), 'reference').toEqual(wanted)
  for (const [way, base] of waysOf(rules)) {
    const all = fired(base.session(given).fire())
    expect(texts(all.query('found').map(({ it }) => it)), way).toEqual(wanted)
    expect(texts(all.matched(0, '/when/0')), way).toEqual(wanted)
    given.forEach((fact, i) => {
      const holds = i < match.length
      const alone = fired(base.session([fact]).fire())
      const names = Array.from(alone.rules, (rule) => base.names[rule])
      expect(names, `${way}: ${textOf(fact)}`).toEqual(holds ? ['each', 'one', 'counted'] : ['none'])
    })
  }
}

function refusalOf({ rules = [], query, options, facts }: OfRefusal, index: 'always' | 'never'): unknown {
  try {
    const base = compileRules(rules, { ...options, index })
    if (query !== undefined) base.prepare(query)
    if (facts !== undefined) base.session(facts)
  } catch (error) {
    if (!(error instanceof KramError)) throw error
    const { code, message, detail } = error
    return { code, message, pointer: detail.issues?.[0]?.pointer, cycle: detail.cycle }
  }
  return 'nothing was refused'
}

function checkRules(each: OfRules): void {
  const { rules, facts, inserted, options } = each
  expect(texts(expectedOf(each, facts)), 'reference').toEqual(texts(inserted))
  for (const [way, base] of waysOf(rules, options)) {
    const outcome = fired(base.session(facts).fire())
    expect(texts(outcome.inserted()), way).toEqual(texts(inserted))
    checkAnswers(each, way, base, outcome)
    checkChanges(each, way, outcome)
    const empty = fired(base.session().fire())
    expect(texts(fired(empty.with({ insert: facts })).inserted()), `${way}, all as one change`).toEqual(texts(inserted))
  }
  for (const [way, base] of waysOf(rules.toReversed(), options)) {
    const outcome = fired(base.session(facts.toReversed()).fire())
    expect(texts(outcome.inserted()), `${way}, reversed`).toEqual(texts(inserted))
  }
}

const numberOf = (base: RuleBase, name: string): number => {
  const number = base.numberOf(name)
  if (number === undefined) throw new Error(`there is no rule ${name}`)
  return number
}

function checkAnswers(each: OfRules, way: string, base: RuleBase, outcome: Fired): void {
  for (const [name, times] of Object.entries(each.fired ?? {})) {
    const rule = numberOf(base, name)
    expect(outcome.times(rule), `${way}: ${name}`).toBe(times)
    expect(outcome.rules.includes(rule), `${way}: ${name}`).toBe(times > 0)
  }
  for (const { query, params = {}, rows } of each.queries ?? []) {
    expect(texts(outcome.query(base.prepare(query), params)), way).toEqual(texts(rows))
    const reference = new Reference([...each.facts, ...outcome.inserted()])
    expect(texts(reference.rows(query.when, params)), 'reference').toEqual(texts(rows))
  }
  for (const [name, report] of Object.entries(each.explain ?? {})) {
    expect(outcome.explain(numberOf(base, name)), `${way}: ${name}`).toMatchObject(report)
  }
  for (const [name, mask] of Object.entries(each.unmet ?? {})) {
    expect(outcome.unmet(numberOf(base, name)), `${way}: ${name}`).toBe(mask)
  }
  for (const [name, lacks] of Object.entries(each.missing ?? {})) {
    const found = lacks.map((_, condition) => outcome.missing(numberOf(base, name), condition))
    expect(found, `${way}: ${name}`).toEqual(lacks)
  }
  for (const { after, at } of each.next ?? []) expect(base.nextChange(after) ?? null, way).toBe(at)
}

function checkChanges(each: OfRules, way: string, outcome: Fired): void {
  const before = texts(outcome.inserted())
  for (const { remove = [], insert = [], inserted } of each.changes ?? []) {
    const gone = remove.map((at) => each.facts[at] as Fact)
    const next = fired(outcome.with({ remove: gone, insert }))
    expect(texts(expectedOf(each, next.facts)), 'reference').toEqual(texts(inserted))
    expect(texts(next.inserted()), way).toEqual(texts(inserted))
    const back = fired(next.with({ remove: insert, insert: gone }))
    expect(texts(back.inserted()), `${way}, taken back`).toEqual(before)
  }
  expect(texts(outcome.inserted()), way).toEqual(before)
}

function checkBudget({ rules, facts, budget, stops }: OfBudget): void {
  for (const [way, base] of waysOf(rules)) {
    const outcome = base.session(facts).fire({ budget })
    if (stops) expect(outcome, way).toEqual({ ok: false, code: 'budget_exceeded', budget })
    else expect(fired(outcome).steps, way).toBeLessThanOrEqual(budget)
    const changed = fired(base.session().fire()).with({ insert: facts }, { budget })
    expect(changed.ok, `${way}, as a change`).toBe(!stops)
  }
}

describe.each(readdirSync(folder).map((file) => [file.replace('.json', '')]))('%s', (file) => {
  const { cases } = JSON.parse(readFileSync(new URL(`${file}.json`, folder), 'utf8')) as { cases: Case[] }

  test.each(cases.map((each) => [each.name, each] as const))('%s', (_, each) => {
    if ('where' in each) checkTests(each)
    else if ('refused' in each) {
      for (const index of ['always', 'never'] as const) expect(refusalOf(each, index)).toMatchObject(each.refused)
    } else if ('stops' in each) checkBudget(each)
    else checkRules(each)
  })
})

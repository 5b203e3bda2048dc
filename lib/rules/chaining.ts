// Rules on inserted facts: stratum after stratum, each seeing what the ones before it inserted.
import { type FactsByType, type Search, spend } from './matcher.ts'
import { type RuleStore, type Run, runRule } from './rule-store.ts'
import type { Stratum } from './stratify.ts'
import type { Fact } from './types.ts'
import { canonicalText } from './values.ts'

function addTo<Key>(lists: Map<Key, Fact[]>, key: Key, fact: Fact): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [fact])
  else list.push(fact)
}

/** Facts by type that grow from stratum to stratum. */
export class GrowingFacts {
  readonly byType = new Map<string, Fact[]>()

  add(facts: Iterable<Fact>): void {
    for (const fact of facts) addTo(this.byType, fact.type, fact)
  }
}

export function groupByType(facts: Iterable<Fact>): FactsByType {
  const growing = new GrowingFacts()
  growing.add(facts)
  return growing.byType
}

/** Runs the strata over `facts`, adding to them; the result has an entry for each rule that fired. */
export function runStrata(
  strata: readonly Stratum[],
  store: RuleStore,
  facts: GrowingFacts,
  search: Search,
): Map<number, Run> {
  const runs = new Map<number, Run>()
  for (const stratum of strata) {
    const found = stratum.recursive
      ? runToFixpoint(stratum, store, facts, search)
      : runOnce(stratum.rules, store, search)
    if (search.exhausted) break
    for (const [rule, run] of found) {
      if (run.times > 0) runs.set(rule, run)
      if (!stratum.recursive) facts.add(run.facts)
    }
  }
  return runs
}

function runOnce(rules: readonly number[], store: RuleStore, search: Search): Map<number, Run> {
  const runs = new Map<number, Run>()
  for (const rule of rules) {
    const run = runRule(store.runner(rule), search)
    runs.set(rule, run)
    for (const fact of run.facts) weigh(fact, search)
  }
  return runs
}

// A step for each value in what chained rules insert: facts made of facts can double from rule to rule.
function weigh(value: unknown, search: Search): void {
  if (search.exhausted || spend(search, 1)) return
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) weigh(part, search)
}

// Rules that feed each other: what they insert is a set here (a fact that is there already is not inserted), so that they
// come to an end whenever they make no new values. Repeated until a round inserts nothing new.
function runToFixpoint({ rules }: Stratum, store: RuleStore, facts: GrowingFacts, search: Search): Map<number, Run> {
  const types = new Set(rules.flatMap((rule) => store.parsed(rule).insert.map(({ type }) => type)))
  const known = [...facts.byType].filter(([type]) => types.has(type)).flatMap(([, same]) => same)
  const seen = new Set(known.map(canonicalText))
  const kept = new Map<number, Fact[]>()
  for (;;) {
    const runs = runOnce(rules, store, search)
    let grown = false
    for (const [rule, run] of runs) {
      for (const fact of run.facts) {
        const text = canonicalText(fact)
        if (spend(search, 0)) return new Map()
        if (seen.has(text)) continue
        seen.add(text)
        facts.add([fact])
        addTo(kept, rule, fact)
        grown = true
      }
    }
    if (!grown) return new Map(Array.from(runs, ([rule, run]) => [rule, { ...run, facts: kept.get(rule) ?? [] }]))
  }
}

// Firing: the index decides what it can, the general path the rest, then rules on inserted facts.
import { GrowingFacts, runStrata } from './chaining.ts'
import type { Evaluator, State } from './evaluator.ts'
import type { Verdict } from './judge.ts'
import { newSearch, type Search } from './matcher.ts'
import { ruleFlag } from './program.ts'
import { type RuleStore, type Run, runRule } from './rule-store.ts'
import type { Stratum } from './stratify.ts'
import type { Fact, OutOfBudget } from './types.ts'

/** What all sessions of a rule base share. */
export type Engine = {
  store: RuleStore
  evaluator: Evaluator
  /** So few rules that trying them one by one is faster than the index. */
  triesAll: boolean
  strata: readonly Stratum[]
}

/** What firing found. `runs`: rules that were run on the general path, with the facts they insert. */
export type Result = {
  rules: Int32Array
  times: ReadonlyMap<number, number>
  runs: ReadonlyMap<number, Run>
  state: State | undefined
  steps: number
  budget: number
}

const noTimes: ReadonlyMap<number, number> = new Map()
const noRuns: ReadonlyMap<number, Run> = new Map()

export const outOfBudget = (budget: number): OutOfBudget => ({ ok: false, code: 'budget_exceeded', budget })

export function fireFacts(engine: Engine, facts: readonly Fact[], budget: number): Result | 'exhausted' {
  if (engine.triesAll) return tryAll(engine, facts, budget)
  const state = engine.evaluator.run(facts, budget)
  if (typeof state === 'string') return state === 'exhausted' ? state : tryAll(engine, facts, budget)
  return complete(engine, facts, state.verdict, { state, budget, steps: engine.evaluator.steps })
}

/** From what the index found to what fires. */
export function complete(
  engine: Engine,
  facts: readonly Fact[],
  verdict: Verdict,
  { state, budget, steps }: { state: State | undefined; budget: number; steps: number },
): Result | 'exhausted' {
  const { rules, times = noTimes, open } = verdict
  if (open.length === 0 && engine.strata.length === 0) return { rules, times, runs: noRuns, state, steps, budget }
  const growing = new GrowingFacts()
  growing.add(facts)
  const search = newSearch(growing.byType, { budget, steps })
  const runs = new Map<number, Run>()
  for (const rule of open) {
    runs.set(rule, runRule(engine.store.runner(rule), search))
    if (search.exhausted) return 'exhausted'
  }
  const firing = rules.filter((rule) => runs.get(rule)?.times !== 0)
  return chain(engine, { rules: firing, times, runs, state, steps: search.steps, budget }, growing, search)
}

// Every rule by itself, but those that read inserted facts.
function tryAll(engine: Engine, facts: readonly Fact[], budget: number): Result | 'exhausted' {
  const growing = new GrowingFacts()
  growing.add(facts)
  const search = newSearch(growing.byType, { budget })
  const runs = new Map<number, Run>()
  const fired: number[] = []
  const { ruleFlags } = engine.evaluator.program
  for (let rule = 0; rule < ruleFlags.length; rule++) {
    if (((ruleFlags[rule] as number) & ruleFlag.chained) !== 0) continue
    const run = runRule(engine.store.runner(rule), search)
    if (search.exhausted) return 'exhausted'
    if (run.times === 0) continue
    runs.set(rule, run)
    fired.push(rule)
  }
  const rules = Int32Array.from(fired)
  return chain(engine, { rules, times: noTimes, runs, state: undefined, steps: search.steps, budget }, growing, search)
}

function chain(engine: Engine, result: Result, growing: GrowingFacts, search: Search): Result | 'exhausted' {
  if (engine.strata.length === 0) return result
  for (const rule of result.rules) growing.add(factsOf(engine, result, rule, search))
  const chained = runStrata(engine.strata, engine.store, growing, search)
  if (search.exhausted) return 'exhausted'
  const rules = Int32Array.from([...result.rules, ...chained.keys()]).sort()
  return { ...result, rules, runs: new Map([...result.runs, ...chained]), steps: search.steps }
}

/** The facts that a fired rule inserts, found again where need be; `search` is in the facts given. */
export function factsOf(
  engine: Engine,
  { runs, times }: Pick<Result, 'runs' | 'times'>,
  rule: number,
  search: Search,
): readonly Fact[] {
  const run = runs.get(rule)
  if (run !== undefined) return run.facts
  const runner = engine.store.runner(rule)
  const { constant } = runner
  if (constant === undefined) return runRule(runner, search).facts
  const count = times.get(rule) ?? 1
  return count === 1 ? constant : Array.from({ length: count }, () => constant).flat()
}

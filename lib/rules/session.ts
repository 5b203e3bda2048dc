// Sessions and what firing them gives. Both are values; what costs anything is worked out when first asked for.
import { KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import { groupByType } from './chaining.ts'
import type { State } from './evaluator.ts'
import { explainRule, newInquiry } from './explain.ts'
import { complete, type Engine, factsOf, fireFacts, outOfBudget, type Result } from './fire.ts'
import { testFunction } from './functions.ts'
import type { ConditionIr } from './ir.ts'
import { type FactsByType, newSearch } from './matcher.ts'
import { type Asked, missingOf, NearRules, unmetOf } from './near.ts'
import type { Places } from './places.ts'
import { type Row, runQuery } from './queries.ts'
import type { Changes, Explanation, Fact, Fired, FireOptions, Near, Outcome, PreparedQuery, Session } from './types.ts'

export class FactSession implements Session {
  readonly facts: readonly Fact[]
  private readonly engine: Engine

  /** @throws KramError invalid `invalid_fact`, limit `too_many_facts` */
  constructor(engine: Engine, facts: readonly Fact[]) {
    this.engine = engine
    this.facts = facts
    for (const fact of facts) checkFact(fact)
    checkCount(facts.length)
  }

  insert(facts: readonly Fact[]): Session {
    return new FactSession(this.engine, [...this.facts, ...facts])
  }

  fire({ budget = limits.ruleSteps }: FireOptions = {}): Outcome {
    const result = fireFacts(this.engine, this.facts, budget)
    return result === 'exhausted' ? outOfBudget(budget) : new FiredSession(this.engine, this.facts, result)
  }
}

function checkFact(fact: Fact): void {
  if (typeof fact === 'object' && fact !== null && typeof fact.type === 'string') return
  throw new KramError('invalid', 'invalid_fact', 'A fact must be an object with a type, which is a text.', {
    detail: { issues: [{ pointer: '/type', message: 'must be a text' }] },
  })
}

function checkCount(count: number): void {
  if (count <= limits.sessionFacts) return
  throw new KramError('limit', 'too_many_facts', `A session may have at most ${limits.sessionFacts} facts.`, {
    detail: { retryable: false },
  })
}

const tooMuch = (budget: number): KramError =>
  new KramError('limit', 'budget_exceeded', `To insert the facts takes more than ${budget} steps.`, {
    detail: { retryable: false },
  })

/** What changed since a state was evaluated; few changes are cheaper to add than to evaluate afresh. */
type Since = { state: State; removed: readonly Fact[]; inserted: readonly Fact[] }

const maxSince = 8

class FiredSession implements Fired {
  readonly ok = true
  readonly steps: number
  readonly facts: readonly Fact[]
  readonly rules: Int32Array
  private readonly engine: Engine
  private readonly result: Result
  private readonly since: Since | undefined
  private ownState: State | undefined
  private byType: FactsByType | undefined
  private allByType: FactsByType | undefined
  private made: readonly Fact[] | undefined
  private nearRules: NearRules | undefined

  constructor(engine: Engine, facts: readonly Fact[], result: Result, since?: Since) {
    this.engine = engine
    this.facts = facts
    this.result = result
    this.rules = result.rules
    this.steps = result.steps
    this.since = since
    this.ownState = since === undefined ? result.state : undefined
  }

  times(rule: number): number {
    if (!this.rules.includes(rule)) return 0
    return this.result.runs.get(rule)?.times ?? this.result.times.get(rule) ?? 1
  }

  inserted(): readonly Fact[] {
    if (this.made === undefined) {
      const made: Fact[] = []
      const search = newSearch(this.given(), { budget: this.result.budget })
      for (const rule of this.rules) {
        for (const fact of factsOf(this.engine, this.result, rule, search)) made.push(fact)
        if (search.exhausted) throw tooMuch(search.budget)
      }
      this.made = made
    }
    return this.made
  }

  query(type: string): readonly Fact[]
  query(query: PreparedQuery, params?: Row): readonly Row[]
  query(query: string | PreparedQuery, params: Row = {}): readonly Fact[] | readonly Row[] {
    if (typeof query !== 'string') return runQuery(query, params, this.all())
    const ofType = (fact: Fact): boolean => fact.type === query
    return [...this.facts.filter(ofType), ...this.inserted().filter(ofType)]
  }

  matched(rule: number, pointer: string): readonly Fact[] {
    const condition = conditionAt(this.engine.store.parsed(rule).when, pointer)
    if (condition?.op !== 'fact' && condition?.op !== 'accumulate') {
      throw new KramError(
        'invalid',
        'no_such_condition',
        `Rule ${rule} has no fact or accumulate condition at ${pointer}.`,
      )
    }
    const { type, closed } = condition.pattern
    const tests = closed.map((test) => testFunction(test, this.engine.store.registry))
    return this.facts.filter((fact) => fact.type === type && tests.every((test) => test(fact, [])))
  }

  places(type: string, rules: ArrayLike<number>): (Places | undefined)[] {
    if (this.ownState === undefined) return new Array<undefined>(rules.length).fill(undefined)
    return this.engine.evaluator.places.of(this.ownState, type, rules)
  }

  near(): Near {
    this.nearRules ??= new NearRules(this.asked(), this.rules)
    return this.nearRules
  }

  unmet(rule: number): number {
    return unmetOf(this.asked(), rule)
  }

  missing(rule: number, condition: number): number {
    return missingOf(this.asked(), rule, condition)
  }

  explain(rule: number): Explanation {
    return explainRule(this.engine.store, rule, this.times(rule), newInquiry(this.all()))
  }

  with(changes: Changes, { budget = limits.ruleSteps }: FireOptions = {}): Outcome {
    const removed = changes.remove ?? []
    const inserted = changes.insert ?? []
    const facts = this.changedFacts(removed, inserted)
    const afresh = (): Outcome => new FactSession(this.engine, facts).fire({ budget })
    const since = this.sinceWith(removed, inserted)
    if (since === undefined) return afresh()
    const { evaluator } = this.engine
    const verdict = evaluator.change(since.state, since, facts, budget)
    if (verdict === 'undecided') return afresh()
    if (verdict === 'exhausted') return outOfBudget(budget)
    const result = complete(this.engine, facts, verdict, { state: since.state, budget, steps: evaluator.steps })
    return result === 'exhausted' ? outOfBudget(budget) : new FiredSession(this.engine, facts, result, since)
  }

  private changedFacts(removed: readonly Fact[], inserted: readonly Fact[]): Fact[] {
    const facts = [...this.facts]
    for (const fact of removed) {
      const at = facts.indexOf(fact)
      if (at < 0) throw new KramError('invalid', 'unknown_fact', 'A fact to remove is not in the session.')
      removeAt(facts, at)
    }
    for (const fact of inserted) {
      checkFact(fact)
      facts.push(fact)
    }
    checkCount(facts.length)
    return facts
  }

  // undefined: evaluate afresh.
  private sinceWith(removed: readonly Fact[], inserted: readonly Fact[]): Since | undefined {
    const state = this.since?.state ?? this.result.state
    if (state === undefined) return undefined
    const added = [...(this.since?.inserted ?? [])]
    const gone = [...(this.since?.removed ?? [])]
    for (const fact of removed) {
      const at = added.indexOf(fact)
      if (at < 0) gone.push(fact)
      else removeAt(added, at)
    }
    const since = { state, removed: gone, inserted: [...added, ...inserted] }
    return since.removed.length + since.inserted.length > maxSince ? undefined : since
  }

  private asked(): Asked {
    const { store, evaluator } = this.engine
    return { store, evaluator, state: this.state(), facts: () => this.all() }
  }

  // undefined: the index cannot evaluate these facts.
  private state(): State | undefined {
    if (this.ownState === undefined) {
      const { evaluator } = this.engine
      if (this.since !== undefined) this.ownState = evaluator.changedState(this.since.state, this.since)
      else {
        const evaluated = evaluator.run(this.facts, Number.POSITIVE_INFINITY)
        if (typeof evaluated === 'object') this.ownState = evaluated
      }
    }
    return this.ownState
  }

  private given(): FactsByType {
    this.byType ??= groupByType(this.facts)
    return this.byType
  }

  private all(): FactsByType {
    this.allByType ??= groupByType([...this.facts, ...this.inserted()])
    return this.allByType
  }
}

// As `splice` does, which takes longer than all the rest of a change.
function removeAt(facts: Fact[], at: number): void {
  for (let i = at + 1; i < facts.length; i++) facts[i - 1] = facts[i] as Fact
  facts.pop()
}

function conditionAt(condition: ConditionIr, pointer: string): ConditionIr | undefined {
  if (condition.pointer === pointer) return condition
  if (condition.op === 'all' || condition.op === 'any') {
    for (const part of condition.parts) {
      const found = conditionAt(part, pointer)
      if (found !== undefined) return found
    }
    return undefined
  }
  return condition.op === 'not' || condition.op === 'exists' ? conditionAt(condition.part, pointer) : undefined
}

// One evaluation over the index: facts into sums, sums into the numbers of rules that fire. All sessions of a base
// share its arrays; an evaluation's own state is small, and brings the sums back when they are needed again.
import { ConditionRecords } from './condition-records.ts'
import { type ValueFunction, valueFunction } from './functions.ts'
import { Judge, type Verdict } from './judge.ts'
import { type Live, Lives } from './live.ts'
import { Lookup, type Meter, unbound } from './lookup.ts'
import { nothing, type SlotList } from './memo.ts'
import { SlotPlaces } from './places.ts'
import type { Program } from './program.ts'
import { Sums } from './sums.ts'
import type { TypeIndex } from './type-index.ts'
import type { Fact, Registry } from './types.ts'
import { isNumber, type Steps, takeWork } from './values.ts'

/** An evaluated list of facts. */
export type State = {
  readonly facts: readonly Fact[]
  /** Fact -> the slots that it counts in. */
  readonly slots: readonly SlotList[]
  readonly at: number
  readonly live: Live
  readonly verdict: Verdict
}

export type EvaluatorOptions = { clock: { fact: string; steps: Steps }; memoKeys: ReadonlyMap<string, Steps> }

export type FactChange = { removed: readonly Fact[]; inserted: readonly Fact[] }

type Delta = { fact: Fact; type: TypeIndex; slots: SlotList; isInserted: boolean }

/** Room to find near rules in; `marks`: a bit for each rule, none set. */
type NearRoom = { marks: Int32Array; found: Int32Array }

const nearRoom = (ruleCount: number): NearRoom => ({
  marks: new Int32Array((ruleCount + 31) >>> 5),
  found: new Int32Array(ruleCount),
})

export class Evaluator {
  readonly program: Program
  readonly lookup: Lookup
  readonly sums: Sums
  readonly judge: Judge
  readonly conditions: ConditionRecords
  readonly places: SlotPlaces
  readonly near: NearRoom
  private readonly lives: Lives
  private readonly meter: Meter = { steps: 0 }
  private readonly clock: { fact: string; steps: Steps }
  private readonly clockValue: ValueFunction
  /** Whose sums the arrays hold. */
  private owner: State | undefined

  constructor(program: Program, registry: Registry, { clock, memoKeys }: EvaluatorOptions) {
    this.program = program
    this.clock = clock
    this.clockValue = valueFunction({ op: 'path', steps: clock.steps }, registry)
    this.lookup = new Lookup(program, registry, { memoKeys, meter: this.meter })
    this.sums = new Sums(program, this.lookup, this.meter)
    this.places = new SlotPlaces(program)
    this.near = nearRoom(program.ruleFlags.length)
    this.lives = new Lives(program)
    this.judge = new Judge(program, this.sums, this.meter)
    this.conditions = new ConditionRecords(program)
  }

  /** What the last evaluation took, and what was read from it since. */
  get steps(): number {
    return this.meter.steps
  }

  /** 'exhausted': past `budget` steps. 'undecided': the facts tell no one time, the general path must do it all. */
  run(facts: readonly Fact[], budget: number): State | 'exhausted' | 'undecided' {
    const at = this.timeOf(facts)
    if (at === undefined) return 'undecided'
    const { lookup, sums } = this
    this.owner = undefined
    this.startCounting()
    const live = this.lives.at(at)
    const slots = new Array<SlotList>(facts.length)
    sums.begin(live.view, facts)
    for (let i = 0; i < facts.length; i++) {
      const fact = facts[i] as Fact
      const type = lookup.typeOf(fact, i)
      const found = type === undefined ? nothing : lookup.slotsOf(fact, type, live)
      slots[i] = found
      if (type !== undefined) sums.add(fact, type, found)
      if (this.meter.steps > budget) return 'exhausted'
    }
    if (!sums.settle(slots, budget) || !this.judge.judgeAll(live.view, at, budget)) return 'exhausted'
    const state = { facts, slots, at, live, verdict: this.judge.takeVerdict() }
    this.owner = state
    return state
  }

  /** Brings the sums of an earlier evaluation back, when another has used the arrays since. */
  restore(state: State): void {
    if (this.owner === state) return
    const { lookup, sums } = this
    this.startCounting()
    sums.begin(state.live.view, state.facts)
    state.facts.forEach((fact, i) => {
      const type = lookup.typeOf(fact, i)
      if (type !== undefined) sums.add(fact, type, state.slots[i] ?? nothing)
    })
    sums.settle(state.slots, Number.POSITIVE_INFINITY)
    this.judge.judgeAll(state.live.view, state.at, Number.POSITIVE_INFINITY)
    this.judge.takeVerdict()
    this.owner = state
  }

  /** The verdict on `facts`: those of `state` with a change. 'undecided': they must be evaluated afresh. */
  change(
    state: State,
    change: FactChange,
    facts: readonly Fact[],
    budget: number,
  ): Verdict | 'exhausted' | 'undecided' {
    const isClock = ({ type }: Fact): boolean => type === this.clock.fact
    if (change.removed.some(isClock) || change.inserted.some(isClock)) return 'undecided'
    this.restore(state)
    const { sums } = this
    if (!sums.isExact) return 'undecided'
    this.startCounting()
    const deltas = this.deltasOf(state, change)
    const { touchedCount } = sums
    for (const delta of deltas) this.apply(delta, delta.isInserted)
    sums.changeFacts(facts)
    const result = sums.isExact ? (this.judge.judgeChanged(deltas, state.verdict, budget) ?? 'exhausted') : 'undecided'
    for (const delta of deltas) this.apply(delta, !delta.isInserted)
    sums.forget(touchedCount)
    sums.changeFacts(state.facts)
    if (!sums.isExact) this.owner = undefined
    return result
  }

  private apply({ fact, type, slots }: Delta, isInserted: boolean): void {
    if (isInserted) this.sums.add(fact, type, slots)
    else this.sums.subtract(fact, type, slots)
  }

  private deltasOf({ facts, slots, live }: State, { removed, inserted }: FactChange): Delta[] {
    const deltas: Delta[] = []
    for (const fact of removed) {
      const type = this.lookup.typeOf(fact)
      const at = facts.indexOf(fact)
      if (type !== undefined) deltas.push({ fact, type, slots: slots[at] ?? nothing, isInserted: false })
    }
    for (const fact of inserted) {
      const type = this.lookup.typeOf(fact)
      if (type === undefined) continue
      deltas.push({ fact, type, slots: this.lookup.slotsOf(fact, type, live), isInserted: true })
    }
    return deltas
  }

  /** The state after a change, without evaluating it. */
  changedState(state: State, { removed, inserted }: FactChange): State {
    const facts = [...state.facts]
    const slots = [...state.slots]
    for (const fact of removed) {
      const at = facts.indexOf(fact)
      facts.splice(at, 1)
      slots.splice(at, 1)
    }
    for (const fact of inserted) {
      const type = this.lookup.typeOf(fact)
      facts.push(fact)
      slots.push(type === undefined ? nothing : this.lookup.slotsOf(fact, type, state.live))
    }
    return { ...state, facts, slots }
  }

  private startCounting(): void {
    this.meter.steps = 0
    // What others left behind.
    takeWork()
  }

  // undefined when the facts do not tell one time.
  private timeOf(facts: readonly Fact[]): number | undefined {
    if (this.program.boundaries.length === 0) return Number.NaN
    const type = this.clock.fact
    let found: Fact | undefined
    for (const fact of facts) {
      if (fact.type !== type) continue
      if (found !== undefined) return undefined
      found = fact
    }
    const at = found && this.clockValue(found, unbound)
    // Several times, or beyond all of them.
    if (Array.isArray(at) || at === Number.POSITIVE_INFINITY || at === Number.NEGATIVE_INFINITY) return undefined
    return isNumber(at) ? at : Number.NaN
  }
}

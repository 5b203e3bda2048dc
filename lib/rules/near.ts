// Rules that did not fire though a fact spoke for them, in numbers: what hints are made of.
import { limits } from '../base/limits.ts'
import type { Evaluator, State } from './evaluator.ts'
import { beyondBudget, explainRule, newInquiry, unmetBit, unmetConditions } from './explain.ts'
import { firstOf } from './fired-rules.ts'
import type { FactsByType, Search } from './matcher.ts'
import { code, ruleFlag, truth } from './program.ts'
import type { RuleStore } from './rule-store.ts'
import type { ConditionReport, Near } from './types.ts'
import { entryLayout, isLive, slotBoundsLayout, slotLayout } from './view.ts'

// Copies, which the compiler knows to be constant; imported names it looks up.
const { stride: entryStride, rule: entryRule } = entryLayout
const { stride: slotStride, rule: slotRule, more: slotMore, end: slotEnd } = slotLayout
const { stride: slotBoundsStride, low: slotLow } = slotBoundsLayout
const { no } = truth
const { match, and, or, not, true: always, atom } = code
const openFlag = ruleFlag.open

/** What the numbers are read from. `state`: undefined when the index could not evaluate the facts. */
export type Asked = { store: RuleStore; evaluator: Evaluator; state: State | undefined; facts: () => FactsByType }

/** Bit i: `when[i]` is not met. */
export function unmetOf(asked: Asked, rule: number): number {
  if (!haveSums(asked, rule)) return unmetConditions(asked.store, rule, newInquiry(asked.facts()))
  const { conditions, sums, judge } = asked.evaluator
  return conditions.unmet(rule, sums, judge)
}

/** What `when[condition]` lacks to reach its lower bound. */
export function missingOf(asked: Asked, rule: number, condition: number): number {
  if (!haveSums(asked, rule)) {
    const report = explainRule(asked.store, rule, 0, newInquiry(asked.facts())).conditions[condition]
    return report === undefined ? 0 : lackIn(report)
  }
  const { conditionStart, conditionCode } = asked.evaluator.program
  const at = (conditionStart[rule] as number) + condition
  // What comes next is the next rule's.
  return at < (conditionStart[rule + 1] as number) ? lackAt(asked.evaluator, conditionCode[at] as number) : 0
}

// Whether the sums say all about the rule, in which case they are there: it does not join, and the view has it.
function haveSums({ evaluator, state }: Asked, rule: number): boolean {
  if (state === undefined) return false
  const { program } = evaluator
  const isOpen = ((program.ruleFlags[rule] as number) & (openFlag | ruleFlag.chained)) !== 0
  if (isOpen || !isLive(program, rule, state.live.from, state.live.until)) return false
  evaluator.restore(state)
  return true
}

// A sum too large for a number, NaN, lacks nothing.
const lackOf = (bound: number, value: number): number => (bound > value ? bound - value : 0)

// Through conditions that need all of their parts.
function lackIn({ missing, wanted, parts = [] }: ConditionReport): number {
  const isConjunction = 'all' in wanted || 'exists' in wanted
  return missing ?? (isConjunction ? Math.max(0, ...parts.map(lackIn)) : 0)
}

/** `fired`: rules that are not near, but there. What each lacks is worked out when first asked for. */
export class NearRules implements Near {
  readonly rules: Int32Array
  private readonly asked: Asked
  private inquiry: Search | undefined
  private stepsLeft = limits.ruleSteps
  private reasons: Pick<Near, 'unmet' | 'missing'> | undefined

  constructor(asked: Asked, fired: Int32Array) {
    this.asked = asked
    this.rules = asked.state === undefined ? new Int32Array(0) : foundButNot(asked.evaluator, asked.state, fired)
  }

  get unmet(): Int32Array {
    this.reasons ??= reasonsOf(this.asked, this.rules)
    return this.reasons.unmet
  }

  get missing(): Float64Array {
    this.reasons ??= reasonsOf(this.asked, this.rules)
    return this.reasons.missing
  }

  unmetAt(place: number): number {
    const { store, evaluator, state, facts } = this.asked
    const rule = this.rules[place] as number
    if (((evaluator.program.ruleFlags[rule] as number) & openFlag) !== 0) {
      this.inquiry ??= newInquiry(facts())
      return unmetConditions(store, rule, this.inquiry)
    }
    // Others may have evaluated meanwhile, which begins to count anew.
    if (state !== undefined) evaluator.restore(state)
    const before = evaluator.steps
    // What a touched slot leads to is live, and reads no inserted facts: the sums say all about it.
    const unmet = evaluator.conditions.unmet(rule, evaluator.sums, evaluator.judge)
    this.stepsLeft -= evaluator.steps - before
    if (this.stepsLeft < 0) throw beyondBudget(limits.ruleSteps)
    return unmet
  }
}

// Rules that a touched slot leads to, without those that fired.
function foundButNot(evaluator: Evaluator, state: State, fired: Int32Array): Int32Array {
  evaluator.restore(state)
  const { touched, touchedCount } = evaluator.sums
  const { slots, slotBounds, entries } = state.live.view
  const { marks, found } = evaluator.near
  for (let i = 0; i < touchedCount; i++) {
    const slot = touched[i] as number
    const at = slot * slotStride
    const first = slots[at + slotRule] as number
    const rule = first >> 1
    // Where it is infinite there is no first entry, or it is among the others.
    const isFirst = (slotBounds[slot * slotBoundsStride + slotLow] as number) < Number.POSITIVE_INFINITY
    marks[rule >>> 5] = (marks[rule >>> 5] as number) | (Number(isFirst) << (rule & 31))
    if ((first & 1) === 0) continue
    const start = slots[at + slotMore] as number
    const end = slots[at + slotEnd] as number
    for (let entry = start; entry < end; entry++) {
      const other = entries[entry * entryStride + entryRule] as number
      marks[other >>> 5] = (marks[other >>> 5] as number) | (1 << (other & 31))
    }
  }
  for (let i = 0; i < fired.length; i++) {
    const rule = fired[i] as number
    marks[rule >>> 5] = (marks[rule >>> 5] as number) & ~(1 << (rule & 31))
  }
  return firstOf(found, takeMarked(marks, found))
}

// Into `found`, ascending; answers how many.
function takeMarked(marks: Int32Array, found: Int32Array): number {
  let count = 0
  for (let word = 0; word < marks.length; word++) {
    const last = (word << 5) + 31
    for (let left = marks[word] as number; left !== 0; left &= left - 1)
      found[count++] = last - Math.clz32(left & -left)
    marks[word] = 0
  }
  return count
}

function reasonsOf({ store, evaluator, state, facts }: Asked, rules: Int32Array): Pick<Near, 'unmet' | 'missing'> {
  const unmet = new Int32Array(rules.length)
  const missing = new Float64Array(rules.length)
  if (state === undefined) return { unmet, missing }
  evaluator.restore(state)
  const { ruleFlags } = evaluator.program
  // One budget for all that is asked together.
  let inquiry: Search | undefined
  const budget = evaluator.steps + limits.ruleSteps
  rules.forEach((rule, i) => {
    if (evaluator.steps > budget) throw beyondBudget(limits.ruleSteps)
    if (((ruleFlags[rule] as number) & openFlag) === 0) readReasons(evaluator, rule, i, unmet, missing)
    else {
      inquiry ??= newInquiry(facts())
      const { conditions } = explainRule(store, rule, 0, inquiry)
      unmet[i] = conditions.reduce((mask, { met }, condition) => (met ? mask : mask | unmetBit(condition)), 0)
      missing[i] = conditions.map(lackIn).find((lack) => lack > 0) ?? 0
    }
  })
  return { unmet, missing }
}

// Of a rule that is not open. What most conditions are is judged here: a call for each takes a fifth longer.
function readReasons(
  evaluator: Evaluator,
  rule: number,
  place: number,
  unmet: Int32Array,
  missing: Float64Array,
): void {
  const { program, judge, sums } = evaluator
  const { code: written, conditionStart, conditionCode, atomSlot, atomLow, atomHigh, atomBound } = program
  const start = conditionStart[rule] as number
  const end = conditionStart[rule + 1] as number
  let mask = 0
  let lack = 0
  for (let i = start; i < end; i++) {
    const at = conditionCode[i] as number
    const operation = written[at] as number
    if (operation === atom || operation === match) {
      const number = written[at + 1] as number
      const value = sums.valueOf(atomSlot[number] as number)
      if (value >= (atomLow[number] as number) && value <= (atomHigh[number] as number)) continue
      mask |= unmetBit(i - start)
      if (operation === atom && lack === 0) lack = lackOf(atomBound[number] as number, value)
    } else if (judge.truthAt(at) === no) {
      mask |= unmetBit(i - start)
      if (lack === 0) lack = lackAt(evaluator, at)
    }
  }
  unmet[place] = mask
  missing[place] = lack
}

// Of bounds on sums, alone or several together, the largest lack; nothing else has any.
function lackAt({ program, sums }: Evaluator, start: number): number {
  const { code: written, atomSlot, atomBound } = program
  const end = codeEnd(written, start)
  let lack = 0
  let at = start
  while (at < end) {
    const operation = written[at]
    if (operation === atom) {
      const number = written[at + 1] as number
      lack = Math.max(lack, lackOf(atomBound[number] as number, sums.valueOf(atomSlot[number] as number)))
    }
    // Into what must hold together, past all else.
    at = operation === and ? at + 2 : codeEnd(written, at)
  }
  return lack
}

/** Where the code that begins there ends. */
function codeEnd(written: Int32Array, at: number): number {
  const operation = written[at]
  if (operation === and || operation === or) return written[at + 1] as number
  if (operation === not) return codeEnd(written, at + 1)
  return operation === always ? at + 1 : at + 2
}

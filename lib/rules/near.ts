// Rules that did not fire though a fact spoke for them, in numbers: what hints are made of.
import { limits } from '../base/limits.ts'
import type { Evaluator, State } from './evaluator.ts'
import { beyondBudget, explainRule, newInquiry, unmetConditions } from './explain.ts'
import type { FactsByType, Search } from './matcher.ts'
import { code, ruleFlag, truth } from './program.ts'
import type { RuleStore } from './rule-store.ts'
import type { ConditionReport, Near } from './types.ts'
import { entryLayout, isLive } from './view.ts'

// Copies, which the compiler knows to be constant; imported names it looks up.
const { stride: entryStride, rule: entryRule } = entryLayout
const { unknown, no } = truth
const { match, window, and, atom } = code
const openFlag = ruleFlag.open

/** What the numbers are read from. `state`: undefined when the index could not evaluate the facts. */
export type Asked = { store: RuleStore; evaluator: Evaluator; state: State | undefined; facts: () => FactsByType }

// One budget for all that is asked together.
function inquiryOf({ facts }: Asked): () => Search {
  let inquiry: Search | undefined
  return () => {
    inquiry ??= newInquiry(facts())
    return inquiry
  }
}

/** How many conditions a mask has room for. */
const maskBits = 31

/** Bit i: `when[i]` is not met. */
export const unmetOf = (asked: Asked, rule: number, inquire = inquiryOf(asked)): number =>
  unmetByIndex(asked, rule) ?? unmetConditions(asked.store, rule, inquire())

/** What `when[condition]` lacks to reach its lower bound. */
export function missingOf(asked: Asked, rule: number, condition: number, inquire = inquiryOf(asked)): number {
  const lack = lackByIndex(asked, rule, condition)
  if (lack !== undefined) return lack
  const report = explainRule(asked.store, rule, 0, inquire()).conditions[condition]
  return report === undefined ? 0 : lackIn(report)
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
}

// Rules that a touched slot leads to, without those that fired.
function foundButNot(evaluator: Evaluator, state: State, fired: Int32Array): Int32Array {
  evaluator.restore(state)
  const { touched, touchedCount } = evaluator.sums
  const { entryStart, entries } = state.live.view
  const marks = new Int32Array((evaluator.program.ruleFlags.length + 31) >>> 5)
  for (let i = 0; i < touchedCount; i++) {
    const slot = touched[i] as number
    const end = entryStart[slot + 1] as number
    for (let entry = entryStart[slot] as number; entry < end; entry++) {
      const rule = entries[entry * entryStride + entryRule] as number
      marks[rule >>> 5] = (marks[rule >>> 5] as number) | (1 << (rule & 31))
    }
  }
  for (const rule of fired) marks[rule >>> 5] = (marks[rule >>> 5] as number) & ~(1 << (rule & 31))
  return rulesOf(marks)
}

/** The rules whose bits are set. */
function rulesOf(marks: Int32Array): Int32Array {
  let count = 0
  for (const word of marks) for (let left = word; left !== 0; left &= left - 1) count++
  const rules = new Int32Array(count)
  count = 0
  for (let word = 0; word < marks.length; word++) {
    for (let left = marks[word] as number; left !== 0; left &= left - 1) {
      rules[count++] = (word << 5) + (31 - Math.clz32(left & -left))
    }
  }
  return rules
}

function reasonsOf(asked: Asked, rules: Int32Array): Pick<Near, 'unmet' | 'missing'> {
  const { evaluator, state } = asked
  const unmet = new Int32Array(rules.length)
  const missing = new Float64Array(rules.length)
  if (state === undefined) return { unmet, missing }
  evaluator.restore(state)
  const { conditionStart, ruleFlags } = evaluator.program
  const inquire = inquiryOf(asked)
  const budget = evaluator.steps + limits.ruleSteps
  for (let i = 0; i < rules.length; i++) {
    if (evaluator.steps > budget) throw beyondBudget(limits.ruleSteps)
    const rule = rules[i] as number
    const count = (conditionStart[rule + 1] as number) - (conditionStart[rule] as number)
    const isPlain = ((ruleFlags[rule] as number) & openFlag) === 0 && count <= maskBits
    if (!isPlain || !readReasons(evaluator, rule, i, unmet, missing)) {
      unmet[i] = unmetOf(asked, rule, inquire)
      missing[i] = firstLack(asked, rule, count, inquire)
    }
  }
  return { unmet, missing }
}

function firstLack(asked: Asked, rule: number, count: number, inquire: () => Search): number {
  for (let condition = 0; condition < count; condition++) {
    const lack = missingOf(asked, rule, condition, inquire)
    if (lack > 0) return lack
  }
  return 0
}

// Of a rule whose conditions are atoms and windows, one each. false: it has others.
function readReasons(
  { program, judge, sums }: Evaluator,
  rule: number,
  place: number,
  unmet: Int32Array,
  missing: Float64Array,
): boolean {
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
      mask |= 1 << (i - start)
      if (operation === atom && lack === 0) lack = lackOf(atomBound[number] as number, value)
    } else if (operation !== window) return false
    else if (judge.truthAt(at) === no) mask |= 1 << (i - start)
  }
  unmet[place] = mask
  missing[place] = lack
  return true
}

// Whether the sums of the state say all about the rule: it does not join, and the state's view has it.
function knows({ evaluator: { program } }: Asked, state: State, rule: number): boolean {
  const isOpen = ((program.ruleFlags[rule] as number) & (ruleFlag.open | ruleFlag.chained)) !== 0
  return !isOpen && isLive(program, rule, state.live.from, state.live.until)
}

function unmetByIndex(asked: Asked, rule: number): number | undefined {
  const { evaluator, state } = asked
  if (state === undefined || !knows(asked, state, rule)) return undefined
  evaluator.restore(state)
  const { conditionStart, conditionCode } = evaluator.program
  const start = conditionStart[rule] as number
  const count = Math.min((conditionStart[rule + 1] as number) - start, maskBits)
  let unmet = 0
  for (let condition = 0; condition < count; condition++) {
    const answer = evaluator.judge.truthAt(conditionCode[start + condition] as number)
    if (answer === unknown) return undefined
    if (answer === no) unmet |= 1 << condition
  }
  return unmet
}

// Bounds on sums and counts, alone or several together; for anything else undefined.
function lackByIndex(asked: Asked, rule: number, condition: number): number | undefined {
  const { evaluator, state } = asked
  if (state === undefined || !knows(asked, state, rule)) return undefined
  evaluator.restore(state)
  const { program, sums } = evaluator
  const start = (program.conditionStart[rule] as number) + condition
  // What comes next is the next rule's.
  if (start >= (program.conditionStart[rule + 1] as number)) return 0
  let at = program.conditionCode[start] as number
  if (program.code[at] === match || program.code[at] === window) return 0
  const isGroup = program.code[at] === and
  const end = isGroup ? (program.code[at + 1] as number) : at + 2
  if (isGroup) at += 2
  let lack = 0
  for (; at < end; at += 2) {
    if (program.code[at] !== atom) return undefined
    const number = program.code[at + 1] as number
    const value = sums.valueOf(program.atomSlot[number] as number)
    lack = Math.max(lack, lackOf(program.atomBound[number] as number, value))
  }
  return lack
}

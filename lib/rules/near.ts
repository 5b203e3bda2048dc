// Rules that did not fire though a fact spoke for them, in numbers: what hints are made of.
import type { Evaluator, State } from './evaluator.ts'
import { explainRule, unmetConditions } from './explain.ts'
import type { FactsByType } from './matcher.ts'
import { code, ruleFlag, truth } from './program.ts'
import type { RuleStore } from './rule-store.ts'
import type { ConditionReport, Near } from './types.ts'
import { entryLayout, isLive, slotLayout } from './view.ts'

/** What the numbers are read from. `state`: undefined when the index could not evaluate the facts. */
export type Asked = { store: RuleStore; evaluator: Evaluator; state: State | undefined; facts: () => FactsByType }

/** How many conditions a mask has room for. */
const maskBits = 31

/** Bit i: `when[i]` is not met. */
export const unmetOf = (asked: Asked, rule: number): number =>
  unmetByIndex(asked, rule) ?? unmetConditions(asked.store, rule, asked.facts())

/** What `when[condition]` lacks to reach its lower bound. */
export function missingOf(asked: Asked, rule: number, condition: number): number {
  const lack = lackByIndex(asked, rule, condition)
  if (lack !== undefined) return lack
  const report = explainRule(asked.store, rule, 0, asked.facts()).conditions[condition]
  return report === undefined ? 0 : lackIn(report)
}

// Through conditions that need all of their parts.
function lackIn({ missing, wanted, parts = [] }: ConditionReport): number {
  const isConjunction = 'all' in wanted || 'exists' in wanted
  return missing ?? (isConjunction ? Math.max(0, ...parts.map(lackIn)) : 0)
}

/** The numbers are worked out when first read: who needs words for some of the rules often needs only which they are. */
export function nearRules(asked: Asked, fired: Int32Array): Near {
  const rules = asked.state === undefined ? new Int32Array(0) : foundButNot(asked.evaluator, asked.state, fired)
  let unmet: Int32Array | undefined
  let missing: Float64Array | undefined
  return {
    rules,
    get unmet() {
      unmet ??= rules.map((rule) => unmetOf(asked, rule))
      return unmet
    },
    get missing() {
      missing ??= Float64Array.from(rules, (rule) => firstLack(asked, rule))
      return missing
    },
  }
}

// What the first condition that lacks something lacks; 0: none does.
function firstLack(asked: Asked, rule: number): number {
  const { conditionStart } = asked.evaluator.program
  const count = (conditionStart[rule + 1] as number) - (conditionStart[rule] as number)
  for (let condition = 0; condition < count; condition++) {
    const lack = missingOf(asked, rule, condition)
    if (lack > 0) return lack
  }
  return 0
}

// Rules that a touched slot leads to, without those that fired.
function foundButNot(evaluator: Evaluator, state: State, fired: Int32Array): Int32Array {
  evaluator.restore(state)
  const { touched, touchedCount } = evaluator.sums
  const { slotEntries, entries } = state.live.view
  const found = new Set<number>()
  for (let i = 0; i < touchedCount; i++) {
    const at = (touched[i] as number) * slotLayout.stride
    for (
      let entry = slotEntries[at + slotLayout.first] as number;
      entry < (slotEntries[at + slotLayout.end] as number);
      entry++
    ) {
      found.add(entries[entry * entryLayout.stride + entryLayout.rule] as number)
    }
  }
  for (const rule of fired) found.delete(rule)
  return Int32Array.from(found).sort()
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
    if (answer === truth.unknown) return undefined
    if (answer === truth.no) unmet |= 1 << condition
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
  let at = program.conditionCode[start] as number
  if (program.code[at] === code.match || program.code[at] === code.window) return 0
  const isGroup = program.code[at] === code.and
  const end = isGroup ? (program.code[at + 1] as number) : at + 2
  if (isGroup) at += 2
  let lack = 0
  for (; at < end; at += 2) {
    if (program.code[at] !== code.atom) return undefined
    const atom = program.code[at + 1] as number
    const value = sums.valueOf(program.atomSlot[atom] as number)
    lack = Math.max(lack, (program.atomBound[atom] as number) - value)
  }
  return lack
}

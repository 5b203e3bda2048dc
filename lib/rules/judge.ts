// Sums into rules: which rules the touched slots lead to, and which of them hold.
import { code, type Program, ruleFlag, truth } from './program.ts'
import type { Sums } from './sums.ts'
import { emptyView, type View } from './view.ts'

/** What an evaluation found. `open`: those of `rules` of which only the general path can tell whether they fire. */
export type Verdict = {
  /** Ascending. */
  rules: Int32Array
  /** How often, of rules that fire more than once. */
  times: ReadonlyMap<number, number> | undefined
  open: readonly number[]
}

const noRules = new Int32Array(0)
const none: readonly number[] = []

export class Judge {
  /** Entries and conditions looked at, for the budget. */
  steps = 0
  private readonly program: Program
  private readonly sums: Sums
  /** Bit b: whether the atom `bitAtom[b]` holds. */
  private bits = 0
  private at = Number.NaN
  private view: View = emptyView
  private position = 0
  /** Rules found to fire, a bit each; cleared as they are taken. */
  private readonly fired: Uint32Array
  private firedCount = 0
  private times: Map<number, number> | undefined
  private open: number[] | undefined
  /** Entries whose bounds hold; when only bits change, only they need another look. */
  private candidates: Int32Array = new Int32Array(64)
  private candidateCount = 0
  /** Slot -> the change that last touched it. */
  private readonly changed: Int32Array
  private changeNumber = 0

  constructor(program: Program, sums: Sums) {
    this.program = program
    this.sums = sums
    this.fired = new Uint32Array((program.ruleFlags.length + 31) >>> 5)
    this.changed = new Int32Array(program.slotSelection.length)
  }

  /** Looks at every rule that the sums lead to. false: past `budget` steps. */
  judgeAll(view: View, at: number, budget: number): boolean {
    this.view = view
    this.at = at
    this.readBits()
    this.candidateCount = 0
    const { touched, touchedCount } = this.sums
    if (this.candidates.length < view.entryRule.length) this.candidates = new Int32Array(view.entryRule.length)
    for (let i = 0; i < touchedCount; i++) {
      this.judgeSlot(touched[i] as number, true)
      if (this.steps > budget) return this.drop()
    }
    return this.judgeUnindexed(budget)
  }

  /** As `judgeAll`, when since then only `slots` changed. */
  judgeChanged(slots: readonly Int32Array[], budget: number): boolean {
    this.readBits()
    this.changeNumber++
    for (const list of slots) {
      for (const slot of list) {
        if (this.changed[slot] === this.changeNumber) continue
        this.changed[slot] = this.changeNumber
        this.judgeSlot(slot, false)
        if (this.steps > budget) return this.drop()
      }
    }
    this.judgeCandidates()
    return this.judgeUnindexed(budget)
  }

  takeVerdict(): Verdict {
    const { times, open } = this
    this.times = undefined
    this.open = undefined
    return { rules: this.takeFired(), times, open: open ?? none }
  }

  private readBits(): void {
    const { bitAtom, atomSlot, atomLow, atomHigh } = this.program
    let bits = 0
    for (let bit = 0; bit < bitAtom.length; bit++) {
      const atom = bitAtom[bit] as number
      const value = this.sums.valueOf(atomSlot[atom] as number)
      if (value >= (atomLow[atom] as number) && value <= (atomHigh[atom] as number)) bits |= 1 << bit
    }
    this.bits = bits
  }

  private judgeSlot(slot: number, keep: boolean): void {
    const { entryStart, entryLow, entryHigh, entryCare, entryWant } = this.view
    const end = entryStart[slot + 1] as number
    let entry = entryStart[slot] as number
    if (entry === end) return
    const value = this.sums.sum[slot] as number
    const { bits } = this
    for (; entry < end; entry++) {
      // By growing lower bound: the rest is out of reach.
      if (!((entryLow[entry] as number) <= value)) break
      if (value > (entryHigh[entry] as number)) continue
      if (keep) this.candidates[this.candidateCount++] = entry
      if ((bits & (entryCare[entry] as number)) === entryWant[entry]) this.accept(entry)
    }
    this.steps += entry - (entryStart[slot] as number)
  }

  private judgeCandidates(): void {
    const { entryCare, entryWant } = this.view
    const { bits, candidates, candidateCount } = this
    for (let i = 0; i < candidateCount; i++) {
      const entry = candidates[i] as number
      if ((bits & (entryCare[entry] as number)) === entryWant[entry] && !this.isChanged(entry)) this.accept(entry)
    }
    this.steps += candidateCount
  }

  private isChanged(entry: number): boolean {
    return this.changed[this.view.entrySlot[entry] as number] === this.changeNumber
  }

  private judgeUnindexed(budget: number): boolean {
    for (const rule of this.view.unindexed) {
      this.steps++
      this.confirm(rule)
    }
    return this.steps <= budget || this.drop()
  }

  private accept(entry: number): void {
    const rule = this.view.entryRule[entry] as number
    if (this.view.entryConfirm[entry] === 1) this.confirm(rule)
    else this.fire(rule)
  }

  // What bounds and bits leave open: the window's edge, further conditions, how often.
  private confirm(rule: number): void {
    const { ruleFrom, ruleUntil, restCode, ruleFlags, factorStart, factorSlot } = this.program
    if (!this.isInWindow(ruleFrom[rule] as number, ruleUntil[rule] as number)) return
    const rest = restCode[rule] as number
    if (rest >= 0 && this.truthAt(rest) === truth.no) return
    if (ruleFlags[rule] === ruleFlag.open) {
      if (this.fire(rule)) this.addOpen(rule)
      return
    }
    let times = 1
    for (let i = factorStart[rule] as number; i < (factorStart[rule + 1] as number); i++) {
      times *= this.sums.valueOf(factorSlot[i] as number)
    }
    if (times === 0 || !this.fire(rule) || times === 1) return
    this.steps += times
    this.times ??= new Map()
    this.times.set(rule, times)
  }

  private isInWindow(from: number, until: number): boolean {
    return (
      (from <= this.at || from === Number.NEGATIVE_INFINITY) && (this.at < until || until === Number.POSITIVE_INFINITY)
    )
  }

  private addOpen(rule: number): void {
    this.open ??= []
    this.open.push(rule)
  }

  /** false when the rule was found before, by another of its slots. */
  private fire(rule: number): boolean {
    const word = rule >>> 5
    const bit = 1 << (rule & 31)
    const known = this.fired[word] as number
    if ((known & bit) !== 0) return false
    this.fired[word] = known | bit
    this.firedCount++
    return true
  }

  private takeFired(): Int32Array {
    if (this.firedCount === 0) return noRules
    const rules = new Int32Array(this.firedCount)
    let count = 0
    for (let word = 0; count < rules.length; word++) {
      let left = this.fired[word] as number
      while (left !== 0) {
        const lowest = left & -left
        rules[count++] = (word << 5) + (31 - Math.clz32(lowest))
        left ^= lowest
      }
      this.fired[word] = 0
    }
    this.firedCount = 0
    return rules
  }

  private drop(): false {
    this.takeFired()
    this.times = undefined
    this.open = undefined
    return false
  }

  /** What the code at `position` says: no, unknown or yes. `this.position` is then what follows it. */
  truthAt(position: number): number {
    const { program } = this
    const operation = program.code[position]
    const operand = program.code[position + 1] as number
    switch (operation) {
      case code.atom:
      case code.match: {
        this.position = position + 2
        const value = this.sums.valueOf(program.atomSlot[operand] as number)
        const holds = value >= (program.atomLow[operand] as number) && value <= (program.atomHigh[operand] as number)
        return holds ? truth.yes : truth.no
      }
      case code.window:
        this.position = position + 2
        return this.isInWindow(program.windowFrom[operand] as number, program.windowUntil[operand] as number)
          ? truth.yes
          : truth.no
      case code.not:
        return truth.yes - this.truthAt(position + 1)
      case code.and:
      case code.or:
        return this.truthOfParts(position + 2, operand, operation === code.and ? truth.yes : truth.no)
      default:
        this.position = position + 1
        return operation === code.true ? truth.yes : truth.unknown
    }
  }

  // The least of the parts for and, which begins with yes; the greatest for or, which begins with no.
  private truthOfParts(start: number, end: number, empty: number): number {
    let result = empty
    let at = start
    while (at < end && result !== truth.yes - empty) {
      const part = this.truthAt(at)
      this.steps++
      if (empty === truth.yes ? part < result : part > result) result = part
      at = this.position
    }
    this.position = end
    return result
  }
}

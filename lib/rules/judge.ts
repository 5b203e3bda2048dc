// Which rules fire: those that the sums lead to (reach.ts), as far as nothing more decides on them; and what a change of a
// few sums makes of that.
import { firstOf } from './fired-rules.ts'
import type { Meter } from './lookup.ts'
import { type SlotList, slotsEnd, slotsStart } from './memo.ts'
import { code, type Program, ruleFlag, truth } from './program.ts'
import { Reach } from './reach.ts'
import type { Sums } from './sums.ts'
import { confirmBit, emptyView, entryLayout, slotLayout, type View } from './view.ts'

/** What an evaluation found. `open`: those of `rules` of which only the general path can tell whether they fire. */
export type Verdict = {
  /** Ascending. */
  rules: Int32Array
  /** How often, of rules that fire more than once. */
  times: ReadonlyMap<number, number> | undefined
  open: readonly number[]
}

/** The slots in which a fact counts that came or went. */
type Changed = { slots: SlotList }

// Copies, which the compiler knows to be constant; imported names it looks up.
const { stride: entryStride, slot: entrySlot, rule: entryRule, care: entryCare, want: entryWant } = entryLayout
const { stride: slotStride, rule: slotRule, want: slotWant } = slotLayout
const confirm = confirmBit
const { atom: atomCode, match: matchCode, window: windowCode, not: notCode, and: andCode, or: orCode } = code
const { true: trueCode } = code
const { no, unknown, yes } = truth
const openFlag = ruleFlag.open

/** What a match beyond the first stands for: facts that are inserted later. */
const insertSteps = 100
const none: readonly number[] = []

export class Judge {
  private readonly meter: Meter
  private readonly program: Program
  private readonly sums: Sums
  private readonly reach: Reach
  private at = Number.NaN
  private view: View = emptyView
  private position = 0
  private times: Map<number, number> | undefined
  private open: number[] | undefined
  /** How many candidates `judgeAll` found, and how many of them are first entries. */
  private candidateCount = 0
  private firstCount = 0
  /** Places of candidates that a change may make a difference to. */
  private looked: Int32Array = new Int32Array(64)
  /** Candidate -> the bits that decide on it, once a change asked for them. */
  private cares: Int32Array = new Int32Array(64)
  private hasCares = false
  /** Slot -> the change that last touched it. */
  private readonly changed: Int32Array
  private changeNumber = 0
  private readonly changedSlots: Int32Array
  /** The bits that `judgeAll` saw. */
  private ownBits = 0
  private ownSeveral = 0
  /** Rules that a change may make fire, or not; 1 for each. */
  private readonly isAffected: Uint8Array
  private readonly affected: Int32Array
  private affectedCount = 0
  /** Rules that fire after a change, while they are put together. */
  private readonly all: Int32Array

  constructor(program: Program, sums: Sums, meter: Meter) {
    this.program = program
    this.sums = sums
    this.meter = meter
    this.reach = new Reach(program)
    this.isAffected = new Uint8Array(program.ruleFlags.length)
    this.affected = new Int32Array(program.ruleFlags.length)
    this.all = new Int32Array(program.ruleFlags.length + 1)
    this.changed = new Int32Array(program.slotSelection.length)
    this.changedSlots = new Int32Array(program.slotSelection.length)
  }

  /** Looks at every rule that the sums lead to. false: past `budget` steps. */
  judgeAll(view: View, at: number, budget: number): boolean {
    const { reach, sums } = this
    this.view = view
    this.at = at
    this.hasCares = false
    reach.begin(view)
    this.ownBits = reach.bits
    this.ownSeveral = reach.several
    this.candidateCount = reach.reach(sums.touched, sums.touchedCount, 0)
    this.firstCount = reach.firstCount
    this.meter.steps += sums.touchedCount + this.candidateCount + reach.doubtfulCount + reach.fired.count
    return (this.confirmDoubtful(budget) && this.judgeUnindexed(budget)) || this.drop()
  }

  /** What `verdict`, on what `judgeAll` saw, is now that these slots changed. undefined: past `budget` steps. */
  judgeChanged(changes: readonly Changed[], verdict: Verdict, budget: number): Verdict | undefined {
    this.reach.begin(this.view)
    const count = this.markChanged(changes)
    this.affectCandidates()
    this.affectSlots(count)
    for (const rule of this.view.unindexed) this.affect(rule)
    const isWithin = this.confirmDoubtful(budget) && this.judgeUnindexed(budget)
    const changed = isWithin ? this.merged(verdict) : undefined
    if (changed === undefined) this.drop()
    while (this.affectedCount > 0) this.isAffected[this.affected[--this.affectedCount] as number] = 0
    return changed
  }

  private markChanged(changes: readonly Changed[]): number {
    this.changeNumber++
    let count = 0
    for (const { slots: list } of changes) {
      const end = slotsEnd(list)
      for (let i = slotsStart(list); i < end; i++) {
        const slot = list[i] as number
        if (this.changed[slot] === this.changeNumber) continue
        this.changed[slot] = this.changeNumber
        this.changedSlots[count++] = slot
      }
    }
    return count
  }

  private affect(rule: number): void {
    if (this.isAffected[rule] === 1) return
    this.isAffected[rule] = 1
    this.affected[this.affectedCount++] = rule
  }

  // Of the candidates kept, those that a changed bit decides on, or more than bits.
  private affectCandidates(): void {
    const { candidateCount, firstCount, reach } = this
    const { candidates, bits } = reach
    const { slots, entries } = this.view
    const cares = this.caresOfCandidates()
    const { looked } = this
    const changedBits = (bits ^ this.ownBits) | (reach.several ^ this.ownSeveral) | confirm
    let count = 0
    for (let i = 0; i < candidateCount; i++) {
      looked[count] = i
      count += Number(((cares[i] as number) & changedBits) !== 0)
    }
    for (let i = 0; i < count; i++) {
      const place = looked[i] as number
      const candidate = candidates[place] as number
      const holds = bits & (cares[place] as number)
      if (place < firstCount) {
        const at = candidate * slotStride
        const want = slots[at + slotWant] as number
        this.affectEntry((slots[at + slotRule] as number) >> 1, candidate, want, holds === want)
      } else {
        const at = candidate * entryStride
        const want = entries[at + entryWant] as number
        this.affectEntry(entries[at + entryRule] as number, entries[at + entrySlot] as number, want, holds === want)
      }
    }
    this.meter.steps += candidateCount
  }

  // The bits that decide on each candidate, in one list, since one change often follows another.
  private caresOfCandidates(): Int32Array {
    const { candidateCount, firstCount } = this
    const { candidates } = this.reach
    if (this.cares.length < candidates.length) {
      this.cares = new Int32Array(candidates.length)
      this.looked = new Int32Array(candidates.length)
    }
    const { cares } = this
    if (this.hasCares) return cares
    this.hasCares = true
    const { slots, entries } = this.view
    for (let i = 0; i < firstCount; i++) cares[i] = slots[(candidates[i] as number) * slotStride + slotWant] as number
    for (let i = firstCount; i < candidateCount; i++) {
      cares[i] = entries[(candidates[i] as number) * entryStride + entryCare] as number
    }
    return cares
  }

  // Bounds of a slot that did not change hold as before; the others are looked at afterwards.
  private affectEntry(rule: number, slot: number, want: number, holds: boolean): void {
    this.affect(rule)
    if (holds && this.changed[slot] !== this.changeNumber) this.reach.pass(rule, want)
  }

  // All that hangs on a changed slot.
  private affectSlots(slotCount: number): void {
    const { changedSlots } = this
    const { entryStart, entries } = this.view
    let count = 0
    for (let i = 0; i < slotCount; i++) {
      const slot = changedSlots[i] as number
      const end = entryStart[slot + 1] as number
      for (let entry = entryStart[slot] as number; entry < end; entry++) {
        this.affect(entries[entry * entryStride + entryRule] as number)
        this.meter.steps++
      }
      // A count that has come down to nothing leads nowhere.
      if (this.program.slotMeasure[slot] !== 0 || this.sums.valueOf(slot) !== 0) changedSlots[count++] = slot
    }
    this.reach.reach(changedSlots, count, this.candidateCount)
  }

  private merged({ rules, times }: Verdict): Verdict {
    const { isAffected, all } = this
    let count = 0
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i] as number
      // What is left out is written too, and then over.
      all[count] = rule
      count += 1 - (isAffected[rule] as number)
    }
    count = this.insertFresh(count)
    for (const [rule, number] of times ?? []) if (isAffected[rule] === 0) this.setTimes(rule, number)
    const { open = none, times: allTimes } = this
    this.times = undefined
    this.open = undefined
    return { rules: firstOf(all, count), times: allTimes, open }
  }

  // From the last on, so that what is larger makes room.
  private insertFresh(keptCount: number): number {
    const { all } = this
    const { found } = this.reach.fired
    const freshCount = this.reach.fired.sort()
    let kept = keptCount - 1
    for (let fresh = freshCount - 1; fresh >= 0; fresh--) {
      const rule = found[fresh] as number
      for (; kept >= 0 && (all[kept] as number) > rule; kept--) all[kept + fresh + 1] = all[kept] as number
      all[kept + fresh + 1] = rule
    }
    return keptCount + freshCount
  }

  takeVerdict(): Verdict {
    const { times, open } = this
    this.times = undefined
    this.open = undefined
    return { rules: this.reach.fired.take(), times, open: open ?? none }
  }

  // false: past `budget` steps.
  private confirmDoubtful(budget: number): boolean {
    const { meter } = this
    const { doubtful, doubtfulCount } = this.reach
    if (meter.steps > budget) return false
    for (let i = 0; i < doubtfulCount; i++) {
      this.confirm(doubtful[i] as number)
      if (meter.steps > budget) return false
    }
    return true
  }

  // false: past `budget` steps.
  private judgeUnindexed(budget: number): boolean {
    const { meter } = this
    for (const rule of this.view.unindexed) {
      meter.steps++
      this.confirm(rule)
      if (meter.steps > budget) return false
    }
    return true
  }

  // What bounds and bits leave open: the window's edge, further conditions, how often.
  private confirm(rule: number): void {
    const { ruleFrom, ruleUntil, restCode, ruleFlags, factorStart, factorSlot } = this.program
    if (!this.isInWindow(ruleFrom[rule] as number, ruleUntil[rule] as number)) return
    const rest = restCode[rule] as number
    if (rest >= 0 && this.truthAt(rest) === no) return
    if (((ruleFlags[rule] as number) & openFlag) !== 0) {
      if (this.reach.fired.add(rule)) this.addOpen(rule)
      return
    }
    let times = 1
    for (let i = factorStart[rule] as number; i < (factorStart[rule + 1] as number); i++) {
      times *= this.sums.valueOf(factorSlot[i] as number)
    }
    if (times === 0 || !this.reach.fired.add(rule) || times === 1) return
    this.meter.steps += insertSteps * times
    this.setTimes(rule, times)
  }

  private setTimes(rule: number, times: number): void {
    this.times ??= new Map()
    this.times.set(rule, times)
  }

  /** Whether the time of `judgeAll` is. */
  isInWindow(from: number, until: number): boolean {
    return (
      (from <= this.at || from === Number.NEGATIVE_INFINITY) && (this.at < until || until === Number.POSITIVE_INFINITY)
    )
  }

  private addOpen(rule: number): void {
    this.open ??= []
    this.open.push(rule)
  }

  private drop(): false {
    this.reach.fired.take()
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
      case atomCode:
      case matchCode: {
        this.position = position + 2
        const value = this.sums.valueOf(program.atomSlot[operand] as number)
        const holds = value >= (program.atomLow[operand] as number) && value <= (program.atomHigh[operand] as number)
        return holds ? yes : no
      }
      case windowCode:
        this.position = position + 2
        return this.isInWindow(program.windowFrom[operand] as number, program.windowUntil[operand] as number) ? yes : no
      case notCode:
        return yes - this.truthAt(position + 1)
      case andCode:
      case orCode:
        return this.truthOfParts(position + 2, operand, operation === andCode ? yes : no)
      default:
        this.position = position + 1
        return operation === trueCode ? yes : unknown
    }
  }

  // The least of the parts for and, which begins with yes; the greatest for or, which begins with no.
  private truthOfParts(start: number, end: number, empty: number): number {
    let result = empty
    let at = start
    while (at < end && result !== yes - empty) {
      const part = this.truthAt(at)
      this.meter.steps++
      if (empty === yes ? part < result : part > result) result = part
      at = this.position
    }
    this.position = end
    return result
  }
}

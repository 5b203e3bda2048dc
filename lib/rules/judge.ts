// Sums into rules: which rules the touched slots lead to, and which of them hold.
import { FiredRules } from './fired-rules.ts'
import type { Meter } from './lookup.ts'
import { type SlotList, slotsEnd, slotsStart } from './memo.ts'
import { code, type Program, ruleFlag, truth } from './program.ts'
import type { Sums } from './sums.ts'
import { boundsLayout, confirmBit, emptyView, entryLayout, slotBoundsLayout, slotLayout, type View } from './view.ts'

/** What an evaluation found. `open`: those of `rules` of which only the general path can tell whether they fire. */
export type Verdict = {
  /** Ascending. */
  rules: Int32Array
  /** How often, of rules that fire more than once. */
  times: ReadonlyMap<number, number> | undefined
  open: readonly number[]
}

// Copies, which the compiler knows to be constant; imported names it looks up.
const { stride: entryStride, rule: entryRule, care: entryCare, want: entryWant } = entryLayout
const { slot: entrySlot } = entryLayout
const confirm = confirmBit
const { stride: boundsStride, low: boundsLow, high: boundsHigh } = boundsLayout
const { stride: slotStride, rule: slotRule, want: slotWant } = slotLayout
const { stride: slotBoundsStride, low: slotLow } = slotBoundsLayout
const { atom: atomCode, match: matchCode, window: windowCode, not: notCode, and: andCode, or: orCode } = code
const { true: trueCode } = code
const { no, unknown, yes } = truth
const openFlag = ruleFlag.open

/** So many entries of one slot are searched for the last that its value reaches. */
const manyEntries = 64
/** What a match beyond the first stands for: facts that are inserted later. */
const insertSteps = 100
const none: readonly number[] = []

export class Judge {
  private readonly meter: Meter
  private readonly program: Program
  private readonly sums: Sums
  /** Bit b: whether the atom `bitAtom[b]` holds. */
  private bits = 0
  /** Bit b: the slot of `bitAtom[b]` counts several facts. */
  private several = 0
  /** Of the atoms of bits. */
  private readonly bitSlots: Int32Array
  private readonly bitLows: Float64Array
  private readonly bitHighs: Float64Array
  private at = Number.NaN
  private view: View = emptyView
  private position = 0
  private readonly fired: FiredRules
  private times: Map<number, number> | undefined
  private open: number[] | undefined
  /**
   * Entries whose bounds hold while more decides on them; when only bits change, only they need another look. Slots, times
   * two, of which it is the first entry, or entries, times two, plus one.
   */
  private candidates: Int32Array = new Int32Array(64)
  private candidateCount = 0
  /** Rules of entries whose bits hold too, but which need a closer look; the others have fired. */
  private doubtful: Int32Array = new Int32Array(64)
  private doubtfulCount = 0
  /** Places of entries that a change may make a difference to. */
  private looked: Int32Array = new Int32Array(64)
  /** Slots with more than one entry, of those at hand. */
  private readonly longer: Int32Array
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

  constructor(program: Program, sums: Sums, meter: Meter) {
    this.program = program
    this.sums = sums
    this.meter = meter
    this.fired = new FiredRules(program.ruleFlags.length)
    const { bitAtom, atomSlot, atomLow, atomHigh } = program
    this.bitSlots = bitAtom.map((atom) => atomSlot[atom] as number)
    this.bitLows = Float64Array.from(bitAtom, (atom) => atomLow[atom] as number)
    this.bitHighs = Float64Array.from(bitAtom, (atom) => atomHigh[atom] as number)
    this.isAffected = new Uint8Array(program.ruleFlags.length)
    this.affected = new Int32Array(program.ruleFlags.length)
    this.changed = new Int32Array(program.slotSelection.length)
    this.changedSlots = new Int32Array(program.slotSelection.length)
    this.longer = new Int32Array(program.slotSelection.length + 1)
  }

  /** Looks at every rule that the sums lead to. false: past `budget` steps. */
  judgeAll(view: View, at: number, budget: number): boolean {
    this.view = view
    this.at = at
    this.makeRoom()
    this.readBits()
    this.ownBits = this.bits
    this.ownSeveral = this.several
    this.doubtfulCount = 0
    this.candidateCount = this.reach(this.sums.touched, this.sums.touchedCount, 0)
    this.meter.steps += this.sums.touchedCount + this.candidateCount + this.doubtfulCount + this.fired.count
    return (this.confirmDoubtful(budget) && this.judgeUnindexed(budget)) || this.drop()
  }

  /** What `verdict`, on what `judgeAll` saw, is now that `slots` changed. undefined: past `budget` steps. */
  judgeChanged(slots: readonly SlotList[], verdict: Verdict, budget: number): Verdict | undefined {
    this.readBits()
    this.doubtfulCount = 0
    const count = this.markChanged(slots)
    this.affectCandidates()
    this.affectSlots(count)
    for (const rule of this.view.unindexed) this.affect(rule)
    const isWithin = this.confirmDoubtful(budget) && this.judgeUnindexed(budget)
    const changed = isWithin ? this.merged(verdict) : undefined
    if (changed === undefined) this.drop()
    for (let i = 0; i < this.affectedCount; i++) this.isAffected[this.affected[i] as number] = 0
    this.affectedCount = 0
    return changed
  }

  private markChanged(slots: readonly SlotList[]): number {
    this.changeNumber++
    let count = 0
    for (const list of slots) {
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
    const { candidates, candidateCount, changed, changeNumber, looked, bits } = this
    const { entryStart, entries } = this.view
    const changedBits = (bits ^ this.ownBits) | (this.several ^ this.ownSeveral) | confirm
    let count = 0
    for (let i = 0; i < candidateCount; i++) {
      const candidate = candidates[i] as number
      const entry = (candidate & 1) === 1 ? candidate >> 1 : (entryStart[candidate >> 1] as number)
      const at = entry * entryStride
      looked[count] = at
      count += Number(((entries[at + entryCare] as number) & changedBits) !== 0)
    }
    for (let i = 0; i < count; i++) {
      const at = looked[i] as number
      this.affect(entries[at + entryRule] as number)
      // Bounds of a slot that did not change hold as before.
      if (changed[entries[at + entrySlot] as number] === changeNumber) continue
      if ((bits & (entries[at + entryCare] as number)) === entries[at + entryWant]) this.pass(at)
    }
    this.meter.steps += candidateCount
  }

  private pass(at: number): void {
    const { fired } = this
    const rule = this.view.entries[at + entryRule] as number
    if ((this.several & (this.view.entries[at + entryWant] as number)) !== 0) this.doubtful[this.doubtfulCount++] = rule
    else fired.addNew(rule)
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
      if (this.program.slotMeasure[slot] !== 0 || this.sums.sum[slot] !== 0) changedSlots[count++] = slot
    }
    this.reach(changedSlots, count, this.candidateCount)
  }

  private merged({ rules, times }: Verdict): Verdict {
    const { isAffected } = this
    const fresh = this.fired.take()
    // One more, since what is left out is written too.
    const all = new Int32Array(rules.length + fresh.length + 1)
    let count = 0
    let next = 0
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i] as number
      while (next < fresh.length && (fresh[next] as number) < rule) all[count++] = fresh[next++] as number
      all[count] = rule
      count += 1 - (isAffected[rule] as number)
    }
    while (next < fresh.length) all[count++] = fresh[next++] as number
    for (const [rule, number] of times ?? []) if (isAffected[rule] === 0) this.setTimes(rule, number)
    const { open = none, times: allTimes } = this
    this.times = undefined
    this.open = undefined
    return { rules: all.subarray(0, count), times: allTimes, open }
  }

  private makeRoom(): void {
    // Twice: candidates kept and those of a change; one more, since what is passed over is written too.
    const room = (this.view.entries.length / entryStride) * 2 + 1
    if (this.candidates.length >= room) return
    this.candidates = new Int32Array(room)
    this.doubtful = new Int32Array(room)
    this.looked = new Int32Array(room)
  }

  takeVerdict(): Verdict {
    const { times, open } = this
    this.times = undefined
    this.open = undefined
    return { rules: this.fired.take(), times, open: open ?? none }
  }

  private readBits(): void {
    const { bitSlots, bitLows, bitHighs } = this
    const { sum } = this.sums
    let bits = 0
    let several = 0
    for (let bit = 0; bit < bitSlots.length; bit++) {
      // Slots of bits are kept up to date.
      const value = sum[bitSlots[bit] as number] as number
      bits |= (Number(value >= (bitLows[bit] as number)) & Number(value <= (bitHighs[bit] as number))) << bit
      several |= Number(value > 1) << bit
    }
    this.bits = bits | confirm
    this.several = several | confirm
  }

  // Looks at the entries of these slots. Those whose bounds hold while more decides on them are appended to the candidates,
  // from `from` on, of which it answers the new count; rules of those whose bounds and bits hold fire, or are doubtful. No
  // branch depends on a comparison: what does not count is written over by what comes next.
  private reach(slots: Int32Array, slotCount: number, from: number): number {
    const { candidates, doubtful, bits, several, longer } = this
    const { found } = this.fired
    const { sum } = this.sums
    const { slots: firsts, slotBounds } = this.view
    let { doubtfulCount } = this
    let { count: firedCount } = this.fired
    let longerCount = 0
    let count = from
    for (let i = 0; i < slotCount; i++) {
      const slot = slots[i] as number
      const value = sum[slot] as number
      const at = slot * slotStride
      const rule = firsts[at + slotRule] as number
      const want = firsts[at + slotWant] as number
      const isWithin = Number((slotBounds[slot * slotBoundsStride + slotLow] as number) <= value)
      const isDoubtful = Number((several & want) !== 0)
      const passes = isWithin & Number((bits & want) === want)
      candidates[count] = slot * 2
      count += isWithin & Number(want !== 0)
      doubtful[doubtfulCount] = rule >> 1
      doubtfulCount += passes & isDoubtful
      found[firedCount] = rule >> 1
      firedCount += passes & (isDoubtful ^ 1)
      longer[longerCount] = slot
      longerCount += rule & 1
    }
    this.doubtfulCount = doubtfulCount
    this.fired.count = firedCount
    return this.reachRest(longerCount, count)
  }

  // The other entries of the `longer` slots.
  private reachRest(longerCount: number, from: number): number {
    const { candidates, doubtful, bits, several, longer } = this
    const { found } = this.fired
    const { sum } = this.sums
    const { slotBounds, entryStart, entries, bounds } = this.view
    let { doubtfulCount } = this
    let { count: firedCount } = this.fired
    let count = from
    for (let i = 0; i < longerCount; i++) {
      const slot = longer[i] as number
      const value = sum[slot] as number
      const isFirstDone = slotBounds[slot * slotBoundsStride + slotLow] !== Number.POSITIVE_INFINITY
      const start = (entryStart[slot] as number) + Number(isFirstDone)
      let end = entryStart[slot + 1] as number
      if (end - start > manyEntries) end = this.firstAbove(value, start, end)
      for (let entry = start; entry < end; entry++) {
        const at = entry * entryStride
        const rule = entries[at + entryRule] as number
        const care = entries[at + entryCare] as number
        const want = entries[at + entryWant] as number
        const isWithin =
          Number((bounds[entry * boundsStride + boundsLow] as number) <= value) &
          Number(value <= (bounds[entry * boundsStride + boundsHigh] as number))
        const isDoubtful = Number((several & want) !== 0)
        const passes = isWithin & Number((bits & care) === want)
        candidates[count] = entry * 2 + 1
        count += isWithin & Number(care !== 0)
        doubtful[doubtfulCount] = rule
        doubtfulCount += passes & isDoubtful
        found[firedCount] = rule
        firedCount += passes & (isDoubtful ^ 1)
      }
    }
    this.doubtfulCount = doubtfulCount
    this.fired.count = firedCount
    return count
  }

  // Entries stand by growing lower bound: the first that `value` does not reach.
  private firstAbove(value: number, start: number, end: number): number {
    const { bounds } = this.view
    let low = start
    let high = end
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((bounds[middle * boundsStride + boundsLow] as number) <= value) low = middle + 1
      else high = middle
    }
    return low
  }

  // false: past `budget` steps.
  private confirmDoubtful(budget: number): boolean {
    const { doubtful, doubtfulCount, meter } = this
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
      if (this.fired.add(rule)) this.addOpen(rule)
      return
    }
    let times = 1
    for (let i = factorStart[rule] as number; i < (factorStart[rule + 1] as number); i++) {
      times *= this.sums.valueOf(factorSlot[i] as number)
    }
    if (times === 0 || !this.fired.add(rule) || times === 1) return
    this.meter.steps += insertSteps * times
    this.setTimes(rule, times)
  }

  private setTimes(rule: number, times: number): void {
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

  private drop(): false {
    this.fired.take()
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

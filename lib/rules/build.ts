// Builds the program of a rule base: which rules are found by which slots, and what is left to check when they are.
import { CodeWriter, isNegated, type Literal, positionOf } from './code.ts'
import { guardOf } from './guard.ts'
import type { RuleIr } from './ir.ts'
import { byOwner, FloatList, IntList, indexes } from './lists.ts'
import { isScanned, packSelections } from './pack.ts'
import { code, type Program, ruleFlag } from './program.ts'
import { Selections } from './selections.ts'
import type { Stratum } from './stratify.ts'
import type { Steps } from './values.ts'

export type BuildOptions = {
  clock: { fact: string; steps: Steps }
  focus: string | undefined
  isVolatile: (type: string, steps: Steps) => boolean
}

const maxBits = 31
const infinity = Number.POSITIVE_INFINITY

export class ProgramBuilder {
  private readonly options: BuildOptions
  private readonly selections: Selections
  private readonly writer = new CodeWriter()
  private readonly conditionStart = new IntList()
  private readonly conditionCode = new IntList()
  private readonly ruleFrom = new FloatList()
  private readonly ruleUntil = new FloatList()
  private readonly isOpen = new IntList()
  private readonly factorStart = new IntList()
  private readonly factorSlot = new IntList()
  private readonly entrySlot = new IntList()
  private readonly entryRule = new IntList()
  private readonly entryLow = new FloatList()
  private readonly entryHigh = new FloatList()
  private readonly entryCare = new IntList()
  private readonly entryWant = new IntList()
  private readonly unindexed = new IntList()
  private ruleCount = 0
  private slotCosts: Float64Array = new Float64Array(0)
  /** Bit -> its atom, and the other way round, or -1. */
  private bitAtom: Int32Array = new Int32Array(0)
  private atomBit: Int32Array = new Int32Array(0)

  constructor(options: BuildOptions) {
    this.options = options
    this.selections = new Selections(options.isVolatile)
  }

  add(rule: RuleIr): void {
    const guard = guardOf(rule, this.selections.slotOf, this.options.clock)
    this.ruleCount++
    this.ruleFrom.push(guard.from)
    this.ruleUntil.push(guard.until)
    this.isOpen.push(guard.open ? 1 : 0)
    this.factorStart.push(this.factorSlot.length)
    for (const slot of guard.factors) this.factorSlot.push(slot)
    this.conditionStart.push(this.conditionCode.length)
    for (const part of guard.conditions) this.conditionCode.push(this.writer.emit(part))
  }

  /** Rules of `strata` read inserted facts, and so are none of the index's business. */
  finish(strata: readonly Stratum[], calls: Iterable<string>): Program {
    this.conditionStart.push(this.conditionCode.length)
    this.factorStart.push(this.factorSlot.length)
    // Where the code of the last rule's conditions ends.
    this.conditionCode.push(this.writer.code.length)
    const flags = new Uint8Array(this.ruleCount)
    for (const { rules } of strata) for (const rule of rules) flags[rule] = ruleFlag.chained
    this.slotCosts = this.costs()
    this.chooseBits(flags)
    const restCode = new Int32Array(this.ruleCount).fill(-1)
    for (let rule = 0; rule < this.ruleCount; rule++) {
      if (flags[rule] === ruleFlag.chained) continue
      const { rest, care, want } = this.place(rule)
      restCode[rule] = rest
      const hasBitFactors = this.factorsAreWanted(rule, care & want)
      flags[rule] = (this.isOpen.at(rule) * ruleFlag.open) | (hasBitFactors ? ruleFlag.bitFactors : 0)
    }
    const { slots, numberSlots } = this.packSlots()
    return {
      ...this.packEntries(numberSlots),
      ...this.packRules(restCode, flags),
      factorSlot: numberSlots(this.factorSlot),
      ...slots,
      strata,
      calls: [...calls],
    }
  }

  // ---------------------------------------------------------------------------------------------------- finding

  // What must hold for the rule to fire, without what is said twice: a sum above zero tells that a fact matches.
  private literalsOf(rule: number): Literal[] {
    const literals: Literal[] = []
    for (let i = this.conditionStart.at(rule); i < this.conditionStart.at(rule + 1); i++) {
      this.writer.literalsOf(this.conditionCode.at(i), false, literals)
    }
    const { atomLow, code: written } = this.writer
    const summed: number[] = []
    for (const literal of literals) {
      const at = positionOf(literal)
      if (isNegated(literal) || written.at(at) !== code.atom || !(atomLow.at(written.at(at + 1)) > 0)) continue
      summed.push(this.selectionAt(at))
    }
    if (summed.length === 0) return literals
    return literals.filter((literal) => {
      const at = positionOf(literal)
      return isNegated(literal) || written.at(at) !== code.match || !summed.includes(this.selectionAt(at))
    })
  }

  // Of the atom whose code is there.
  private selectionAt(at: number): number {
    return this.selections.slotSelection.at(this.writer.atomSlot.at(this.writer.code.at(at + 1)))
  }

  // The literal whose slots are the least dear to find the rule by, or undefined.
  private finderOf(literals: readonly Literal[]): Literal | undefined {
    let best: Literal | undefined
    let least = infinity
    for (const literal of literals) {
      const cost = isNegated(literal) ? infinity : this.findingCost(positionOf(literal))
      if (cost >= least) continue
      best = literal
      least = cost
    }
    return best
  }

  // What it costs to find rules by slots one of which must have met a fact for the code to say yes; infinite when
  // there are none.
  private findingCost(at: number): number {
    const { code: written, atomSlot, atomLow, atomHigh } = this.writer
    const operation = written.at(at)
    if (operation === code.atom || operation === code.match) {
      const atom = written.at(at + 1)
      const [low, high] = [atomLow.at(atom), atomHigh.at(atom)]
      return low > 0 || high < 0 || low > high ? (this.slotCosts[atomSlot.at(atom)] as number) : infinity
    }
    if (operation !== code.and && operation !== code.or) return infinity
    const costs = this.writer.partsOf(at).map((part) => this.findingCost(part))
    if (operation === code.and || costs.length === 0) return Math.min(...costs)
    return costs.reduce((sum, cost) => sum + cost)
  }

  // The slots of which `findingCost` tells the cost.
  private slotsFinding(at: number, slots = new Set<number>()): Set<number> {
    const { code: written, atomSlot } = this.writer
    const operation = written.at(at)
    if (operation === code.or) for (const part of this.writer.partsOf(at)) this.slotsFinding(part, slots)
    else if (operation === code.and) {
      const parts = this.writer.partsOf(at)
      const costs = parts.map((part) => this.findingCost(part))
      const cheapest = parts[costs.indexOf(Math.min(...costs))]
      if (cheapest !== undefined) this.slotsFinding(cheapest, slots)
    } else slots.add(atomSlot.at(written.at(at + 1)))
    return slots
  }

  // How dear it is to find rules by a slot: facts of the type in focus first, what is looked up before what is scanned
  // for, what few rules ask for before what many do.
  private costs(): Float64Array {
    const { slotSelection, type, types } = this.selections
    const { focus } = this.options
    const costs = new Float64Array(slotSelection.length)
    for (let slot = 0; slot < costs.length; slot++) {
      const selection = slotSelection.at(slot)
      const isInFocus = focus === undefined || types[type.at(selection)] === focus
      const scanCost = isScanned(this.selections, selection) ? 1e6 : 0
      costs[slot] = (isInFocus ? 0 : 1e12) + scanCost + (this.writer.slotUses[slot] ?? 0)
    }
    return costs
  }

  // The atoms that most rules ask for beside what they are found by become bits of one integer.
  private chooseBits(flags: Uint8Array): void {
    const uses = new Int32Array(this.writer.atomSlot.length)
    for (let rule = 0; rule < this.ruleCount; rule++) {
      if (flags[rule] === ruleFlag.chained) continue
      const literals = this.literalsOf(rule)
      const finder = this.finderOf(literals)
      for (const literal of literals) {
        const atom = this.writer.atomAt(positionOf(literal))
        if (atom >= 0 && literal !== finder) uses[atom] = (uses[atom] as number) + 1
      }
    }
    const asked = indexes(uses.length).filter((atom) => (uses[atom] as number) > 0)
    asked.sort((a, b) => (uses[b] as number) - (uses[a] as number) || a - b)
    this.bitAtom = asked.slice(0, maxBits)
    this.atomBit = new Int32Array(uses.length).fill(-1)
    for (const [bit, atom] of this.bitAtom.entries()) this.atomBit[atom] = bit
  }

  // Hangs the rule on its slots. `rest`: code of what is left to check, or -1.
  private place(rule: number): { rest: number; care: number; want: number } {
    const literals = this.literalsOf(rule)
    const finder = this.finderOf(literals)
    if (finder === undefined) {
      this.unindexed.push(rule)
      return { rest: this.emitRest(literals), care: 0, want: 0 }
    }
    const found = this.writer.atomAt(positionOf(finder))
    let care = 0
    let want = 0
    const rest: Literal[] = []
    for (const literal of literals) {
      if (literal === finder && found >= 0) continue
      const atom = this.writer.atomAt(positionOf(literal))
      const bit = atom < 0 ? -1 : (this.atomBit[atom] as number)
      // Asked to hold and not to hold, one of them stays to be checked, and fails.
      const isTaken = bit >= 0 && (care & (1 << bit)) !== 0
      if (bit < 0 || isTaken) rest.push(literal)
      else {
        care |= 1 << bit
        if (!isNegated(literal)) want |= 1 << bit
      }
    }
    for (const slot of this.slotsFinding(positionOf(finder))) {
      this.entrySlot.push(slot)
      this.entryRule.push(rule)
      this.entryLow.push(found < 0 ? -infinity : this.writer.atomLow.at(found))
      this.entryHigh.push(found < 0 ? infinity : this.writer.atomHigh.at(found))
      this.entryCare.push(care)
      this.entryWant.push(want)
    }
    return { rest: this.emitRest(rest), care, want }
  }

  // Windows are checked by themselves, and what is unknown stays so.
  private emitRest(literals: readonly Literal[]): number {
    const rest = literals.filter((literal) => {
      const operation = this.writer.code.at(positionOf(literal))
      const isTrue = operation === code.true && !isNegated(literal)
      return operation !== code.unknown && operation !== code.window && !isTrue
    })
    return rest.length === 0 ? -1 : this.writer.emitAll(rest)
  }

  // Whether the bits wanted say of each slot that the rule multiplies that it counts at least one fact.
  private factorsAreWanted(rule: number, want: number): boolean {
    for (let i = this.factorStart.at(rule); i < this.factorStart.at(rule + 1); i++) {
      if (!this.isWanted(this.factorSlot.at(i), want)) return false
    }
    return true
  }

  private isWanted(slot: number, want: number): boolean {
    const { atomSlot, atomLow } = this.writer
    for (let left = want; left !== 0; left &= left - 1) {
      const atom = this.bitAtom[31 - Math.clz32(left & -left)] as number
      if (atomSlot.at(atom) === slot && atomLow.at(atom) >= 1) return true
    }
    return false
  }

  // ---------------------------------------------------------------------------------------------------- packing

  private packRules(restCode: Int32Array, ruleFlags: Uint8Array) {
    const { writer } = this
    const moments = new Set<number>()
    for (const list of [this.ruleFrom, this.ruleUntil]) {
      for (let rule = 0; rule < this.ruleCount; rule++) if (Number.isFinite(list.at(rule))) moments.add(list.at(rule))
    }
    return {
      code: writer.code.toArray(),
      conditionStart: this.conditionStart.toArray(),
      conditionCode: this.conditionCode.toArray(),
      restCode,
      factorStart: this.factorStart.toArray(),
      ruleFrom: this.ruleFrom.toArray(),
      ruleUntil: this.ruleUntil.toArray(),
      ruleFlags,
      windowFrom: writer.windowFrom.toArray(),
      windowUntil: writer.windowUntil.toArray(),
      unindexed: this.unindexed.toArray(),
      boundaries: Float64Array.from(moments).sort(),
    }
  }

  private packEntries(numberSlots: (slots: IntList) => Int32Array) {
    const low = this.entryLow.toArray()
    const slots = numberSlots(this.entrySlot)
    const { start, items: order } = byOwner(slots, indexes(slots.length), this.selections.slotSelection.length)
    for (let slot = 0; slot + 1 < start.length; slot++) {
      const from = start[slot] as number
      const end = start[slot + 1] as number
      if (end - from > 1) order.subarray(from, end).sort((a, b) => (low[a] as number) - (low[b] as number) || a - b)
    }
    return {
      entryStart: start,
      entryRule: this.entryRule.inOrder(order),
      entryLow: this.entryLow.inOrder(order),
      entryHigh: this.entryHigh.inOrder(order),
      entryCare: this.entryCare.inOrder(order),
      entryWant: this.entryWant.inOrder(order),
    }
  }

  private packSlots() {
    const { writer } = this
    const { bitAtom } = this
    const driving = new Uint8Array(this.selections.slotSelection.length)
    for (const slot of this.entrySlot.toArray()) driving[slot] = 1
    for (const atom of bitAtom) driving[writer.atomSlot.at(atom)] = 1
    const { packed, slotNumber } = packSelections(this.selections, driving)
    const numberSlots = (slots: IntList): Int32Array => slots.toArray().map((slot) => slotNumber[slot] as number)
    const slots = {
      ...packed,
      bitAtom,
      atomSlot: numberSlots(writer.atomSlot),
      atomLow: writer.atomLow.toArray(),
      atomHigh: writer.atomHigh.toArray(),
      atomBound: writer.atomBound.toArray(),
    }
    return { slots, numberSlots }
  }
}

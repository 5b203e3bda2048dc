// Builds the program of a rule base: which rules are found by which slots, and what is left to check when they are.
import { CodeWriter, type Literal } from './code.ts'
import { guardOf } from './guard.ts'
import type { RuleIr } from './ir.ts'
import { byOwner, FloatList, IntList } from './lists.ts'
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

/** Slots one of which must have met a fact for a rule to fire, and how many other rules ask for them. */
type Finder = { slots: readonly number[]; cost: number; literal: Literal }

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
  /** Atom -> its bit. */
  private readonly bits = new Map<number, number>()

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
      const hasBitFactors = this.factorsOf(rule).every((slot) => this.isWanted(slot, care & want))
      flags[rule] = (this.isOpen.at(rule) * ruleFlag.open) | (hasBitFactors ? ruleFlag.bitFactors : 0)
    }
    return {
      ...this.packEntries(),
      ...this.packRules(restCode, flags),
      ...this.packSlots(),
      strata,
      calls: [...calls],
    }
  }

  private factorsOf(rule: number): number[] {
    const slots: number[] = []
    for (let i = this.factorStart.at(rule); i < this.factorStart.at(rule + 1); i++) slots.push(this.factorSlot.at(i))
    return slots
  }

  // ---------------------------------------------------------------------------------------------------- finding

  // What must hold for the rule to fire, without what is said twice: a sum above zero tells that a fact matches.
  private literalsOf(rule: number): Literal[] {
    const literals: Literal[] = []
    for (let i = this.conditionStart.at(rule); i < this.conditionStart.at(rule + 1); i++) {
      this.writer.literalsOf(this.conditionCode.at(i), false, literals)
    }
    const { atomSlot, atomLow, code: written } = this.writer
    const { slotSelection } = this.selections
    const summed = literals.filter(
      ({ at, atom, negated }) => atom >= 0 && !negated && written.at(at) === code.atom && atomLow.at(atom) > 0,
    )
    if (summed.length === 0) return literals
    const selections = new Set(summed.map(({ atom }) => slotSelection.at(atomSlot.at(atom))))
    return literals.filter(
      ({ at, atom, negated }) =>
        negated || written.at(at) !== code.match || !selections.has(slotSelection.at(atomSlot.at(atom))),
    )
  }

  private finderOf(literals: readonly Literal[]): Finder | undefined {
    let best: Finder | undefined
    for (const literal of literals) {
      if (literal.negated) continue
      const found = this.slotsFinding(literal.at)
      if (found !== undefined && (best === undefined || found.cost < best.cost)) best = { ...found, literal }
    }
    return best
  }

  // Slots one of which must have met a fact for the code to say yes.
  private slotsFinding(at: number): Omit<Finder, 'literal'> | undefined {
    const { code: written, atomSlot, atomLow, atomHigh } = this.writer
    const operation = written.at(at)
    if (operation === code.atom || operation === code.match) {
      const atom = written.at(at + 1)
      const slot = atomSlot.at(atom)
      const [low, high] = [atomLow.at(atom), atomHigh.at(atom)]
      return low > 0 || high < 0 || low > high ? { slots: [slot], cost: this.slotCosts[slot] as number } : undefined
    }
    if (operation !== code.and && operation !== code.or) return undefined
    const parts = this.writer.partsOf(at).map((part) => this.slotsFinding(part))
    if (operation === code.and) {
      const found = parts.filter((part) => part !== undefined)
      return found.reduce<(typeof found)[number] | undefined>((a, b) => (a && a.cost <= b.cost ? a : b), undefined)
    }
    if (parts.length === 0 || parts.includes(undefined)) return undefined
    const slots = new Set(parts.flatMap((part) => part?.slots ?? []))
    return { slots: [...slots], cost: parts.reduce((cost, part) => cost + (part?.cost ?? 0), 0) }
  }

  // How dear it is to find rules by a slot: facts of the type in focus first, what is looked up before what is scanned
  // for, what few rules ask for before what many do.
  private costs(): Float64Array {
    const { slotSelection, type, types, count } = this.selections
    const { focus } = this.options
    const scanned = Array.from({ length: count }, (_, selection) => isScanned(this.selections, selection))
    const costs = new Float64Array(slotSelection.length)
    for (let slot = 0; slot < costs.length; slot++) {
      const selection = slotSelection.at(slot)
      const isInFocus = focus === undefined || types[type.at(selection)] === focus
      costs[slot] = (isInFocus ? 0 : 1e12) + (scanned[selection] ? 1e6 : 0) + (this.writer.slotUses[slot] ?? 0)
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
        if (literal.atom >= 0 && literal !== finder?.literal) uses[literal.atom] = (uses[literal.atom] as number) + 1
      }
    }
    const asked = Array.from(uses.keys()).filter((atom) => (uses[atom] as number) > 0)
    asked.sort((a, b) => (uses[b] as number) - (uses[a] as number) || a - b)
    for (const [bit, atom] of asked.slice(0, maxBits).entries()) this.bits.set(atom, bit)
  }

  // Hangs the rule on its slots. `rest`: code of what is left to check, or -1.
  private place(rule: number): { rest: number; care: number; want: number } {
    const literals = this.literalsOf(rule)
    const finder = this.finderOf(literals)
    if (finder === undefined) {
      this.unindexed.push(rule)
      return { rest: this.emitRest(literals), care: 0, want: 0 }
    }
    let care = 0
    let want = 0
    const rest: Literal[] = []
    for (const literal of literals) {
      if (literal === finder.literal && literal.atom >= 0) continue
      const bit = this.bits.get(literal.atom)
      // Asked to hold and not to hold, one of them stays to be checked, and fails.
      const isTaken = bit !== undefined && (care & (1 << bit)) !== 0
      if (bit === undefined || isTaken) rest.push(literal)
      else {
        care |= 1 << bit
        if (!literal.negated) want |= 1 << bit
      }
    }
    const { atom } = finder.literal
    for (const slot of finder.slots) {
      this.entrySlot.push(slot)
      this.entryRule.push(rule)
      this.entryLow.push(atom < 0 ? -infinity : this.writer.atomLow.at(atom))
      this.entryHigh.push(atom < 0 ? infinity : this.writer.atomHigh.at(atom))
      this.entryCare.push(care)
      this.entryWant.push(want)
    }
    return { rest: this.emitRest(rest), care, want }
  }

  // Windows are checked by themselves, and what is unknown stays so.
  private emitRest(literals: readonly Literal[]): number {
    const rest = literals.filter(({ at, negated }) => {
      const operation = this.writer.code.at(at)
      return operation !== code.unknown && operation !== code.window && (operation !== code.true || negated)
    })
    return rest.length === 0 ? -1 : this.writer.emitAll(rest)
  }

  // Whether the bits wanted say that the slot counts at least one fact.
  private isWanted(slot: number, want: number): boolean {
    if (want === 0) return false
    for (const [atom, bit] of this.bits) {
      if ((want & (1 << bit)) === 0 || this.writer.atomSlot.at(atom) !== slot) continue
      if (this.writer.atomLow.at(atom) >= 1) return true
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
      factorSlot: this.factorSlot.toArray(),
      ruleFrom: this.ruleFrom.toArray(),
      ruleUntil: this.ruleUntil.toArray(),
      ruleFlags,
      windowFrom: writer.windowFrom.toArray(),
      windowUntil: writer.windowUntil.toArray(),
      unindexed: this.unindexed.toArray(),
      boundaries: Float64Array.from(moments).sort(),
    }
  }

  private packEntries() {
    const low = this.entryLow.toArray()
    const places = Int32Array.from(low, (_, place) => place)
    const { start, items: order } = byOwner(this.entrySlot.toArray(), places, this.selections.slotSelection.length)
    for (let slot = 0; slot + 1 < start.length; slot++) {
      const [from, end] = [start[slot] as number, start[slot + 1] as number]
      if (end - from > 1) order.subarray(from, end).sort((a, b) => (low[a] as number) - (low[b] as number) || a - b)
    }
    const inOrder = (list: IntList): Int32Array => order.map((place) => list.at(place))
    return {
      entryStart: start,
      entryRule: inOrder(this.entryRule),
      entryLow: Float64Array.from(order, (place) => low[place] as number),
      entryHigh: Float64Array.from(order, (place) => this.entryHigh.at(place)),
      entryCare: inOrder(this.entryCare),
      entryWant: inOrder(this.entryWant),
    }
  }

  private packSlots() {
    const { writer } = this
    const bitAtom = new Int32Array(this.bits.size)
    for (const [atom, bit] of this.bits) bitAtom[bit] = atom
    const driving = new Set<number>(this.entrySlot.toArray())
    for (const atom of bitAtom) driving.add(writer.atomSlot.at(atom))
    return {
      ...packSelections(this.selections, driving),
      bitAtom,
      atomSlot: writer.atomSlot.toArray(),
      atomLow: writer.atomLow.toArray(),
      atomHigh: writer.atomHigh.toArray(),
      atomBound: writer.atomBound.toArray(),
    }
  }
}

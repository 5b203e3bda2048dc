// Builds the program of a rule base: which rules are found by which slots, and what is left to check when they are.

import { type Guard, guardOf, type RuleGuard } from './guard.ts'
import { byOwner, IntList } from './lists.ts'
import { isScanned, packSelections } from './pack.ts'
import type { ParsedRule } from './parse.ts'
import { code, type Program, ruleFlag } from './program.ts'
import { Selections } from './selections.ts'
import type { Stratum } from './stratify.ts'
import type { Steps } from './values.ts'

export type BuildOptions = {
  clock: { fact: string; steps: Steps }
  focus: string | undefined
  isVolatile: (type: string, steps: Steps) => boolean
}

type Atom = { op: 'atom' | 'match'; slot: number; low: number; high: number; bound: number }
type Window = { from: number; until: number }
/** One of the things that must hold for a rule to fire. */
type Literal = { guard: Guard; atom: Atom | undefined; negated: boolean }

const maxBits = 31
const infinity = Number.POSITIVE_INFINITY

export class ProgramBuilder {
  private readonly options: BuildOptions
  private readonly selections: Selections
  private readonly calls = new Set<string>()
  private readonly guards: (RuleGuard | undefined)[] = []
  private readonly code = new IntList()
  private readonly conditionStart = new IntList()
  private readonly conditionCode = new IntList()
  private readonly atoms: Atom[] = []
  private readonly atomNumbers = new Map<string, number>()
  private readonly windows: Window[] = []
  private readonly windowNumbers = new Map<string, number>()
  private readonly entries: { slot: number; rule: number; low: number; high: number; care: number; want: number }[] = []
  private readonly unindexed = new IntList()
  private readonly bitFactors = new Set<number>()
  private popularity: Int32Array = new Int32Array(0)
  private scannedSelections: Uint8Array = new Uint8Array(0)
  private bits = new Map<number, number>()

  constructor(options: BuildOptions) {
    this.options = options
    this.selections = new Selections(options.isVolatile)
  }

  add(rule: ParsedRule): void {
    for (const call of rule.calls) this.calls.add(call)
    const slotOf = this.selections.slotOf.bind(this.selections)
    const guard = guardOf(rule, slotOf, this.options.clock)
    this.guards.push(guard)
    this.conditionStart.push(this.conditionCode.length)
    for (const part of guard.conditions) this.conditionCode.push(this.emit(part))
  }

  /** Rules of `strata` read inserted facts, and so are none of the index's business. */
  finish(strata: readonly Stratum[]): Program {
    for (const { rules } of strata) for (const rule of rules) this.guards[rule] = undefined
    this.conditionStart.push(this.conditionCode.length)
    // Where the code of the last rule's conditions ends.
    this.conditionCode.push(this.code.length)
    this.scannedSelections = Uint8Array.from(this.selections.list, (selection) => (isScanned(selection) ? 1 : 0))
    const plans = this.guards.map((guard) => guard && this.planOf(guard))
    this.chooseBits(plans)
    const restCode = Int32Array.from(plans, (plan, rule) => this.place(rule, plan))
    return { ...this.packEntries(), ...this.packRules(restCode), ...this.packSlots(), strata, calls: [...this.calls] }
  }

  // ------------------------------------------------------------------------------------------------------- code

  private emit(guard: Guard): number {
    const at = this.code.length
    switch (guard.op) {
      case 'atom':
      case 'match':
        this.code.push(code[guard.op])
        this.code.push(this.atomOf(guard))
        break
      case 'window':
        this.code.push(code.window)
        this.code.push(this.windowOf(guard))
        break
      case 'not':
        this.code.push(code.not)
        this.emit(guard.part)
        break
      case 'and':
      case 'or': {
        this.code.push(code[guard.op])
        const end = this.code.push(0)
        for (const part of guard.parts) this.emit(part)
        this.code.set(end, this.code.length)
        break
      }
      default:
        this.code.push(code[guard.op])
    }
    return at
  }

  private atomOf(atom: Atom): number {
    const key = `${atom.slot}/${atom.low}/${atom.high}/${atom.bound}`
    const known = this.atomNumbers.get(key)
    if (known !== undefined) return known
    this.atomNumbers.set(key, this.atoms.length)
    return this.atoms.push(atom) - 1
  }

  private windowOf(window: Window): number {
    const key = `${window.from}/${window.until}`
    const known = this.windowNumbers.get(key)
    if (known !== undefined) return known
    this.windowNumbers.set(key, this.windows.length)
    return this.windows.push(window) - 1
  }

  // ------------------------------------------------------------------------------------------------------- plans

  // What must hold, taken apart, and by which of it the rule is found.
  private planOf(guard: RuleGuard): Plan {
    const literals = withoutImplied(
      guard.conditions.flatMap((condition) => literalsOf(condition, false)),
      this.selections,
    )
    if (this.popularity.length === 0) this.popularity = this.countSlots()
    let best: Finder | undefined
    for (const literal of literals) {
      const finder = this.finderOf(literal.guard, literal.negated)
      if (finder !== undefined && (best === undefined || finder.cost < best.cost)) best = { ...finder, literal }
    }
    const rest = literals.filter((literal) => literal !== best?.literal || literal.atom === undefined)
    return { guard, finder: best, rest }
  }

  private countSlots(): Int32Array {
    const count = new Int32Array(this.selections.slotSelection.length)
    const visit = (part: Guard): void => {
      if (part.op === 'atom' || part.op === 'match') count[part.slot] = (count[part.slot] as number) + 1
      else if (part.op === 'not') visit(part.part)
      else if (part.op === 'and' || part.op === 'or') part.parts.forEach(visit)
    }
    for (const guard of this.guards) guard?.conditions.forEach(visit)
    return count
  }

  // Slots one of which must have met a fact for the guard to hold.
  private finderOf(guard: Guard, negated: boolean): Finder | undefined {
    if (negated) return undefined
    if (guard.op === 'atom' || guard.op === 'match') {
      const finds = guard.low > 0 || guard.high < 0 || guard.low > guard.high
      return finds ? { slots: [guard.slot], cost: this.costOf(guard.slot) } : undefined
    }
    if (guard.op === 'and') {
      const finders = guard.parts.map((part) => this.finderOf(part, false)).filter((finder) => finder !== undefined)
      return finders.reduce<Finder | undefined>(
        (best, each) => (best && best.cost <= each.cost ? best : each),
        undefined,
      )
    }
    if (guard.op !== 'or') return undefined
    const finders = guard.parts.map((part) => this.finderOf(part, false))
    const slots = new Set<number>()
    let cost = 0
    for (const finder of finders) {
      if (finder === undefined) return undefined
      for (const slot of finder.slots) slots.add(slot)
      cost += finder.cost
    }
    return slots.size === 0 ? undefined : { slots: [...slots], cost }
  }

  private costOf(slot: number): number {
    const selection = this.selections.list[this.selections.slotSelection.at(slot)]
    const type = this.selections.types[selection?.type ?? -1]
    const { focus } = this.options
    const inFocus = focus === undefined || focus === type ? 0 : 1e12
    const scanned = this.scannedSelections[this.selections.slotSelection.at(slot)] ? 1e6 : 0
    return inFocus + scanned + (this.popularity[slot] ?? 0)
  }

  // The atoms that most rules ask beside what they are found by become bits of one integer.
  private chooseBits(plans: readonly (Plan | undefined)[]): void {
    const uses = new Map<number, number>()
    for (const plan of plans) {
      for (const { atom } of plan?.rest ?? []) {
        if (atom === undefined) continue
        const number = this.atomOf(atom)
        uses.set(number, (uses.get(number) ?? 0) + 1)
      }
    }
    const chosen = [...uses].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, maxBits)
    this.bits = new Map(chosen.map(([atom], bit) => [atom, bit]))
  }

  // Hangs the rule on its slots; the result is the code of what is left to check.
  private place(rule: number, plan: Plan | undefined): number {
    if (plan === undefined) return -1
    let care = 0
    let want = 0
    const rest: Guard[] = []
    for (const { guard, atom, negated } of plan.rest) {
      const bit = atom && this.bits.get(this.atomOf(atom))
      if (bit === undefined) {
        if (guard.op !== 'window') rest.push(negated ? { op: 'not', part: guard } : guard)
        continue
      }
      // Asked to hold and not to hold: it cannot fire.
      if ((care & (1 << bit)) !== 0 && ((want & (1 << bit)) !== 0) === negated) rest.push({ op: 'or', parts: [] })
      care |= 1 << bit
      if (!negated) want |= 1 << bit
    }
    const { finder } = plan
    if (finder === undefined) {
      this.unindexed.push(rule)
      return this.emitRest(plan.rest.map(({ guard, negated }) => (negated ? { op: 'not', part: guard } : guard)))
    }
    const atom = finder.literal?.atom
    for (const slot of finder.slots) {
      const low = atom === undefined ? -infinity : atom.low
      const high = atom === undefined ? infinity : atom.high
      this.entries.push({ slot, rule, low, high, care, want })
    }
    if (plan.guard.factors.every((slot) => this.isWanted(slot, want))) this.bitFactors.add(rule)
    return this.emitRest(rest)
  }

  // Whether the bits wanted say that the slot counts at least one fact.
  private isWanted(slot: number, want: number): boolean {
    for (const [atom, bit] of this.bits) {
      const { op, slot: counted } = this.atoms[atom] as Atom
      if (op === 'match' && counted === slot && (want & (1 << bit)) !== 0) return true
    }
    return false
  }

  private emitRest(rest: readonly Guard[]): number {
    const parts = rest.filter((guard) => guard.op !== 'true' && guard.op !== 'unknown' && guard.op !== 'window')
    if (parts.length === 0) return -1
    return this.emit({ op: 'and', parts })
  }

  // ------------------------------------------------------------------------------------------------------ packing

  private packRules(restCode: Int32Array) {
    const factorOwners = new IntList()
    const factors = new IntList()
    const flags = new Uint8Array(this.guards.length)
    this.guards.forEach((guard, rule) => {
      flags[rule] = this.flagsOf(guard, rule)
      for (const slot of guard?.factors ?? []) {
        factorOwners.push(rule)
        factors.push(slot)
      }
    })
    const { start, items } = byOwner(factorOwners.toArray(), factors.toArray(), this.guards.length)
    const ruleFrom = Float64Array.from(this.guards, (guard) => guard?.from ?? -infinity)
    const ruleUntil = Float64Array.from(this.guards, (guard) => guard?.until ?? infinity)
    const moments = [...ruleFrom, ...ruleUntil].filter(Number.isFinite)
    return {
      code: this.code.toArray(),
      conditionStart: this.conditionStart.toArray(),
      conditionCode: this.conditionCode.toArray(),
      restCode,
      factorStart: start,
      factorSlot: items,
      ruleFrom,
      ruleUntil,
      ruleFlags: flags,
      windowFrom: Float64Array.from(this.windows, ({ from }) => from),
      windowUntil: Float64Array.from(this.windows, ({ until }) => until),
      unindexed: this.unindexed.toArray(),
      boundaries: Float64Array.from(new Set(moments)).sort(),
    }
  }

  private flagsOf(guard: RuleGuard | undefined, rule: number): number {
    if (guard === undefined) return ruleFlag.chained
    return (guard.open ? ruleFlag.open : 0) | (this.bitFactors.has(rule) ? ruleFlag.bitFactors : 0)
  }

  private packEntries() {
    const { entries } = this
    entries.sort((a, b) => a.slot - b.slot || a.low - b.low || a.rule - b.rule)
    const owners = Int32Array.from(entries, ({ slot }) => slot)
    const order = Int32Array.from(entries, (_, i) => i)
    return {
      entryStart: byOwner(owners, order, this.selections.slotSelection.length).start,
      entryRule: Int32Array.from(entries, ({ rule }) => rule),
      entryLow: Float64Array.from(entries, ({ low }) => low),
      entryHigh: Float64Array.from(entries, ({ high }) => high),
      entryCare: Int32Array.from(entries, ({ care }) => care),
      entryWant: Int32Array.from(entries, ({ want }) => want),
    }
  }

  private packSlots() {
    const bitAtom = new Int32Array(this.bits.size)
    for (const [atom, bit] of this.bits) bitAtom[bit] = atom
    const driving = new Set(this.entries.map(({ slot }) => slot))
    for (const atom of bitAtom) driving.add((this.atoms[atom] as Atom).slot)
    return {
      ...packSelections(this.selections, driving),
      bitAtom,
      atomSlot: Int32Array.from(this.atoms, ({ slot }) => slot),
      atomLow: Float64Array.from(this.atoms, ({ low }) => low),
      atomHigh: Float64Array.from(this.atoms, ({ high }) => high),
      atomBound: Float64Array.from(this.atoms, ({ bound }) => bound),
    }
  }
}

type Finder = { slots: readonly number[]; cost: number; literal?: Literal }
type Plan = { guard: RuleGuard; finder: Finder | undefined; rest: readonly Literal[] }

function literalsOf(guard: Guard, negated: boolean): Literal[] {
  if (guard.op === 'not') return literalsOf(guard.part, !negated)
  if (guard.op === (negated ? 'or' : 'and')) return guard.parts.flatMap((part) => literalsOf(part, negated))
  return [{ guard, atom: guard.op === 'atom' || guard.op === 'match' ? guard : undefined, negated }]
}

// A sum above zero says by itself that a fact matches.
function withoutImplied(literals: readonly Literal[], { slotSelection }: Selections): Literal[] {
  const summed = new Set(
    literals.flatMap(({ atom, negated }) =>
      atom?.op === 'atom' && !negated && atom.low > 0 ? [slotSelection.at(atom.slot)] : [],
    ),
  )
  return literals.filter(
    ({ atom, negated }) => atom?.op !== 'match' || negated || !summed.has(slotSelection.at(atom.slot)),
  )
}

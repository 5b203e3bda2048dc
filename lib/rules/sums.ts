// Sums and counts of an evaluation, one number per slot, in the view's records, which all sessions of a base share. What
// an evaluation touched is noted, and cleared when the next begins. Adding takes no branch that depends on the data: a
// processor guesses such branches wrongly half of the time, which costs more than the sums do.
import { type Lookup, type Meter, unbound } from './lookup.ts'
import { nothing, type SlotList, slotsStart } from './memo.ts'
import type { Program } from './program.ts'
import { exactSum } from './sum.ts'
import type { TypeIndex } from './type-index.ts'
import type { Fact } from './types.ts'
import { isNumber, takeWork } from './values.ts'
import { emptyView, noSum, slotBoundsLayout, slotLayout, type View } from './view.ts'

// Copies, which the compiler knows to be constant; imported names it looks up. The sum is the first of a record.
const { stride } = slotBoundsLayout
const { stride: halfStride } = slotLayout

/** What one term of a sum takes that is added up without rounding. */
const stepsOfTerm = 8
/** The upper half of -0. */
const untouched = -0x80000000

export class Sums {
  /** The view's records, in which the sums stand. */
  sum: Float64Array = emptyView.slotBounds
  /** The same memory as integers: the upper half of a sum is its second (little-endian). */
  private halves: Int32Array = emptyView.slots
  /** Slots that have met a fact, the first `touchedCount`. */
  readonly touched: Int32Array
  touchedCount = 0
  /** Whether every sum so far is exact, whatever the order: integers small enough to be added without rounding. */
  isExact = true
  private readonly program: Program
  private readonly lookup: Lookup
  private readonly meter: Meter
  private magnitude = 0
  private facts: readonly Fact[] = []
  /** Slots worked out when first read; 1: it has been. */
  private readonly isPulled: Uint8Array
  private readonly pulled: number[] = []

  constructor(program: Program, lookup: Lookup, meter: Meter) {
    this.program = program
    this.lookup = lookup
    this.meter = meter
    const slotCount = program.slotSelection.length
    // One more, since what was touched before is written too.
    this.touched = new Int32Array(slotCount + 1)
    this.isPulled = new Uint8Array(slotCount)
  }

  /** A new evaluation of these facts. */
  begin({ slots, slotBounds }: View, facts: readonly Fact[]): void {
    this.forget(0)
    this.sum = slotBounds
    this.halves = slots
    this.forgetPulled()
    this.magnitude = 0
    this.isExact = true
    this.facts = facts
  }

  add(fact: Fact, type: TypeIndex, list: SlotList): void {
    const { sum, halves, touched } = this
    const start = slotsStart(list)
    let count = this.touchedCount
    let i = start
    for (let part = 1; part < start; part += 2) {
      const value = this.measure(fact, type, list[part] as number)
      for (const end = list[part + 1] as number; i < end; i++) {
        const slot = list[i] as number
        touched[count] = slot
        count += Number(halves[slot * halfStride + 1] === untouched)
        sum[slot * stride] = (sum[slot * stride] as number) + value
      }
    }
    this.touchedCount = count
  }

  /** Slots touched as number `count` or later are untouched again. */
  forget(count: number): void {
    const { sum, touched, touchedCount } = this
    for (let i = count; i < touchedCount; i++) sum[(touched[i] as number) * stride] = noSum
    this.touchedCount = count
  }

  /** Takes back what `add` did to sums, while all are exact. */
  subtract(fact: Fact, type: TypeIndex, list: SlotList): void {
    const { sum } = this
    const start = slotsStart(list)
    let i = start
    for (let part = 1; part < start; part += 2) {
      const value = this.measure(fact, type, list[part] as number)
      for (const end = list[part + 1] as number; i < end; i++) {
        const slot = list[i] as number
        sum[slot * stride] = (sum[slot * stride] as number) - value
      }
    }
  }

  /** The facts changed while the sums were kept up to date: what was worked out is forgotten. */
  changeFacts(facts: readonly Fact[]): void {
    this.facts = facts
    this.forgetPulled()
  }

  private forgetPulled(): void {
    // To shorten a list takes a while, however short it is.
    if (this.pulled.length === 0) return
    for (const slot of this.pulled) this.isPulled[slot] = 0
    this.pulled.length = 0
  }

  valueOf(slot: number): number {
    if (this.program.slotPushed[slot] === 1 || this.isPulled[slot] === 1) return this.sum[slot * stride] as number
    return this.pull(slot)
  }

  /** Adds again, without rounding on the way, what a fraction or a large number went into. false: past `budget` steps. */
  settle(lists: readonly SlotList[], budget: number): boolean {
    if (this.isExact) return true
    const terms = new Map<number, number[]>()
    this.facts.forEach((fact, i) => {
      const type = this.lookup.typeOf(fact)
      if (type !== undefined) this.addTerms(fact, type, lists[i] ?? nothing, terms)
    })
    for (const [slot, numbers] of terms) {
      this.sum[slot * stride] = sumOf(numbers)
      this.meter.steps += stepsOfTerm * numbers.length + takeWork()
      if (this.meter.steps > budget) return false
    }
    return true
  }

  private addTerms(fact: Fact, type: TypeIndex, list: SlotList, terms: Map<number, number[]>): void {
    const start = slotsStart(list)
    let from = start
    for (let part = 1; part < start; part += 2) {
      const measure = list[part] as number
      const slots = list.subarray(from, list[part + 1] as number)
      from += slots.length
      if (measure === 0) continue
      const amount = this.measure(fact, type, measure)
      for (const slot of slots) {
        const known = terms.get(slot)
        if (known === undefined) terms.set(slot, [amount])
        else known.push(amount)
      }
    }
  }

  // What the fact adds to the sums of a measure of its type, by index; to counts, one.
  private measure(fact: Fact, { measures }: TypeIndex, index: number): number {
    if (index === 0) return 1
    const { value, steps } = measures[index - 1] as TypeIndex['measures'][number]
    const amount = value(fact, unbound)
    this.meter.steps += steps
    if (Number.isSafeInteger(amount)) {
      this.magnitude += Math.abs(amount as number)
      if (this.magnitude > Number.MAX_SAFE_INTEGER) this.isExact = false
    } else if (isNumber(amount)) this.isExact = false
    // Not -0, which says something else.
    return isNumber(amount) ? amount + 0 : 0
  }

  private pull(slot: number): number {
    const { program, lookup } = this
    const selection = program.slotSelection[slot] as number
    const index = lookup.measureOf(slot)
    const numbers: number[] = []
    for (const fact of this.facts) {
      const type = lookup.typeOf(fact)
      if (type?.number !== program.selectionType[selection] || !lookup.passesScanned(fact, selection)) continue
      numbers.push(this.measure(fact, type as TypeIndex, index))
    }
    this.isPulled[slot] = 1
    this.sum[slot * stride] = index === 0 ? numbers.length : sumOf(numbers)
    this.meter.steps += this.facts.length + stepsOfTerm * numbers.length + takeWork()
    this.pulled.push(slot)
    return this.sum[slot * stride] as number
  }
}

// A sum too large for a number is none: no comparison holds for NaN.
function sumOf(numbers: readonly number[]): number {
  const total = exactSum(numbers)
  return Number.isFinite(total) ? total : Number.NaN
}

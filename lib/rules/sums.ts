// Sums and counts of an evaluation, one number per slot in typed arrays that all sessions of a base share. A generation
// number tells which of them belong to the evaluation at hand, so nothing is ever cleared.
import type { Lookup, TypeIndex } from './lookup.ts'
import { unbound } from './lookup.ts'
import type { Program } from './program.ts'
import { exactSum } from './sum.ts'
import type { Fact } from './types.ts'
import { isNumber } from './values.ts'

export class Sums {
  readonly sum: Float64Array
  /** Slot -> the generation that its sum belongs to. */
  readonly stamp: Int32Array
  /** Slots that have met a fact in this generation, the first `touchedCount`. */
  readonly touched: Int32Array
  touchedCount = 0
  generation = 0
  /** Whether every sum so far is exact, whatever the order: integers small enough to be added without rounding. */
  isExact = true
  private readonly program: Program
  private readonly lookup: Lookup
  private readonly values: Float64Array
  private magnitude = 0
  private facts: readonly Fact[] = []
  /** Slots worked out when first read. */
  private readonly pulled: number[] = []

  constructor(program: Program, lookup: Lookup) {
    this.program = program
    this.lookup = lookup
    const slotCount = program.slotSelection.length
    this.sum = new Float64Array(slotCount)
    this.stamp = new Int32Array(slotCount)
    this.touched = new Int32Array(slotCount)
    this.values = new Float64Array(program.measures.length)
    this.values[0] = 1
  }

  /** A new evaluation of these facts. */
  begin(facts: readonly Fact[]): void {
    if (this.generation === 0x7fffffff) {
      this.stamp.fill(0)
      this.generation = 0
    }
    this.generation++
    this.touchedCount = 0
    this.magnitude = 0
    this.isExact = true
    this.pulled.length = 0
    this.facts = facts
  }

  add(fact: Fact, type: TypeIndex, slots: Int32Array): void {
    this.measure(fact, type)
    const { sum, stamp, touched, values, generation } = this
    const { slotMeasure } = this.program
    let count = this.touchedCount
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as number
      const value = values[slotMeasure[slot] as number] as number
      if (stamp[slot] === generation) sum[slot] = (sum[slot] as number) + value
      else {
        stamp[slot] = generation
        sum[slot] = value
        touched[count++] = slot
      }
    }
    this.touchedCount = count
  }

  /** Takes back what `add` did, while all sums are exact. */
  subtract(fact: Fact, type: TypeIndex, slots: Int32Array): void {
    this.measure(fact, type)
    const { sum, values } = this
    const { slotMeasure } = this.program
    for (const slot of slots) sum[slot] = (sum[slot] as number) - (values[slotMeasure[slot] as number] as number)
  }

  /** The facts changed while the sums were kept up to date: what was worked out is forgotten. */
  changeFacts(facts: readonly Fact[]): void {
    this.facts = facts
    for (const slot of this.pulled) this.stamp[slot] = this.generation - 1
    this.pulled.length = 0
  }

  valueOf(slot: number): number {
    if (this.stamp[slot] === this.generation) return this.sum[slot] as number
    return this.program.slotPushed[slot] === 1 ? 0 : this.pull(slot)
  }

  /** Adds again, without rounding on the way, what a fraction or a large number went into. */
  settle(slots: readonly Int32Array[]): void {
    if (this.isExact) return
    const terms = new Map<number, number[]>()
    this.facts.forEach((fact, i) => {
      const type = this.lookup.typeOf(fact)
      if (type === undefined) return
      this.measure(fact, type)
      for (const slot of slots[i] ?? []) {
        const measure = this.program.slotMeasure[slot] as number
        if (measure === 0) continue
        const known = terms.get(slot)
        if (known === undefined) terms.set(slot, [this.values[measure] as number])
        else known.push(this.values[measure] as number)
      }
    })
    for (const [slot, numbers] of terms) this.sum[slot] = sumOf(numbers)
  }

  private measure(fact: Fact, { measures }: TypeIndex): void {
    for (const { measure, value } of measures) {
      const amount = value(fact, unbound)
      if (typeof amount === 'number' && Number.isSafeInteger(amount)) {
        this.values[measure] = amount
        this.magnitude += Math.abs(amount)
        if (this.magnitude > Number.MAX_SAFE_INTEGER) this.isExact = false
      } else if (isNumber(amount)) {
        this.values[measure] = amount
        this.isExact = false
      } else this.values[measure] = 0
    }
  }

  private pull(slot: number): number {
    const { program, lookup } = this
    const selection = program.slotSelection[slot] as number
    const measure = program.slotMeasure[slot] as number
    const numbers: number[] = []
    for (const fact of this.facts) {
      const type = lookup.typeOf(fact)
      if (type?.number !== program.selectionType[selection] || !lookup.passesScanned(fact, selection)) continue
      if (measure !== 0) this.measure(fact, type as TypeIndex)
      numbers.push(this.values[measure] as number)
    }
    this.stamp[slot] = this.generation
    this.sum[slot] = measure === 0 ? numbers.length : sumOf(numbers)
    this.pulled.push(slot)
    return this.sum[slot] as number
  }
}

// A sum too large for a number is none: no comparison holds for NaN.
function sumOf(numbers: readonly number[]): number {
  const total = exactSum(numbers)
  return Number.isFinite(total) ? total : Number.NaN
}

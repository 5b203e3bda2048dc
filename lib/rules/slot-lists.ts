// The slots that were found for a fact, made into its list: those that add up the same side by side (see memo.ts).
import type { Meter } from './lookup.ts'
import { nothing, type SlotList } from './memo.ts'
import type { Program } from './program.ts'
import { orderSteps } from './values.ts'

/** So many kinds of sums are told apart by going through the slots once for each. */
const fewMeasures = 4

export class SlotLists {
  /** Slot -> 0 for a count, else one more than the place of its measure among those of its type. */
  readonly measureIndex: Int32Array
  private readonly meter: Meter
  private readonly made: Int32Array
  /** Measure, by its index -> the list of slots that it was last met in. */
  private readonly metIn: Int32Array
  private listNumber = 0

  constructor({ measures, slotSelection, selectionType }: Program, measureIndex: Int32Array, meter: Meter) {
    this.measureIndex = measureIndex
    this.meter = meter
    this.made = new Int32Array(1 + 2 * measures.length + slotSelection.length + selectionType.length + 1)
    this.metIn = new Int32Array(measures.length)
  }

  /** Of the first `foundCount` slots, which may be put in another order, and the selections that are still open. */
  make(found: Int32Array, foundCount: number, volatile: readonly number[]): SlotList {
    const { made } = this
    if (foundCount + volatile.length === 0) return nothing
    const measures = this.measuresFound(found, foundCount)
    made[0] = measures.length
    if (measures.length > fewMeasures) this.makeSorted(measures, found, foundCount)
    else this.makeInTurns(measures, found, foundCount)
    let count = 1 + 2 * measures.length + foundCount
    for (const selection of volatile) made[count++] = selection
    return made.slice(0, count)
  }

  // By index, ascending.
  private measuresFound(found: Int32Array, foundCount: number): number[] {
    const { measureIndex, metIn } = this
    const list = ++this.listNumber
    const met: number[] = []
    for (let i = 0; i < foundCount; i++) {
      const measure = measureIndex[found[i] as number] as number
      if (metIn[measure] === list) continue
      metIn[measure] = list
      met.push(measure)
    }
    return met.sort((a, b) => a - b)
  }

  private makeInTurns(measures: readonly number[], found: Int32Array, foundCount: number): void {
    const { measureIndex, made } = this
    let count = 1 + 2 * measures.length
    for (let part = 0; part < measures.length; part++) {
      const measure = measures[part] as number
      // What is of another measure is written too, and then over.
      for (let i = 0; i < foundCount; i++) {
        const slot = found[i] as number
        made[count] = slot
        count += Number(measureIndex[slot] === measure)
      }
      made[1 + 2 * part] = measure
      made[2 + 2 * part] = count
    }
  }

  private makeSorted(measures: readonly number[], found: Int32Array, foundCount: number): void {
    const { measureIndex, made } = this
    const indexOf = (slot: number): number => measureIndex[slot] as number
    const slots = found.subarray(0, foundCount).sort((a, b) => indexOf(a) - indexOf(b))
    this.meter.steps += orderSteps(foundCount)
    const start = 1 + 2 * measures.length
    made.set(slots, start)
    let count = 0
    measures.forEach((measure, part) => {
      while (count < foundCount && indexOf(slots[count] as number) === measure) count++
      made[1 + 2 * part] = measure
      made[2 + 2 * part] = start + count
    })
  }
}

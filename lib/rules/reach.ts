// From sums to entries: which of those that hang on slots hold, by their bounds and by bits. No branch here depends on a
// comparison: what does not count is written over by what comes next.
import { FiredRules } from './fired-rules.ts'
import type { Program } from './program.ts'
import { boundsLayout, confirmBit, emptyView, entryLayout, slotBoundsLayout, slotLayout, type View } from './view.ts'

// Copies, which the compiler knows to be constant; imported names it looks up.
const { stride: entryStride, rule: entryRule, care: entryCare, want: entryWant } = entryLayout
const confirm = confirmBit
const { stride: boundsStride, low: boundsLow, high: boundsHigh } = boundsLayout
const { stride: slotStride, rule: slotRule, want: slotWant, more: slotMore, end: slotEnd } = slotLayout
const { stride: slotBoundsStride, sum: slotSum, low: slotLow } = slotBoundsLayout

/** So many entries of one slot are searched for the last that its value reaches. */
const manyEntries = 64

export class Reach {
  readonly fired: FiredRules
  /** Bit b: whether the atom `bitAtom[b]` holds. */
  bits = 0
  /** Bit b: the slot of `bitAtom[b]` counts several facts. */
  several = 0
  /**
   * Entries whose bounds hold while more decides on them; when only bits change, only they need another look. First slots of
   * which it is the first entry, up to `firstCount`, then other entries.
   */
  candidates: Int32Array = new Int32Array(64)
  firstCount = 0
  /** Rules of entries whose bits hold too, but which need a closer look; the others have fired. */
  doubtful: Int32Array = new Int32Array(64)
  doubtfulCount = 0
  private view: View = emptyView
  /** Of the atoms of bits. */
  private readonly bitSlots: Int32Array
  private readonly bitLows: Float64Array
  private readonly bitHighs: Float64Array
  /** Slots with other entries than the first, of those at hand. */
  private readonly longer: Int32Array

  constructor({ ruleFlags, bitAtom, atomSlot, atomLow, atomHigh, slotSelection }: Program) {
    this.fired = new FiredRules(ruleFlags.length)
    this.bitSlots = bitAtom.map((atom) => atomSlot[atom] as number)
    this.bitLows = Float64Array.from(bitAtom, (atom) => atomLow[atom] as number)
    this.bitHighs = Float64Array.from(bitAtom, (atom) => atomHigh[atom] as number)
    this.longer = new Int32Array(slotSelection.length + 1)
  }

  /** Before sums are looked at, and again whenever they have changed. */
  begin(view: View): void {
    this.view = view
    // Twice: candidates kept and those of a change; one more, since what is passed over is written too.
    const room = (view.entries.length / entryStride) * 2 + 1
    if (this.candidates.length < room) {
      this.candidates = new Int32Array(room)
      this.doubtful = new Int32Array(room)
    }
    this.doubtfulCount = 0
    this.readBits()
  }

  private readBits(): void {
    const { bitSlots, bitLows, bitHighs } = this
    const { slotBounds } = this.view
    let bits = 0
    let several = 0
    for (let bit = 0; bit < bitSlots.length; bit++) {
      // Slots of bits are kept up to date.
      const value = slotBounds[(bitSlots[bit] as number) * slotBoundsStride + slotSum] as number
      bits |= (Number(value >= (bitLows[bit] as number)) & Number(value <= (bitHighs[bit] as number))) << bit
      several |= Number(value > 1) << bit
    }
    this.bits = bits | confirm
    this.several = several | confirm
  }

  /**
   * Looks at the entries of these slots. Those whose bounds hold while more decides on them are appended to the candidates,
   * from `from` on, of which it answers the new count; rules of those whose bounds and bits hold fire, or are doubtful.
   */
  reach(slots: Int32Array, slotCount: number, from: number): number {
    const { candidates, doubtful, bits, several, longer } = this
    const { found } = this.fired
    const { slots: firsts, slotBounds } = this.view
    let { doubtfulCount } = this
    let { count: firedCount } = this.fired
    let longerCount = 0
    let count = from
    for (let i = 0; i < slotCount; i++) {
      const slot = slots[i] as number
      const value = slotBounds[slot * slotBoundsStride + slotSum] as number
      const at = slot * slotStride
      const rule = firsts[at + slotRule] as number
      const want = firsts[at + slotWant] as number
      const isWithin = Number((slotBounds[slot * slotBoundsStride + slotLow] as number) <= value)
      const isDoubtful = Number((several & want) !== 0)
      const passes = isWithin & Number((bits & want) === want)
      candidates[count] = slot
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
    this.firstCount = count
    return this.reachRest(longerCount, count)
  }

  // The other entries of the `longer` slots.
  private reachRest(longerCount: number, from: number): number {
    const { candidates, doubtful, bits, several, longer } = this
    const { found } = this.fired
    const { slots, slotBounds, entries, bounds } = this.view
    let { doubtfulCount } = this
    let { count: firedCount } = this.fired
    let count = from
    for (let i = 0; i < longerCount; i++) {
      const slot = longer[i] as number
      const value = slotBounds[slot * slotBoundsStride + slotSum] as number
      const start = slots[slot * slotStride + slotMore] as number
      let end = slots[slot * slotStride + slotEnd] as number
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
        candidates[count] = entry
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

  /** An entry whose bounds and bits hold: its rule fires, or is doubtful. */
  pass(rule: number, want: number): void {
    if ((this.several & want) !== 0) this.doubtful[this.doubtfulCount++] = rule
    else this.fired.addNew(rule)
  }
}

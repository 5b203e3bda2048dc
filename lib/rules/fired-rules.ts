// The rules that an evaluation finds to fire: a set of rule numbers, taken in ascending order.
import { sortFew } from './lists.ts'

/** So many rules are sorted by themselves. */
const fewFired = 32
const noRules = new Int32Array(0)

export class FiredRules {
  /** A bit for each rule; cleared as they are taken. */
  private readonly bits: Int32Array
  /** The same rules, in the order in which they were found. */
  private readonly found: Int32Array
  private count = 0

  constructor(ruleCount: number) {
    this.bits = new Int32Array((ruleCount + 31) >>> 5)
    this.found = new Int32Array(ruleCount)
  }

  /** A rule of which the caller knows that it is not there yet. */
  addNew(rule: number): void {
    this.bits[rule >>> 5] = (this.bits[rule >>> 5] as number) | (1 << (rule & 31))
    this.found[this.count++] = rule
  }

  /** false when the rule was found before, by another of its slots. */
  add(rule: number): boolean {
    if (((this.bits[rule >>> 5] as number) & (1 << (rule & 31))) !== 0) return false
    this.addNew(rule)
    return true
  }

  /** Empties the set. Ascending: few rules are sorted, many are read from their bits. */
  take(): Int32Array {
    const { bits, found, count: firedCount } = this
    this.count = 0
    if (firedCount === 0) return noRules
    if (firedCount <= fewFired && firedCount < bits.length) {
      for (let i = 0; i < firedCount; i++) bits[(found[i] as number) >>> 5] = 0
      sortFew(found, firedCount)
      return found.slice(0, firedCount)
    }
    let count = 0
    for (let word = 0; word < bits.length; word++) {
      for (let left = bits[word] as number; left !== 0; left &= left - 1) {
        found[count++] = (word << 5) + (31 - Math.clz32(left & -left))
      }
      bits[word] = 0
    }
    return found.slice(0, count)
  }
}

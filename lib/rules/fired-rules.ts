// The rules that an evaluation finds to fire: a set of rule numbers, taken in ascending order.
import { sortFew } from './lists.ts'

/** So many are sorted by themselves. */
const fewFired = 24
/** More are a list of their own. */
const fewCopied = 1_000
const blockLength = 4_000
const noRules = new Int32Array(0)

// Short lists stand in a block together: to make a typed array with memory of its own takes V8 longer than to fill it.
let block = new Int32Array(blockLength)
let blockTaken = 0

/** The first `count` of a list, copied. */
export function firstOf(list: Int32Array, count: number): Int32Array {
  if (count === 0) return noRules
  // Stryker disable next-line ConditionalExpression,EqualityOperator: both ways copy alike, only time tells them apart
  if (count > fewCopied) return list.slice(0, count)
  if (blockTaken + count > blockLength) {
    block = new Int32Array(blockLength)
    blockTaken = 0
  }
  const first = block.subarray(blockTaken, blockTaken + count)
  blockTaken += count
  for (let i = 0; i < count; i++) first[i] = list[i] as number
  return first
}

export class FiredRules {
  /** In the order in which they were found, `count` of them. Whoever has many that are new writes them here by itself. */
  readonly found: Int32Array
  count = 0
  /** Rule -> 1 when it came by `add`, with a list of those. */
  private readonly isAdded: Uint8Array
  private readonly added: Int32Array
  private addedCount = 0
  /** A bit for each rule. */
  private readonly bits: Int32Array

  constructor(ruleCount: number) {
    // One more, since what is not found is written too.
    this.found = new Int32Array(ruleCount + 1)
    this.isAdded = new Uint8Array(ruleCount)
    this.added = new Int32Array(ruleCount)
    this.bits = new Int32Array((ruleCount + 31) >>> 5)
  }

  /** A rule of which the caller knows that it is not there yet. */
  addNew(rule: number): void {
    this.found[this.count++] = rule
  }

  /** false when the rule was added before, by another of its slots. */
  add(rule: number): boolean {
    if (this.isAdded[rule] === 1) return false
    this.isAdded[rule] = 1
    this.added[this.addedCount++] = rule
    this.addNew(rule)
    return true
  }

  /** Empties the set. */
  take(): Int32Array {
    return firstOf(this.found, this.sort())
  }

  /** Empties the set; what was in it stands in `found`, ascending. Answers how many that were. */
  sort(): number {
    const { found, count, isAdded, added } = this
    while (this.addedCount > 0) isAdded[added[--this.addedCount] as number] = 0
    this.count = 0
    // Stryker disable next-line ConditionalExpression,EqualityOperator: both ways sort alike, only time tells them apart (bench/rules)
    if (count > fewFired) this.sortByBits(count)
    else sortFew(found, count)
    return count
  }

  private sortByBits(foundCount: number): void {
    const { found, bits } = this
    for (let i = 0; i < foundCount; i++) {
      const rule = found[i] as number
      bits[rule >>> 5] = (bits[rule >>> 5] as number) | (1 << (rule & 31))
    }
    // Where most words have some, the first two are taken without a branch: how many there are cannot be foretold.
    // Stryker disable next-line ConditionalExpression,EqualityOperator,ArithmeticOperator: it sorts alike either way (bench/rules)
    const isDense = foundCount * 2 > bits.length
    let count = 0
    for (let word = 0; word < bits.length; word++) {
      let left = bits[word] as number
      bits[word] = 0
      const last = (word << 5) + 31
      // Stryker disable next-line ConditionalExpression,BlockStatement: what it takes first, the loop below would take
      if (isDense) {
        found[count] = last - Math.clz32(left & -left)
        count += Number(left !== 0)
        left &= left - 1
        found[count] = last - Math.clz32(left & -left)
        count += Number(left !== 0)
        left &= left - 1
      }
      for (; left !== 0; left &= left - 1) found[count++] = last - Math.clz32(left & -left)
    }
  }
}

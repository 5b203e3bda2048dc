// What the conditions of a rule ask of the sums, side by side: of thousands of rules few are in the processor's caches, and
// a program has each number of a condition in a list of its own.
import { unmetBit } from './explain.ts'
import type { Judge } from './judge.ts'
import { code, type Program, truth } from './program.ts'
import type { Sums } from './sums.ts'
import { slotBoundsLayout } from './view.ts'

/**
 * One record for each entry of `Program.conditionCode`, filled when its rule is first asked about. `what`: 0 while it is not
 * filled; one more than the slot whose sum must lie between `low` and `high`; -1 of a window between them; or of anything
 * else, negated, two more than where its code begins.
 */
const layout = { stride: 3, what: 0, low: 1, high: 2 } as const

// Copies, which the compiler knows to be constant; imported names it looks up. The sum is the first of a record.
const { stride, what, low, high } = layout
const { stride: sumStride } = slotBoundsLayout
const { match, atom, window } = code
const { no } = truth

export class ConditionRecords {
  private readonly program: Program
  private readonly records: Float64Array

  constructor(program: Program) {
    this.program = program
    this.records = new Float64Array(program.conditionCode.length * stride)
  }

  /** Bit i: condition i is not met, by the sums at hand. Of a live rule whose sums say all. */
  unmet(rule: number, { sum }: Sums, judge: Judge): number {
    const { records } = this
    const { conditionStart } = this.program
    const start = conditionStart[rule] as number
    const end = conditionStart[rule + 1] as number
    let unmet = 0
    for (let i = start; i < end; i++) {
      const record = i * stride
      let asked = records[record + what] as number
      if (asked === 0) asked = this.fill(i)
      const from = records[record + low] as number
      const to = records[record + high] as number
      if (asked > 0) {
        const value = sum[(asked - 1) * sumStride] as number
        if (value >= from && value <= to) continue
      } else if (asked === -1 ? judge.isInWindow(from, to) : judge.truthAt(-2 - asked) !== no) continue
      unmet |= unmetBit(i - start)
    }
    return unmet
  }

  private fill(condition: number): number {
    const { records, program } = this
    const record = condition * stride
    const at = program.conditionCode[condition] as number
    const operation = program.code[at]
    const operand = program.code[at + 1] as number
    const slot = program.atomSlot[operand] as number
    let asked = -2 - at
    // What is not kept up to date is worked out when it is read.
    if ((operation === atom || operation === match) && program.slotPushed[slot] === 1) {
      asked = slot + 1
      records[record + low] = program.atomLow[operand] as number
      records[record + high] = program.atomHigh[operand] as number
    } else if (operation === window) {
      asked = -1
      records[record + low] = program.windowFrom[operand] as number
      records[record + high] = program.windowUntil[operand] as number
    }
    records[record + what] = asked
    return asked
  }
}

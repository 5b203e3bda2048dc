// Remembers what facts match, by their identity: bounded, for one view of one rule base.
import { limits } from '../base/limits.ts'

/**
 * The slots in which a fact counts, in one list, since each thing more that must be looked at costs more than all that is done
 * with it. The number of measures; for each of them the measure, which is 0 where the fact counts as one and else one more
 * than a place in `TypeIndex.measures`, and where its slots end; then the slots. What follows them are selections that
 * depend on attributes which a memo leaves out.
 */
export type SlotList = Int32Array

export const nothing: SlotList = new Int32Array(1)

/** Where the slots begin. */
export const slotsStart = (list: SlotList): number => 1 + 2 * (list[0] as number)
/** Where the slots end. */
export const slotsEnd = (list: SlotList): number => {
  const measures = list[0] as number
  return measures === 0 ? 1 : (list[2 * measures] as number)
}

/**
 * What is known of facts with one key: the slots in which all of them count, and those of the last one with the selections
 * that it passed of those which the memo leaves open.
 */
export type Remembered = {
  readonly list: SlotList
  readonly isOpen: boolean
  passed: readonly number[]
  slots: SlotList
}

/** Facts of one type, in two generations: when the young one is full, the old one is forgotten. */
export class Memory {
  private young = new Map<string | number, Remembered>()
  private old = new Map<string | number, Remembered>()

  get(key: string | number): Remembered | undefined {
    const known = this.young.get(key)
    if (known !== undefined) return known
    const aged = this.old.get(key)
    if (aged !== undefined) this.set(key, aged)
    return aged
  }

  set(key: string | number, found: Remembered): void {
    if (this.young.size >= limits.memoEntries / 2) {
      this.old = this.young
      this.young = new Map()
    }
    this.young.set(key, found)
  }
}

/** By type of fact. */
export class Memo {
  private readonly byType: (Memory | undefined)[] = []

  of(type: number): Memory {
    this.byType[type] ??= new Memory()
    return this.byType[type]
  }
}

// Remembers what facts match, by their identity: bounded, for one view of one rule base.
import { limits } from '../base/limits.ts'

/**
 * The slots in which a fact counts: up to `ends[i]` by `measures[i]`, which is 0 where it counts as one, and else one more
 * than a place in `TypeIndex.measures`.
 */
export type SlotList = { slots: Int32Array; measures: readonly number[]; ends: readonly number[] }

/** What a fact matches: slots, and selections that depend on attributes which the memo leaves out. */
export type Found = { list: SlotList; volatile: readonly number[] }

/** Facts of one type, in two generations: when the young one is full, the old one is forgotten. */
export class Memory {
  private young = new Map<string | number, Found>()
  private old = new Map<string | number, Found>()

  get(key: string | number): Found | undefined {
    const known = this.young.get(key)
    if (known !== undefined) return known
    const aged = this.old.get(key)
    if (aged !== undefined) this.set(key, aged)
    return aged
  }

  set(key: string | number, found: Found): void {
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

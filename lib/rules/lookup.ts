// Fact -> the slots that it counts in: by the values of its attributes, verified on the few selections that these lead
// to, and remembered by the fact's identity where the caller gave one.
import { limits } from '../base/limits.ts'
import type { FewTests } from './few.ts'
import { allOf, type Environment, type TestFunction, testFunction, type ValueFunction } from './functions.ts'
import { testsCost } from './ir.ts'
import type { Live } from './live.ts'
import { type Remembered, type SlotList, slotsEnd, slotsStart } from './memo.ts'
import { isList } from './pairs.ts'
import type { Program } from './program.ts'
import { SlotLists } from './slot-lists.ts'
import { stepsOfTest, type TypeIndex, typeIndexes } from './type-index.ts'
import type { Fact, Registry } from './types.ts'
import { readPath, type Steps, takeWork } from './values.ts'
import { bucketLayout, type View } from './view.ts'

// Copies, which the compiler knows to be constant; imported names it looks up.
const { stride, slot: slotAt, path1, pair1, path2, pair2 } = bucketLayout
const isListPair = isList
/** Places are counted so far, then from 0 again; one less than a power of two. */
const lastPlace = 7
const maxKeyChars = limits.memoKeyChars
/** What one value of an attribute that is a list takes. */
const stepsOfPart = 8

/** Steps of the work budget so far, counted by all who take part in an evaluation. */
export type Meter = { steps: number }

export const unbound: Environment = []

export class Lookup {
  private readonly meter: Meter
  private readonly program: Program
  private readonly registry: Registry
  private readonly types: ReadonlyMap<string, TypeIndex>
  private lastName: string | undefined
  private lastType: TypeIndex | undefined
  /** Place -> the type last met there. */
  private readonly nameAt = new Array<string | undefined>(lastPlace + 1).fill(undefined)
  private readonly typeAt = new Array<TypeIndex | undefined>(lastPlace + 1).fill(undefined)
  private readonly tests: (TestFunction | undefined)[]
  private readonly testSteps: Int32Array
  /** Path -> the pair that the fact at hand has there. */
  private readonly pairAt: Int32Array
  /** Pair -> the last fact that has it in a list. */
  private readonly listed: Int32Array
  /** Selection -> the last fact for which it was looked at. */
  private readonly seen: Int32Array
  private factNumber = 0
  /** Slots found for the fact at hand. One more than there are, since what does not match is written too. */
  private readonly found: Int32Array
  private foundCount = 0
  private readonly lists: SlotLists
  private readonly volatile: number[] = []
  /** Of these, the selections that the fact at hand passes: the first `passedCount`, since to empty a list takes a while. */
  private readonly passed: number[] = []
  private passedCount = 0

  constructor(
    program: Program,
    registry: Registry,
    { memoKeys, meter }: { memoKeys: ReadonlyMap<string, Steps>; meter: Meter },
  ) {
    this.program = program
    this.meter = meter
    this.registry = registry
    this.tests = new Array<TestFunction | undefined>(program.tests.length).fill(undefined)
    this.testSteps = Int32Array.from(program.tests, (tests) => stepsOfTest * testsCost(tests))
    this.seen = new Int32Array(program.selectionType.length)
    this.listed = new Int32Array(program.bucketStart.length - 1)
    this.found = new Int32Array(program.slotSelection.length + 1)
    const { types, pairAt, measureIndex } = typeIndexes(program, registry, memoKeys)
    this.types = types
    this.pairAt = pairAt
    this.lists = new SlotLists(program, measureIndex, meter)
  }

  /**
   * undefined: no rule asks for facts of that type. `place` is where the fact stands among others: a type often stands where it
   * stood the last time, or follows itself.
   */
  typeOf({ type }: Fact, place = 0): TypeIndex | undefined {
    if (type !== this.lastName) {
      const at = place & lastPlace
      if (this.nameAt[at] !== type) {
        this.nameAt[at] = type
        this.typeAt[at] = this.types.get(type)
      }
      this.lastName = type
      this.lastType = this.typeAt[at]
    }
    return this.lastType
  }

  /** The slots in which the fact counts; not to be changed, it may be shared. */
  slotsOf(fact: Fact, type: TypeIndex, live: Live): SlotList {
    const { view } = live
    const key = type.identity?.(fact, unbound)
    if (!isKey(key)) {
      const found = this.find(fact, type, live)
      if (slotsEnd(found) === found.length) return found
      this.pass(fact, found)
      return this.withPassed(found, view)
    }
    const memory = live.memo.of(type.number)
    let known = memory.get(key)
    if (known === undefined) {
      const list = this.find(fact, type, live)
      known = { list, isOpen: slotsEnd(list) < list.length, passed: [], slots: list }
      memory.set(key, known)
    }
    const { list } = known
    this.meter.steps += slotsEnd(list) - slotsStart(list)
    return known.isOpen ? this.completed(fact, known, view) : list
  }

  /** Whether the fact, of the selection's type, passes its tests. Only for selections that are scanned for. */
  passesScanned(fact: Fact, selection: number): boolean {
    this.meter.steps++
    return this.passesTests(fact, this.program.stableTests[selection] as number) && this.passesVolatile(fact, selection)
  }

  /** What the slot adds up: 0 for a count, else one more than a place in `TypeIndex.measures`. */
  measureOf(slot: number): number {
    return this.lists.measureIndex[slot] as number
  }

  // With the selections that depend on what the key leaves out, as far as the fact passes them: mostly those of last time.
  private completed(fact: Fact, known: Remembered, view: View): SlotList {
    this.pass(fact, known.list)
    if (this.hasPassed(known.passed)) return known.slots
    known.slots = this.withPassed(known.list, view)
    known.passed = this.passed.slice(0, this.passedCount)
    return known.slots
  }

  private pass(fact: Fact, list: SlotList): void {
    let count = 0
    for (let i = slotsEnd(list); i < list.length; i++) {
      const selection = list[i] as number
      this.meter.steps++
      if (this.passesVolatile(fact, selection)) this.passed[count++] = selection
    }
    this.passedCount = count
  }

  private hasPassed(selections: readonly number[]): boolean {
    if (selections.length !== this.passedCount) return false
    for (let i = 0; i < selections.length; i++) if (selections[i] !== this.passed[i]) return false
    return true
  }

  private withPassed(list: SlotList, view: View): SlotList {
    const slots = list.subarray(slotsStart(list), slotsEnd(list))
    this.found.set(slots)
    this.foundCount = slots.length
    this.volatile.length = 0
    for (let i = 0; i < this.passedCount; i++) this.pushSlots(this.passed[i] as number, view)
    return this.takeList()
  }

  private find(fact: Fact, type: TypeIndex, { view, few }: Live): SlotList {
    this.foundCount = 0
    this.volatile.length = 0
    this.factNumber++
    const tests = few[type.number]
    if (tests === undefined || !this.testFew(fact, tests)) this.lookUp(fact, type, view)
    const end = view.scanStart[type.number + 1] as number
    for (let i = view.scanStart[type.number] as number; i < end; i++) {
      this.consider(fact, view.scanSelection[i] as number, view)
    }
    return this.takeList()
  }

  // false: the fact has a list where a test wants a value, which the tests do not look into.
  private testFew(fact: Fact, few: FewTests): boolean {
    this.meter.steps += few.length
    let last: ValueFunction | undefined
    let value: unknown
    for (let i = 0; i < few.length; i++) {
      const test = few[i] as FewTests[number]
      if (test.read !== last) {
        last = test.read
        value = last(fact, unbound)
        if (typeof value === 'object' && Array.isArray(value)) return this.giveUp()
      }
      if (value !== test.value) continue
      let holds = true
      for (const { read, value: wanted } of test.more) {
        const other = read(fact, unbound)
        if (typeof other === 'object' && Array.isArray(other)) return this.giveUp()
        if (other !== wanted) holds = false
      }
      if (holds) this.found[this.foundCount++] = test.slot
    }
    return true
  }

  private giveUp(): false {
    this.foundCount = 0
    return false
  }

  private lookUp(fact: Fact, type: TypeIndex, view: View): void {
    const { pairAt } = this
    if (type.reader.read(fact)) this.findWithLists(fact, type, view)
    else {
      for (const { path } of type.reader.paths) {
        const pair = pairAt[path] as number
        if (pair >= 0) this.verifyBucket(fact, pair, view)
      }
    }
  }

  private findWithLists(fact: Fact, { reader }: TypeIndex, view: View): void {
    const { pairAt, listed, factNumber } = this
    const found: number[] = []
    for (const { path, steps, pairs } of reader.paths) {
      const pair = pairAt[path] as number
      if (pair >= 0) found.push(pair)
      if (pair !== isListPair) continue
      const parts = readPath(fact, steps) as unknown[]
      this.meter.steps += stepsOfPart * parts.length
      for (const part of parts) {
        const partPair = pairs.get(part)
        if (partPair === undefined || listed[partPair] === factNumber) continue
        listed[partPair] = factNumber
        found.push(partPair)
      }
    }
    for (const pair of found) this.considerAll(fact, pair, view)
  }

  // For a fact without lists. No branch depends on what is compared: a slot that is not met is written over.
  private verifyBucket(fact: Fact, pair: number, view: View): void {
    const { pairAt, found } = this
    const { bucketStart, buckets, carefulStart, careful } = view
    const start = bucketStart[pair] as number
    const end = bucketStart[pair + 1] as number
    let count = this.foundCount
    for (let at = start; at < end; at += stride) {
      const first = (pairAt[buckets[at + path1] as number] as number) ^ (buckets[at + pair1] as number)
      const second = (pairAt[buckets[at + path2] as number] as number) ^ (buckets[at + pair2] as number)
      found[count] = buckets[at + slotAt] as number
      count += Number((first | second) === 0)
    }
    this.foundCount = count
    const carefulEnd = carefulStart[pair + 1] as number
    for (let i = carefulStart[pair] as number; i < carefulEnd; i++) this.consider(fact, careful[i] as number, view)
    this.meter.steps += end - start
  }

  private considerAll(fact: Fact, pair: number, view: View): void {
    const { bucketStart, bucketSelection } = this.program
    const end = bucketStart[pair + 1] as number
    for (let i = bucketStart[pair] as number; i < end; i++) this.consider(fact, bucketSelection[i] as number, view)
  }

  private consider(fact: Fact, selection: number, view: View): void {
    this.meter.steps++
    if (this.seen[selection] === this.factNumber) return
    this.seen[selection] = this.factNumber
    const { equalStart, equalPath, equalPair } = this.program
    const end = equalStart[selection + 1] as number
    for (let i = equalStart[selection] as number; i < end; i++) {
      const wanted = equalPair[i] as number
      const pair = this.pairAt[equalPath[i] as number] as number
      if (pair !== wanted && (pair !== isListPair || this.listed[wanted] !== this.factNumber)) return
    }
    if (!this.passesTests(fact, this.program.stableTests[selection] as number)) return
    if ((this.program.volatileTests[selection] as number) >= 0) this.volatile.push(selection)
    else this.pushSlots(selection, view)
  }

  private pushSlots(selection: number, view: View): void {
    const end = view.slotStart[selection + 1] as number
    for (let i = view.slotStart[selection] as number; i < end; i++) {
      this.found[this.foundCount++] = view.liveSlots[i] as number
    }
  }

  private takeList(): SlotList {
    return this.lists.make(this.found, this.foundCount, this.volatile)
  }

  private passesVolatile(fact: Fact, selection: number): boolean {
    return this.passesTests(fact, this.program.volatileTests[selection] as number)
  }

  private passesTests(fact: Fact, list: number): boolean {
    if (list < 0) return true
    this.meter.steps += this.testSteps[list] as number
    let test = this.tests[list]
    if (test === undefined) {
      test = allOf((this.program.tests[list] ?? []).map((part) => testFunction(part, this.registry)))
      this.tests[list] = test
    }
    const passes = test(fact, unbound)
    this.meter.steps += takeWork()
    return passes
  }
}

const isKey = (value: unknown): value is string | number =>
  typeof value === 'string' ? value.length <= maxKeyChars : typeof value === 'number'

// Fact -> the slots that it counts in: by the values of its attributes, verified on the few selections that these lead
// to, and remembered by the fact's identity where the caller gave one.
import {
  allOf,
  type Environment,
  type TestFunction,
  testFunction,
  type ValueFunction,
  valueFunction,
} from './functions.ts'
import { testsCost } from './ir.ts'
import type { Found, Memo, SlotList } from './memo.ts'
import { isList, type PairReader, pairReaders } from './pairs.ts'
import type { Program } from './program.ts'
import type { Fact, Registry } from './types.ts'
import { readPath, type Steps } from './values.ts'
import { bucketLayout, type View } from './view.ts'

/** What is known of a type of fact; `measures` are the sums that its facts take part in. */
export type TypeIndex = {
  number: number
  reader: PairReader
  /** What tells all that a fact matches; undefined: nothing short of all its attributes does. */
  identity: ValueFunction | undefined
  measures: readonly { measure: number; value: ValueFunction }[]
}

// Copies, which the compiler knows to be constant; imported names it looks up.
const { stride, slot: slotAt, path1, pair1, path2, pair2 } = bucketLayout
const isListPair = isList
/** A test takes about as long as so many looks at a selection. */
const stepsOfTest = 4

export const nothing: SlotList = { slots: new Int32Array(0), ends: [] }
export const unbound: Environment = []
const noSelections: readonly number[] = []

export class Lookup {
  /** Selections looked at and slots found, for the budget. */
  steps = 0
  private readonly program: Program
  private readonly registry: Registry
  private readonly types = new Map<string, TypeIndex>()
  private lastName: string | undefined
  private lastType: TypeIndex | undefined
  private readonly tests: (TestFunction | undefined)[]
  private readonly testSteps: Int32Array
  /** Path -> the pair that the fact at hand has there. */
  private readonly pairAt: Int32Array
  /** Selection -> the last fact for which it was looked at. */
  private readonly seen: Int32Array
  private factNumber = 0
  /** Slots found for the fact at hand. One more than there are, since what does not match is written too. */
  private readonly found: Int32Array
  private foundCount = 0
  private readonly volatile: number[] = []
  /** Slot -> 0 for a count, else one more than the place of its measure among those of its type. */
  private readonly measureIndex: Uint8Array

  constructor(program: Program, registry: Registry, memoKeys: ReadonlyMap<string, Steps>) {
    this.program = program
    this.registry = registry
    this.tests = new Array<TestFunction | undefined>(program.tests.length).fill(undefined)
    this.testSteps = Int32Array.from(program.tests, (tests) => stepsOfTest * testsCost(tests))
    this.seen = new Int32Array(program.selectionType.length)
    this.found = new Int32Array(program.slotSelection.length + 1)
    const { readers, pairAt } = pairReaders(program)
    this.pairAt = pairAt
    const measures = measuresByType(program, registry)
    this.measureIndex = measureIndexes(program, measures)
    const byEquality = typesByEquality(program)
    readers.forEach((reader, number) => {
      const name = program.types[number] ?? ''
      const steps = memoKeys.get(name)
      const identity = byEquality[number] ? onlyAttribute(reader) : undefined
      this.types.set(name, {
        number,
        reader,
        identity: identity ?? (steps && valueFunction({ op: 'path', steps }, registry)),
        measures: measures[number] ?? [],
      })
    })
  }

  /** undefined: no rule asks for facts of that type. */
  typeOf(fact: Fact): TypeIndex | undefined {
    if (fact.type !== this.lastName) {
      this.lastName = fact.type
      this.lastType = this.types.get(fact.type)
    }
    return this.lastType
  }

  /** The slots in which the fact counts; not to be changed, it may be shared. */
  slotsOf(fact: Fact, type: TypeIndex, view: View, memo: Memo): SlotList {
    const key = type.identity?.(fact, unbound)
    if (typeof key !== 'string' && typeof key !== 'number') {
      return this.withVolatile(fact, type, this.find(fact, type, view), view)
    }
    const memory = memo.of(type.number)
    let found = memory.get(key)
    if (found === undefined) {
      found = this.find(fact, type, view)
      memory.set(key, found)
    }
    this.steps += found.list.slots.length
    return found.volatile.length === 0 ? found.list : this.withVolatile(fact, type, found, view)
  }

  /** Whether the fact, of the selection's type, passes its tests. Only for selections that are scanned for. */
  passesScanned(fact: Fact, selection: number): boolean {
    this.steps++
    return this.passesTests(fact, this.program.stableTests[selection] as number) && this.passesVolatile(fact, selection)
  }

  private withVolatile(fact: Fact, type: TypeIndex, { list, volatile }: Found, view: View): SlotList {
    if (volatile.length === 0) return list
    this.found.set(list.slots)
    this.foundCount = list.slots.length
    for (const selection of volatile) {
      this.steps++
      if (this.passesVolatile(fact, selection)) this.pushSlots(selection, view)
    }
    return this.takeList(type)
  }

  private find(fact: Fact, type: TypeIndex, view: View): Found {
    this.foundCount = 0
    this.volatile.length = 0
    this.factNumber++
    const { pairAt } = this
    const hasList = type.reader.read(fact)
    for (const { path, steps, pairs } of type.reader.paths) {
      const pair = pairAt[path] as number
      if (pair >= 0) {
        if (hasList) this.considerAll(fact, pair, view)
        else this.verifyBucket(fact, pair, view)
      } else if (pair === isListPair) {
        for (const part of readPath(fact, steps) as unknown[]) {
          const partPair = pairs.get(part)
          if (partPair !== undefined) this.considerAll(fact, partPair, view)
        }
      }
    }
    const end = view.scanStart[type.number + 1] as number
    for (let i = view.scanStart[type.number] as number; i < end; i++) {
      this.consider(fact, view.scanSelection[i] as number, view)
    }
    return { list: this.takeList(type), volatile: this.volatile.length === 0 ? noSelections : [...this.volatile] }
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
    this.steps += end - start
  }

  private considerAll(fact: Fact, pair: number, view: View): void {
    const { bucketStart, bucketSelection } = this.program
    const end = bucketStart[pair + 1] as number
    for (let i = bucketStart[pair] as number; i < end; i++) this.consider(fact, bucketSelection[i] as number, view)
  }

  private consider(fact: Fact, selection: number, view: View): void {
    this.steps++
    if (this.seen[selection] === this.factNumber) return
    this.seen[selection] = this.factNumber
    const { equalStart, equalPath, equalPair } = this.program
    const end = equalStart[selection + 1] as number
    for (let i = equalStart[selection] as number; i < end; i++) {
      const path = equalPath[i] as number
      const pair = this.pairAt[path] as number
      if (pair !== equalPair[i] && (pair !== isListPair || !this.listHas(fact, path, equalPair[i] as number))) return
    }
    if (!this.passesTests(fact, this.program.stableTests[selection] as number)) return
    if ((this.program.volatileTests[selection] as number) >= 0) this.volatile.push(selection)
    else this.pushSlots(selection, view)
  }

  private listHas(fact: Fact, path: number, pair: number): boolean {
    const index = this.types.get(fact.type)?.reader.paths.find((each) => each.path === path)
    const list = index && readPath(fact, index.steps)
    return Array.isArray(list) && list.some((part) => index?.pairs.get(part) === pair)
  }

  private pushSlots(selection: number, view: View): void {
    const end = view.slotStart[selection + 1] as number
    for (let i = view.slotStart[selection] as number; i < end; i++) {
      this.found[this.foundCount++] = view.slots[i] as number
    }
  }

  // What was found, sorted by measure.
  private takeList({ measures }: TypeIndex): SlotList {
    const { found, foundCount, measureIndex } = this
    if (foundCount === 0) return nothing
    // One more, since what is of another measure is written too.
    const slots = new Int32Array(foundCount + 1)
    const ends: number[] = []
    let count = 0
    for (let measure = 0; measure <= measures.length; measure++) {
      for (let i = 0; i < foundCount; i++) {
        const slot = found[i] as number
        slots[count] = slot
        count += Number(measureIndex[slot] === measure)
      }
      ends.push(count)
    }
    return { slots: slots.subarray(0, foundCount), ends }
  }

  private passesVolatile(fact: Fact, selection: number): boolean {
    return this.passesTests(fact, this.program.volatileTests[selection] as number)
  }

  private passesTests(fact: Fact, list: number): boolean {
    if (list < 0) return true
    this.steps += this.testSteps[list] as number
    let test = this.tests[list]
    if (test === undefined) {
      test = allOf((this.program.tests[list] ?? []).map((part) => testFunction(part, this.registry)))
      this.tests[list] = test
    }
    return test(fact, unbound)
  }
}

// Where facts are looked up by the equality of one attribute alone, or of none, that is as good as a key.
function onlyAttribute({ paths }: PairReader): ValueFunction | undefined {
  const [only] = paths
  if (only === undefined) return () => ''
  return paths.length === 1 ? valueFunction({ op: 'path', steps: only.steps }, {}) : undefined
}

// Types whose facts are looked up by equality alone.
function typesByEquality({ types, selectionType, stableTests, volatileTests }: Program): boolean[] {
  const byEquality = types.map(() => true)
  selectionType.forEach((type, selection) => {
    const hasTests = (stableTests[selection] as number) >= 0 || (volatileTests[selection] as number) >= 0
    if (hasTests) byEquality[type] = false
  })
  return byEquality
}

// Type -> the sums that its facts take part in.
function measuresByType(program: Program, registry: Registry): TypeIndex['measures'][] {
  const byType: Map<number, ValueFunction>[] = program.types.map(() => new Map())
  program.slotSelection.forEach((selection, slot) => {
    const measure = program.slotMeasure[slot] as number
    const expression = program.measures[measure]
    const known = byType[program.selectionType[selection] as number]
    if (expression && known && !known.has(measure)) known.set(measure, valueFunction(expression, registry))
  })
  return byType.map((measures) => Array.from(measures, ([measure, value]) => ({ measure, value })))
}

function measureIndexes(program: Program, measures: readonly TypeIndex['measures'][]): Uint8Array {
  return Uint8Array.from(program.slotMeasure, (measure, slot) => {
    const type = program.selectionType[program.slotSelection[slot] as number] as number
    return measure === 0 ? 0 : 1 + (measures[type] ?? []).findIndex((each) => each.measure === measure)
  })
}

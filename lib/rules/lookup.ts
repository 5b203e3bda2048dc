// Fact -> the slots that it counts in: by its attributes' values, verified on the few selections that these lead to,
// and remembered by the fact's identity where the caller gave one.
import {
  allOf,
  type Environment,
  type TestFunction,
  testFunction,
  type ValueFunction,
  valueFunction,
} from './functions.ts'
import type { Program } from './program.ts'
import type { Fact, Registry } from './types.ts'
import { isInheritedName, readPath, type Steps } from './values.ts'
import type { View } from './view.ts'

/** Facts are remembered in two generations: when the young one is full it becomes the old one, which is forgotten. */
export class Memo {
  private young = new Map<string | number, Found>()
  private old = new Map<string | number, Found>()
  private readonly limit: number

  constructor(entries: number) {
    this.limit = Math.ceil(entries / 2)
  }

  get(key: string | number): Found | undefined {
    const known = this.young.get(key)
    if (known !== undefined) return known
    const aged = this.old.get(key)
    if (aged !== undefined) this.set(key, aged)
    return aged
  }

  set(key: string | number, found: Found): void {
    if (this.young.size >= this.limit) {
      this.old = this.young
      this.young = new Map()
    }
    this.young.set(key, found)
  }
}

/** What a fact matches: slots, and selections that depend on attributes which the memo leaves out. */
export type Found = { slots: Int32Array; volatile: Int32Array }

type PathIndex = { path: number; name: string; steps: Steps; direct: boolean; pairs: Map<unknown, number> }
/** What is known of a type of fact; `measures` are the sums that its facts take part in. */
export type TypeIndex = {
  number: number
  paths: readonly PathIndex[]
  memoKey: Steps | undefined
  measures: readonly { measure: number; value: ValueFunction }[]
}

const notAsked = -1
const isList = -2
export const nothing = new Int32Array(0)
export const unbound: Environment = []

export class Lookup {
  /** Selections looked at and slots found, for the budget. */
  steps = 0
  private readonly program: Program
  private readonly registry: Registry
  private readonly types = new Map<string, TypeIndex>()
  private lastName: string | undefined
  private lastType: TypeIndex | undefined
  private readonly tests: (TestFunction | undefined)[]
  /** Path -> the pair that the fact at hand has there. */
  private readonly pairAt: Int32Array
  /** Selection -> the last fact for which it was looked at. */
  private readonly seen: Int32Array
  private factNumber = 0
  private slots: Int32Array = new Int32Array(256)
  private slotCount = 0
  private readonly volatile: number[] = []

  constructor(program: Program, registry: Registry, memoKeys: ReadonlyMap<string, Steps>) {
    this.program = program
    this.registry = registry
    this.tests = new Array<TestFunction | undefined>(program.tests.length).fill(undefined)
    this.pairAt = new Int32Array(program.pathSteps.length)
    this.seen = new Int32Array(program.selectionType.length)
    const paths = pathIndexes(program)
    const measures = measuresByType(program, registry)
    program.types.forEach((name, number) => {
      const memoKey = memoKeys.get(name)
      this.types.set(name, { number, paths: paths[number] ?? [], measures: measures[number] ?? [], memoKey })
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
  slotsOf(fact: Fact, type: TypeIndex, view: View, memo: Memo): Int32Array {
    const key = type.memoKey === undefined ? undefined : readPath(fact, type.memoKey)
    if (typeof key !== 'string' && typeof key !== 'number')
      return this.withVolatile(fact, this.find(fact, type, view), view)
    const memoKey = this.types.size === 1 ? key : `${type.number}/${key}`
    let found = memo.get(memoKey)
    if (found === undefined) {
      found = this.find(fact, type, view)
      memo.set(memoKey, found)
    }
    this.steps += found.slots.length
    return this.withVolatile(fact, found, view)
  }

  /** Whether the fact, of the selection's type, passes its tests. Only for selections that are scanned for. */
  passesScanned(fact: Fact, selection: number): boolean {
    this.steps++
    return this.passesTests(fact, this.program.stableTests[selection] as number) && this.passesVolatile(fact, selection)
  }

  private withVolatile(fact: Fact, found: Found, view: View): Int32Array {
    if (found.volatile.length === 0) return found.slots
    this.slotCount = 0
    for (const selection of found.volatile) {
      this.steps++
      if (this.passesVolatile(fact, selection)) this.pushSlots(selection, view)
    }
    if (this.slotCount === 0) return found.slots
    const all = new Int32Array(found.slots.length + this.slotCount)
    all.set(found.slots)
    all.set(this.slots.subarray(0, this.slotCount), found.slots.length)
    return all
  }

  private find(fact: Fact, type: TypeIndex, view: View): Found {
    this.slotCount = 0
    this.volatile.length = 0
    this.factNumber++
    this.readPairs(fact, type)
    for (const { path, steps, pairs } of type.paths) {
      const pair = this.pairAt[path] as number
      if (pair >= 0) this.considerBucket(fact, pair, view)
      else if (pair === isList) {
        for (const part of readPath(fact, steps) as unknown[]) {
          const partPair = pairs.get(part)
          if (partPair !== undefined) this.considerBucket(fact, partPair, view)
        }
      }
    }
    const end = view.scanStart[type.number + 1] as number
    for (let i = view.scanStart[type.number] as number; i < end; i++) {
      this.consider(fact, view.scanSelection[i] as number, view)
    }
    const slots = this.slotCount === 0 ? nothing : this.slots.slice(0, this.slotCount)
    return { slots, volatile: this.volatile.length === 0 ? nothing : Int32Array.from(this.volatile) }
  }

  private readPairs(fact: Fact, { paths }: TypeIndex): void {
    const { pairAt } = this
    for (const each of paths) {
      const value = each.direct ? fact[each.name] : readPath(fact, each.steps)
      const pair = each.pairs.get(value)
      pairAt[each.path] = pair !== undefined ? pair : Array.isArray(value) ? isList : notAsked
    }
  }

  private considerBucket(fact: Fact, pair: number, view: View): void {
    const end = view.bucketStart[pair + 1] as number
    for (let i = view.bucketStart[pair] as number; i < end; i++) {
      this.consider(fact, view.bucketSelection[i] as number, view)
    }
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
      if (pair !== equalPair[i] && (pair !== isList || !this.listHas(fact, path, equalPair[i] as number))) return
    }
    if (!this.passesTests(fact, this.program.stableTests[selection] as number)) return
    if ((this.program.volatileTests[selection] as number) >= 0) this.volatile.push(selection)
    else this.pushSlots(selection, view)
  }

  private listHas(fact: Fact, path: number, pair: number): boolean {
    const index = this.types.get(fact.type)?.paths.find((each) => each.path === path)
    const list = index && readPath(fact, index.steps)
    return Array.isArray(list) && list.some((part) => index?.pairs.get(part) === pair)
  }

  private pushSlots(selection: number, view: View): void {
    const start = view.slotStart[selection] as number
    const end = view.slotStart[selection + 1] as number
    if (this.slotCount + end - start > this.slots.length) {
      const grown = new Int32Array(2 * (this.slotCount + end - start))
      grown.set(this.slots)
      this.slots = grown
    }
    for (let i = start; i < end; i++) this.slots[this.slotCount++] = view.slots[i] as number
  }

  private passesVolatile = (fact: Fact, selection: number): boolean =>
    this.passesTests(fact, this.program.volatileTests[selection] as number)

  private passesTests(fact: Fact, list: number): boolean {
    if (list < 0) return true
    let test = this.tests[list]
    if (test === undefined) {
      test = allOf((this.program.tests[list] ?? []).map((part) => testFunction(part, this.registry)))
      this.tests[list] = test
    }
    return test(fact, unbound)
  }
}

// By type; the pairs of a path are numbered from where those of the path before it end.
function pathIndexes({ pathType, pathSteps, pathValues, types }: Program): PathIndex[][] {
  const byType: PathIndex[][] = types.map(() => [])
  let pair = 0
  pathSteps.forEach((steps, path) => {
    const pairs = new Map<unknown, number>()
    for (const value of pathValues[path] ?? []) pairs.set(value, pair++)
    const name = steps[0] ?? ''
    const direct = steps.length === 1 && !isInheritedName(name)
    byType[pathType[path] as number]?.push({ path, name, steps, direct, pairs })
  })
  return byType
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

// What is known of each type of fact before any fact comes: how its attributes are read, what tells two facts of it for the
// same, and which sums its facts take part in.
import { type ValueFunction, valueFunction } from './functions.ts'
import { expressionCost } from './ir.ts'
import { type PairReader, pairReaders } from './pairs.ts'
import type { Program } from './program.ts'
import type { Registry } from './types.ts'
import type { Steps } from './values.ts'

/** `measures` are the sums that its facts take part in. */
export type TypeIndex = {
  number: number
  reader: PairReader
  /** What tells all that a fact matches; undefined: nothing short of all its attributes does. */
  identity: ValueFunction | undefined
  measures: readonly { measure: number; value: ValueFunction; steps: number }[]
}

export type TypeIndexes = {
  types: ReadonlyMap<string, TypeIndex>
  /** What the readers fill: path -> the pair that the fact at hand has there. */
  pairAt: Int32Array
  /** Slot -> 0 for a count, else one more than the place of its measure among those of its type. */
  measureIndex: Int32Array
}

/** A test takes about as long as so many looks at a selection. */
export const stepsOfTest = 4

export function typeIndexes(program: Program, registry: Registry, memoKeys: ReadonlyMap<string, Steps>): TypeIndexes {
  const { readers, pairAt } = pairReaders(program)
  const measures = measuresByType(program, registry)
  const byEquality = typesByEquality(program)
  const types = new Map<string, TypeIndex>()
  readers.forEach((reader, number) => {
    const name = program.types[number] as string
    const steps = memoKeys.get(name)
    const identity = byEquality[number] ? onlyAttribute(reader) : undefined
    types.set(name, {
      number,
      reader,
      identity: identity ?? (steps && valueFunction({ op: 'path', steps }, registry)),
      measures: measures[number] as TypeIndex['measures'],
    })
  })
  return { types, pairAt, measureIndex: measureIndexes(program, measures) }
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
  const byType: Map<number, TypeIndex['measures'][number]>[] = program.types.map(() => new Map())
  program.slotSelection.forEach((selection, slot) => {
    const measure = program.slotMeasure[slot] as number
    const expression = program.measures[measure]
    const known = byType[program.selectionType[selection] as number]
    if (!expression || known === undefined || known.has(measure)) return
    const steps = stepsOfTest * (1 + expressionCost(expression))
    known.set(measure, { measure, value: valueFunction(expression, registry), steps })
  })
  return byType.map((measures) => [...measures.values()])
}

function measureIndexes(program: Program, measures: readonly TypeIndex['measures'][]): Int32Array {
  const places = measures.map((list) => new Map(list.map(({ measure }, place) => [measure, place + 1])))
  return program.slotMeasure.map((measure, slot) => {
    const type = program.selectionType[program.slotSelection[slot] as number] as number
    return places[type]?.get(measure) ?? 0
  })
}

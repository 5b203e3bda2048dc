// Packs interned selections into flat lists, and chooses by which attribute each selection is looked up: the one that
// fewest others ask for.
import type { TestIr } from './ir.ts'
import { byOwner, IntList } from './lists.ts'
import type { Program } from './program.ts'
import type { Selection, Selections } from './selections.ts'

/** Whether nothing but its type finds the selection. */
export const isScanned = (selection: Selection): boolean =>
  selection.equals.length === 0 && selection.stable.every(({ pairs }) => pairs === undefined)

type Packed = Pick<
  Program,
  | 'types'
  | 'pathType'
  | 'pathSteps'
  | 'pathValues'
  | 'selectionType'
  | 'equalStart'
  | 'equalPath'
  | 'equalPair'
  | 'stableTests'
  | 'volatileTests'
  | 'tests'
  | 'bucketStart'
  | 'bucketSelection'
  | 'manyPairs'
  | 'scanned'
  | 'measures'
  | 'slotSelection'
  | 'slotMeasure'
  | 'selectionSlotStart'
  | 'selectionSlot'
  | 'slotPushed'
>

/** `driving`: slots that rules are found by, or that are bits; they are kept up to date even when scanned for. */
export function packSelections(selections: Selections, driving: ReadonlySet<number>): Packed {
  const { list } = selections
  const slotSelection = selections.slotSelection.toArray()
  const slots = byOwner(
    slotSelection,
    Int32Array.from(slotSelection, (_, slot) => slot),
    list.length,
  )
  const scanned = Uint8Array.from(list, (selection) => (isScanned(selection) ? 1 : 0))
  return {
    types: selections.types,
    pathType: selections.pathType.toArray(),
    pathSteps: selections.pathSteps,
    pathValues: selections.pathValues,
    selectionType: Int32Array.from(list, ({ type }) => type),
    ...packTests(selections),
    scanned,
    measures: selections.measures,
    slotSelection,
    slotMeasure: selections.slotMeasure.toArray(),
    selectionSlotStart: slots.start,
    selectionSlot: slots.items,
    slotPushed: Uint8Array.from(slotSelection, (selection, slot) => (scanned[selection] && !driving.has(slot) ? 0 : 1)),
  }
}

function packTests(selections: Selections) {
  const { list } = selections
  const popularity = pairPopularity(selections)
  const pairNumber = pairNumbers(selections)
  const tests: (readonly TestIr[])[] = []
  const addTests = (some: readonly TestIr[]): number => (some.length === 0 ? -1 : tests.push(some) - 1)
  const equalStart = new IntList()
  const equalPath = new IntList()
  const equalPair = new IntList()
  const bucketOwner = new IntList()
  const bucketItem = new IntList()
  const stableTests = new Int32Array(list.length)
  const volatileTests = new Int32Array(list.length)
  const manyPairs = new Uint8Array(list.length)
  list.forEach((selection, number) => {
    const cover = coverOf(selection, popularity)
    for (const pair of new Set(cover.pairs)) {
      bucketOwner.push(pairNumber[pair] as number)
      bucketItem.push(number)
    }
    if (cover.pairs.length > 1) manyPairs[number] = 1
    equalStart.push(equalPath.length)
    for (const [path, pair] of selection.equals) {
      if (pair === cover.equal) continue
      equalPath.push(path)
      equalPair.push(pairNumber[pair] as number)
    }
    stableTests[number] = addTests(selection.stable.map(({ test }) => test).filter((test) => test !== cover.test))
    volatileTests[number] = addTests(selection.volatile)
  })
  equalStart.push(equalPath.length)
  const buckets = byOwner(bucketOwner.toArray(), bucketItem.toArray(), pairNumber.length)
  return {
    tests,
    stableTests,
    volatileTests,
    equalStart: equalStart.toArray(),
    equalPath: equalPath.toArray(),
    equalPair: equalPair.toArray(),
    bucketStart: buckets.start,
    bucketSelection: buckets.items,
    manyPairs,
  }
}

// How many selections ask for each pair.
function pairPopularity({ list, pairPath }: Selections): Int32Array {
  const popularity = new Int32Array(pairPath.length)
  for (const { equals, stable } of list) {
    for (const [, pair] of equals) popularity[pair] = (popularity[pair] as number) + 1
    for (const { pairs } of stable) for (const pair of pairs ?? []) popularity[pair] = (popularity[pair] as number) + 1
  }
  return popularity
}

// Pair -> its number when pairs are sorted by path; pairs of one path stay in order of first sight.
function pairNumbers({ pairPath, pathSteps }: Selections): Int32Array {
  const paths = pairPath.toArray()
  const sorted = byOwner(
    paths,
    Int32Array.from(paths, (_, pair) => pair),
    pathSteps.length,
  ).items
  const numbers = new Int32Array(paths.length)
  sorted.forEach((pair, number) => {
    numbers[pair] = number
  })
  return numbers
}

type Cover = { pairs: readonly number[]; equal?: number; test?: TestIr; cost: number }

// What the cover makes sure of needs no check any more: an equality, or membership in a list.
function coverOf({ equals, stable }: Selection, popularity: Int32Array): Cover {
  const costOf = (pairs: readonly number[]): number =>
    pairs.reduce((cost, pair) => cost + (popularity[pair] as number), 0)
  let best: Cover = { pairs: [], cost: Number.POSITIVE_INFINITY }
  for (const [, pair] of equals) {
    const cost = costOf([pair])
    if (cost < best.cost) best = { pairs: [pair], equal: pair, cost }
  }
  for (const { test, pairs } of stable) {
    const cost = pairs === undefined ? Number.POSITIVE_INFINITY : costOf(pairs)
    if (pairs === undefined || cost >= best.cost) continue
    best = test.op === 'compare' ? { pairs, test, cost } : { pairs, cost }
  }
  return best
}

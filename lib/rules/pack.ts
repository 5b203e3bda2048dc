// Packs interned selections into flat lists, and chooses by which attribute each selection is looked up: the one that
// fewest others ask for.
import type { TestIr } from './ir.ts'
import { byOwner, IntList, indexes } from './lists.ts'
import type { Program } from './program.ts'
import type { Selections } from './selections.ts'

/** Whether nothing but its type finds the selection. */
export const isScanned = (selections: Selections, selection: number): boolean =>
  selections.equalStart.at(selection) === selections.equalStart.at(selection + 1) &&
  selections.moreOf(selection).stable.every(({ pairs }) => pairs === undefined)

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

/**
 * Numbers slots afresh, as `slotNumber` tells: first those that facts touch most, since what is touched together should
 * lie together. `driving`, by old number: 1 for slots that rules are found by, or that are bits;
 * they are kept up to date even when scanned for.
 */
export function packSelections(
  selections: Selections,
  driving: Uint8Array,
): { packed: Packed; slotNumber: Int32Array } {
  const { order, slotNumber } = slotsInOrder(selections)
  const slotSelection = selections.slotSelection.inOrder(order)
  const slots = byOwner(slotSelection, indexes(slotSelection.length), selections.count)
  const scanned = Uint8Array.from(indexes(selections.count), (selection) => Number(isScanned(selections, selection)))
  const packed: Packed = {
    types: selections.types,
    pathType: selections.pathType.toArray(),
    pathSteps: selections.pathSteps,
    pathValues: selections.pathValues,
    selectionType: selections.type.toArray(),
    ...packTests(selections),
    scanned,
    measures: selections.measures,
    slotSelection,
    slotMeasure: selections.slotMeasure.inOrder(order),
    selectionSlotStart: slots.start,
    selectionSlot: slots.items,
    slotPushed: Uint8Array.from(order, (old, slot) =>
      scanned[slotSelection[slot] as number] === 1 ? (driving[old] as number) : 1,
    ),
  }
  return { packed, slotNumber }
}

// Old numbers in their new order, and the other way round.
function slotsInOrder(selections: Selections): { order: Int32Array; slotNumber: Int32Array } {
  const { slotSelection } = selections
  const rarities = slotSelection.toArray().map((selection) => rarityOf(selections, selection))
  const most = rarities.reduce((a, b) => Math.max(a, b), 0)
  const order = byOwner(rarities, indexes(rarities.length), most + 1).items
  const slotNumber = new Int32Array(order.length)
  order.forEach((old, slot) => {
    slotNumber[old] = slot
  })
  return { order, slotNumber }
}

// How seldom a fact is selected, in quarters of halvings: an equality by how many values are asked for, other tests by half.
function rarityOf(selections: Selections, selection: number): number {
  const { equalStart, equalPair, pairPath, pathValues } = selections
  const { stable, volatile } = selections.moreOf(selection)
  let halvings = stable.length + volatile.length
  for (let i = equalStart.at(selection); i < equalStart.at(selection + 1); i++) {
    halvings += Math.log2(1 + (pathValues[pairPath.at(equalPair.at(i))]?.length ?? 0))
  }
  return Math.round(halvings * 4)
}

function packTests(selections: Selections) {
  const { count, equalStart: ownStart, equalPair: ownPairs, pairPath } = selections
  const popularity = pairPopularity(selections)
  const pairNumber = pairNumbers(selections)
  const tests: (readonly TestIr[])[] = []
  const addTests = (some: readonly TestIr[]): number => (some.length === 0 ? -1 : tests.push(some) - 1)
  const equalStart = new IntList()
  const equalPath = new IntList()
  const equalPair = new IntList()
  const bucketOwner = new IntList()
  const bucketItem = new IntList()
  const stableTests = new Int32Array(count)
  const volatileTests = new Int32Array(count)
  const manyPairs = new Uint8Array(count)
  for (let selection = 0; selection < count; selection++) {
    const { stable, volatile } = selections.moreOf(selection)
    const cover = coverOf(selections, selection, popularity)
    const finding = new Set(cover.pairs)
    for (const pair of finding) {
      bucketOwner.push(pairNumber[pair] as number)
      bucketItem.push(selection)
    }
    manyPairs[selection] = Number(finding.size > 1)
    equalStart.push(equalPath.length)
    for (let i = ownStart.at(selection); i < ownStart.at(selection + 1); i++) {
      const pair = ownPairs.at(i)
      if (pair === cover.equal) continue
      equalPath.push(pairPath.at(pair))
      equalPair.push(pairNumber[pair] as number)
    }
    stableTests[selection] = addTests(stable.map(({ test }) => test).filter((test) => test !== cover.test))
    volatileTests[selection] = addTests(volatile)
  }
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
function pairPopularity(selections: Selections): Int32Array {
  const popularity = new Int32Array(selections.pairPath.length)
  const count = (pair: number): void => {
    popularity[pair] = (popularity[pair] as number) + 1
  }
  selections.equalPair.toArray().forEach(count)
  indexes(selections.count).forEach((selection) => {
    for (const { pairs } of selections.moreOf(selection).stable) pairs?.forEach(count)
  })
  return popularity
}

// Pair -> its number when pairs are sorted by path; pairs of one path stay in order of first sight.
function pairNumbers({ pairPath, pathSteps }: Selections): Int32Array {
  const paths = pairPath.toArray()
  const sorted = byOwner(paths, indexes(paths.length), pathSteps.length).items
  const numbers = new Int32Array(paths.length)
  sorted.forEach((pair, number) => {
    numbers[pair] = number
  })
  return numbers
}

type Cover = { pairs: readonly number[]; equal?: number; test?: TestIr; cost: number }

// What the cover makes sure of needs no check any more: an equality, or membership in a list.
function coverOf(selections: Selections, selection: number, popularity: Int32Array): Cover {
  const { equalStart, equalPair } = selections
  let equal = -1
  let least = Number.POSITIVE_INFINITY
  for (let i = equalStart.at(selection); i < equalStart.at(selection + 1); i++) {
    const pair = equalPair.at(i)
    const cost = popularity[pair] as number
    if (cost >= least) continue
    equal = pair
    least = cost
  }
  let best: Cover = { pairs: equal < 0 ? [] : [equal], equal, cost: least }
  for (const { test, pairs } of selections.moreOf(selection).stable) {
    if (pairs === undefined) continue
    const cost = pairs.reduce((sum, pair) => sum + (popularity[pair] as number), 0)
    if (cost >= best.cost) continue
    best = test.op === 'compare' ? { pairs, test, cost } : { pairs, cost }
  }
  return best
}

// Selections packed into lists: by what each is found, what is left to verify of it, and in which order sums are kept.
import { describe, expect, test } from 'vitest'
import type { TestIr } from '../../lib/rules/ir.ts'
import { isScanned, packSelections } from '../../lib/rules/pack.ts'
import { parseRule } from '../../lib/rules/parse.ts'
import { Selections } from '../../lib/rules/selections.ts'
import type { Test } from '../../lib/rules/types.ts'

const testsOf = (where: readonly Test[]): readonly TestIr[] => {
  const rule = { name: 'r', when: [{ fact: 'line', where }], insert: [{ type: 'hit' }] }
  const [part] = parseRule(rule, '', {}).when.parts
  if (part?.op !== 'fact') throw new Error('it is no fact condition')
  return part.pattern.closed
}

/** Selections of lines, one for each list of tests, packed; no attribute of theirs but the price is left out by a memo. */
function pack(list: readonly (readonly Test[])[], driving: readonly number[] = list.map(() => 1)) {
  const selections = new Selections((_, steps) => steps[0] === 'price')
  for (const where of list) selections.slotOf('line', testsOf(where), undefined)
  const { packed, slotNumber } = packSelections(selections, Uint8Array.from(driving))
  const pairs = packed.pathValues.flatMap((values, path) =>
    values.map((value) => `${packed.pathSteps[path]?.join('.')} ${value}`),
  )
  const count = (tests: number | undefined): number => (tests === -1 ? 0 : (packed.tests[tests as number]?.length ?? 0))
  const described = list.map((_, selection) => {
    const [from, to] = [packed.equalStart[selection], packed.equalStart[selection + 1]]
    return {
      foundBy: pairs.filter((_, pair) =>
        packed.bucketSelection.subarray(packed.bucketStart[pair], packed.bucketStart[pair + 1]).includes(selection),
      ),
      verified: Array.from(packed.equalPair.subarray(from, to), (pair) => pairs[pair]),
      paths: Array.from(packed.equalPath.subarray(from, to), (path) => packed.pathSteps[path]?.join('.')),
      stable: count(packed.stableTests[selection]),
      volatile: count(packed.volatileTests[selection]),
      many: packed.manyPairs[selection],
      scanned: packed.scanned[selection],
      isScanned: isScanned(selections, selection),
    }
  })
  return { packed, slotNumber, described }
}

const brand = (eq: string): Test => ({ path: 'brand', eq })
const kind = (eq: string): Test => ({ path: 'kind', eq })
const size = (...sizes: number[]): Test => ({ path: 'size', in: sizes })
const dear: Test = { path: 'price', gte: 5 }
const heavy: Test = { path: 'weight', gte: 5 }

const nothing = { foundBy: [], verified: [], paths: [], stable: 0, volatile: 0, many: 0, scanned: 0, isScanned: false }
const found = (...foundBy: string[]) => ({ ...nothing, foundBy, many: Number(foundBy.length > 1) })

describe('a selection is found', () => {
  // Others that ask for the brand, so that it tells least; and for two sizes, of which one is asked for often.
  const others = [[brand('a')], [brand('a'), heavy], [brand('a'), dear], [size(9), heavy], [size(9), dear], [size(9)]]
  const first = (where: readonly Test[]) => pack([where, ...others]).described[0]

  test.each<[string, Test[], object]>([
    ['by its one equality', [brand('b')], found('brand b')],
    [
      'by what fewest others ask for',
      [brand('a'), kind('x')],
      { ...found('kind x'), verified: ['brand a'], paths: ['brand'] },
    ],
    ['whatever its order', [kind('x'), brand('a')], { ...found('kind x'), verified: ['brand a'], paths: ['brand'] }],
    [
      'by the first of what is as rare',
      [kind('x'), brand('b')],
      { ...found('kind x'), verified: ['brand b'], paths: ['brand'] },
    ],
    ['by a list, of which no member is verified', [size(1, 2)], found('size 1', 'size 2')],
    ['by a list that says one thing twice', [size(1, 1)], found('size 1')],
    [
      'by a list that is rarer than its equality',
      [brand('a'), size(1, 2)],
      { ...found('size 1', 'size 2'), verified: ['brand a'], paths: ['brand'] },
    ],
    ['by its equality, when the list is no rarer', [kind('x'), size(1)], { ...found('kind x'), stable: 1 }],
    ['by its equality, when the list is asked for', [kind('x'), size(1, 9)], { ...found('kind x'), stable: 1 }],
    [
      'by the rarer of two lists',
      [size(1, 9), { path: 'length', in: [1, 2] }],
      { ...found('length 1', 'length 2'), stable: 1 },
    ],
    [
      'by a choice, which is verified',
      [{ any: [brand('b'), kind('x')] }],
      { ...found('brand b', 'kind x'), stable: 1 },
    ],
    ['by a choice of one', [{ any: [brand('b')] }], { ...found('brand b'), stable: 1 }],
    [
      'by no equality on what a memo leaves out',
      [{ path: 'price', eq: 1 }, kind('x')],
      { ...found('kind x'), volatile: 1 },
    ],
    ['beside other tests', [kind('x'), dear, heavy], { ...found('kind x'), stable: 1, volatile: 1 }],
    ['by its type alone', [heavy, dear], { ...nothing, stable: 1, volatile: 1, scanned: 1, isScanned: true }],
    ['by its type alone, without any test', [], { ...nothing, scanned: 1, isScanned: true }],
    [
      'by its type alone, by what a memo leaves out',
      [{ path: 'price', eq: 1 }],
      { ...nothing, volatile: 1, scanned: 1, isScanned: true },
    ],
  ])('%s', (_, where, wanted) => {
    expect(first(where)).toEqual(wanted)
  })

  test('and no list has room for more selections than there are', () => {
    const { packed } = pack([[brand('a'), kind('x')], [brand('a')], [heavy]])
    expect([packed.equalStart, packed.equalPair, packed.equalPath].map(({ length }) => length)).toEqual([4, 1, 1])
    expect(
      [packed.selectionType, packed.stableTests, packed.manyPairs, packed.scanned].map(({ length }) => length),
    ).toEqual([3, 3, 3, 3])
    expect(packed.tests).toHaveLength(1)
  })
})

describe('slots', () => {
  const list = [[brand('a'), kind('x'), dear], [heavy], [brand('a'), heavy], [], [kind('x'), size(1, 2), dear, heavy]]

  test('of selections that ask for little come first, those that ask for as much in their order', () => {
    const { packed, slotNumber } = pack(list)
    expect([...packed.slotSelection]).toEqual([3, 1, 2, 0, 4])
    expect([...slotNumber]).toEqual([3, 1, 2, 0, 4])
    expect([...packed.slotMeasure]).toEqual([0, 0, 0, 0, 0])
    expect(list.map((_, selection) => packed.selectionSlot[packed.selectionSlotStart[selection] as number])).toEqual([
      3, 1, 2, 0, 4,
    ])
  })

  test('of selections that ask for one of few values come before those that ask for one of many', () => {
    const brands = ['a', 'b', 'c'].map((name) => [brand(name)])
    const mixed = [...brands, [kind('x')], [brand('d'), kind('x')], [kind('x'), heavy], [heavy]]
    expect([...pack(mixed).packed.slotSelection]).toEqual([3, 6, 5, 0, 1, 2, 4])
    // One value may as well not be there: as any other test.
    expect([...pack([[kind('x')], [heavy]]).packed.slotSelection]).toEqual([0, 1])
    expect([...pack([[heavy], [kind('x')]]).packed.slotSelection]).toEqual([0, 1])
  })

  test('that are scanned for are kept up to date only where rules are found by them', () => {
    const pushed = (driving: readonly number[]) => {
      const { packed, slotNumber } = pack(list, driving)
      return Array.from(slotNumber, (slot) => packed.slotPushed[slot])
    }
    expect(pushed([0, 0, 0, 0, 0])).toEqual([1, 0, 1, 0, 1])
    expect(pushed([0, 1, 0, 0, 0])).toEqual([1, 1, 1, 0, 1])
    expect(pushed([1, 0, 0, 1, 1])).toEqual([1, 0, 1, 1, 1])
  })
})

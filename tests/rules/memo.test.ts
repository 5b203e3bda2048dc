// What is remembered of facts: the latest of them, so many and no more, by type; and where slots stand in a list.
import { expect, test } from 'vitest'
import { limits } from '../../lib/base/limits.ts'
import {
  Memo,
  Memory,
  nothing as noSlots,
  type Remembered,
  type SlotList,
  slotsEnd,
  slotsStart,
} from '../../lib/rules/memo.ts'

const half = limits.memoEntries / 2
const listOf = (...numbers: number[]): SlotList => Int32Array.from(numbers)
const knownOf = (list: SlotList): Remembered => ({ list, isOpen: false, passed: [], slots: list })
const nothing = knownOf(noSlots)

test('a fact by its key, a text or a number', () => {
  const memory = new Memory()
  const [one, text] = [knownOf(listOf(0)), knownOf(listOf(0))]
  memory.set(1, one)
  memory.set('1', text)
  expect([memory.get(1), memory.get('1'), memory.get(2), memory.get('')]).toEqual([one, text, undefined, undefined])
  expect(memory.get(1)).toBe(one)
  expect(memory.get('1')).toBe(text)
  memory.set(1, text)
  expect(memory.get(1)).toBe(text)
})

test('the latest half of what there is room for is remembered, and what was asked for since', () => {
  const memory = new Memory()
  const fill = (from: number, end: number): void => {
    for (let key = from; key < end; key++) memory.set(key, nothing)
  }
  const known = (...keys: number[]): boolean[] => keys.map((key) => memory.get(key) !== undefined)
  fill(0, half)
  expect(known(0, 1, half - 1)).toEqual([true, true, true])
  // The first that is too many; key 0 is asked for, and so is among the young again.
  fill(half, half + 1)
  expect(known(0)).toEqual([true])
  fill(half + 1, 2 * half - 1)
  fill(2 * half - 1, 2 * half)
  expect(known(0, half, 2 * half - 2, 2 * half - 1)).toEqual([true, true, true, true])
  expect(known(1, half - 1)).toEqual([false, false])
})

test('what is asked for and not known takes no room', () => {
  const memory = new Memory()
  memory.set('known', nothing)
  let known = 0
  for (let key = 0; key < 2 * half; key++) if (memory.get(key) !== undefined) known++
  expect(known).toBe(0)
  for (let key = 0; key < half - 1; key++) memory.set(key, nothing)
  expect(memory.get('known')).toBe(nothing)
  memory.set('last', nothing)
  expect(memory.get(1)).toBe(nothing)
})

test('facts of one type know nothing of those of another', () => {
  const memo = new Memo()
  memo.of(3).set('a', nothing)
  expect(memo.of(3).get('a')).toBe(nothing)
  expect([memo.of(0).get('a'), memo.of(4).get('a')]).toEqual([undefined, undefined])
  expect(memo.of(3)).toBe(memo.of(3))
})

test('slots stand behind the measures, before what depends on attributes that a memo leaves out', () => {
  const slotsOf = (list: SlotList): number[] => [...list.subarray(slotsStart(list), slotsEnd(list))]
  expect(slotsOf(noSlots)).toEqual([])
  // Counts in slots 7 and 8; then, for the first measure, in slot 9; selections 5 and 6 remain to be tested.
  expect(slotsOf(listOf(2, 0, 7, 1, 8, 7, 8, 9, 5, 6))).toEqual([7, 8, 9])
  expect(slotsOf(listOf(1, 0, 4, 7))).toEqual([7])
  expect(slotsOf(listOf(0, 5, 6))).toEqual([])
})

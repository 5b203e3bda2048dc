// The set of rules that fired: each once, in ascending order, and empty once taken; of few rules as of many.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FiredRules } from '../../lib/rules/fired-rules.ts'

const take = (set: FiredRules): number[] => Array.from(set.take())

test.each([0, 1, 31, 32, 33, 64, 3_000])('all of %d rules', (count) => {
  const set = new FiredRules(count)
  const rules = Array.from({ length: count }, (_, rule) => rule)
  for (let round = 0; round < 2; round++) {
    for (const rule of rules.toReversed()) set.addNew(rule)
    expect(take(set)).toEqual(rules)
    expect(take(set)).toEqual([])
  }
})

test('the last rule of all has a place', () => {
  for (const count of [1, 2, 31, 32, 33, 64, 65]) {
    const set = new FiredRules(count)
    expect([set.add(count - 1), set.add(count - 1), take(set)]).toEqual([true, false, [count - 1]])
  }
})

test('any rules, added once or again, in any order', () => {
  const set = new FiredRules(2_000)
  const rules = fc.oneof(fc.nat({ max: 70 }), fc.nat({ max: 1_999 }))
  fc.assert(
    fc.property(fc.array(rules, { maxLength: 80 }), (list) => {
      const seen = new Set<number>()
      for (const rule of list) {
        expect(set.add(rule)).toBe(!seen.has(rule))
        seen.add(rule)
      }
      expect(take(set)).toEqual([...seen].sort((a, b) => a - b))
    }),
    { seed: 12, numRuns: 300 },
  )
})

test('lists that are kept stay as they were, however many are taken after them', () => {
  const set = new FiredRules(5_000)
  const counts = [1, 40, 999, 1_000, 1_001, 3_000]
  const taken = Array.from({ length: 60 }, (_, round) => {
    const count = counts[round % counts.length]!
    const rules = Array.from({ length: count }, (_, i) => round + i)
    for (const rule of rules) set.addNew(rule)
    return { rules, list: set.take() }
  })
  for (const { rules, list } of taken) expect(Array.from(list)).toEqual(rules)
})

test('what was found is not changed by what is found later', () => {
  const set = new FiredRules(2_000)
  for (const rule of [900, 5]) set.addNew(rule)
  const first = set.take()
  for (const rule of [7, 1_000, 3]) set.addNew(rule)
  expect([Array.from(first), take(set)]).toEqual([
    [5, 900],
    [3, 7, 1_000],
  ])
})

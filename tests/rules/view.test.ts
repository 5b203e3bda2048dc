// What of a program is live at a time, in the records that the hot code reads: nothing of rules that are over or not yet due,
// and of the others all that it takes to find them.
import { describe, expect, test } from 'vitest'
import { compileRules } from '../../lib/rules/compile.ts'
import type { Program } from '../../lib/rules/program.ts'
import { fromBytes } from '../../lib/rules/snapshot.ts'
import type { Condition, Rule, Test } from '../../lib/rules/types.ts'
import {
  anyPair,
  boundsLayout,
  bucketLayout,
  confirmBit,
  entryLayout,
  isLive,
  liveView,
  slotBoundsLayout,
  slotLayout,
  type View,
} from '../../lib/rules/view.ts'

const programOf = (whens: readonly (readonly Condition[])[]): Program => {
  const rules = whens.map((when, n): Rule => ({ name: `r${n}`, when, insert: [{ type: 'hit' }] }))
  return fromBytes(compileRules(rules).toBytes()).program
}
const now = (is: object): Condition => ({ fact: 'now', where: [{ path: 'at', ...is }] })
const line = (...where: Test[]): Condition => ({ fact: 'line', where })
const sum = (is: object, ...where: Test[]): Condition => ({
  accumulate: 'sum',
  of: { path: 'n' },
  from: { fact: 'line', where },
  is,
})
const brand = (eq: string): Test => ({ path: 'brand', eq })
const kind = (eq: string): Test => ({ path: 'kind', eq })
const size = (eq: number): Test => ({ path: 'size', eq })
const color = (eq: string): Test => ({ path: 'color', eq })
const paid: Condition = { fact: 'payment', where: [{ path: 'method', eq: 'visa' }] }
const infinity = Number.POSITIVE_INFINITY

type Entry = { slot: number; rule: number; low: number; high: number; care: number; want: number }
const entryAt = ({ entries, bounds }: View, entry: number): Entry => {
  const numbers = entries.subarray(entry * entryLayout.stride, (entry + 1) * entryLayout.stride)
  const [low, high] = [boundsLayout.low, boundsLayout.high].map((at) => bounds[entry * boundsLayout.stride + at])
  const { slot, rule, care, want } = entryLayout
  return {
    slot: numbers[slot] as number,
    rule: numbers[rule] as number,
    low: low as number,
    high: high as number,
    care: numbers[care] as number,
    want: numbers[want] as number,
  }
}
const entriesOf = (view: View): Entry[] =>
  Array.from({ length: view.entries.length / entryLayout.stride }, (_, entry) => entryAt(view, entry))

describe('a rule is live', () => {
  const windows: [string, Condition[]][] = [
    ['from 5 until 15', [now({ gte: 5, lt: 15 })]],
    ['from 5 on', [now({ gte: 5 })]],
    ['until 15', [now({ lt: 15 })]],
    ['after 5, to 15', [now({ gt: 5, lte: 15 })]],
    ['never', [now({ gte: 10, lt: 10 })]],
    ['never, the wrong way round', [now({ gte: 12, lt: 8 })]],
    ['always', [line()]],
  ]
  const program = programOf(windows.map(([, when]) => when))
  test.each<[number, number, number[]]>([
    [0, 5, [2, 6]],
    [0, 6, [0, 1, 2, 3, 6]],
    [5, 6, [0, 1, 2, 3, 6]],
    [7, 9, [0, 1, 2, 3, 6]],
    [0, 20, [0, 1, 2, 3, 6]],
    [14, 20, [0, 1, 2, 3, 6]],
    [15, 20, [1, 3, 6]],
    [16, 20, [1, 6]],
    [Number.NaN, Number.NaN, [6]],
  ])('between %d and %d', (from, until, wanted) => {
    const found = windows.flatMap((_, rule) => (isLive(program, rule, from, until) ? [rule] : []))
    expect(found).toEqual(wanted)
  })
})

/** All kinds of rules that the index knows, about brands whose names begin so. */
const kindsOf = (name: string): Condition[][] => [
  [line(brand(`${name}0`))],
  [line(brand(`${name}1`), kind(`${name}x`))],
  [line(brand(`${name}2`), kind(`${name}x`), size(1))],
  [line(brand(`${name}3`), kind(`${name}x`), size(1), color(`${name}red`))],
  [line(brand(`${name}4`), { path: 'n', gte: 5 })],
  [line({ path: 'brand', in: [`${name}5`, `${name}6`] })],
  [line({ path: 'price', gte: 7 })],
  [sum({ gte: 10 }, brand(`${name}0`)), paid],
  [sum({ between: [10, 20] }, brand(`${name}0`)), paid],
  [sum({ gte: 30 }, brand(`${name}7`)), { not: paid }],
  [{ not: line(brand(`${name}8`)) }],
  [{ any: [line(brand(`${name}9`)), paid] }],
]
const sizesOf = (view: View): Record<string, number> => ({
  entries: view.entries.length,
  unindexed: view.unindexed.length,
  buckets: view.buckets.length,
  careful: view.careful.length,
  scanned: view.scanSelection.length,
  slots: view.liveSlots.length,
})

test('what is not live takes no room: a view is as large as one of the live rules alone', () => {
  const window = (from: number): Condition => now({ gte: from, lt: from + 10 })
  const live = kindsOf('a')
  const all = programOf([
    ...kindsOf('b').map((when) => [...when, window(50)]),
    ...live.map((when) => [...when, window(0)]),
    ...kindsOf('c').map((when) => [...when, window(20)]),
  ])
  const alone = liveView(programOf(live.map((when) => [...when, window(0)])), 0, 10)
  const view = liveView(all, 0, 10)
  expect(sizesOf(view)).toEqual(sizesOf(alone))
  expect(entriesOf(view).every(({ rule }) => rule >= live.length && rule < 2 * live.length)).toBe(true)
  // And nothing in it is empty.
  expect(Object.values(sizesOf(view)).every((length) => length > 0)).toBe(true)
  const none = { entries: 0, unindexed: 0, buckets: 0, careful: 0, scanned: 0, slots: 0 }
  expect(sizesOf(liveView(all, 10, 20))).toEqual(none)
  expect(sizesOf(liveView(all, Number.NaN, Number.NaN))).toEqual(none)
})

test('rules on inserted facts are not in it', () => {
  const rules: Rule[] = [
    { name: 'first', when: [line()], insert: [{ type: 'made' }] },
    { name: 'then', when: [{ fact: 'made' }], insert: [{ type: 'hit' }] },
    { name: 'without', when: [{ not: { fact: 'made' } }], insert: [{ type: 'hit' }] },
  ]
  const view = liveView(fromBytes(compileRules(rules).toBytes()).program, Number.NaN, Number.NaN)
  expect(entriesOf(view).map(({ rule }) => rule)).toEqual([0])
  expect(view.unindexed).toHaveLength(0)
})

describe('entries', () => {
  const confirmed = (when: readonly Condition[], from = 0, until = 100): boolean[] => {
    // Others by which the payment is a bit, and the time has boundaries.
    const others = ['x', 'y'].map((name): Condition[] => [line(brand(name)), paid])
    const program = programOf([when, ...others, [now({ gte: 5, lt: 15 }), line(brand('z'))]])
    return entriesOf(liveView(program, from, until))
      .filter(({ rule }) => rule === 0)
      .map(({ care, want }) => {
        expect(care & confirmBit).toBe(want & confirmBit)
        return (care & confirmBit) !== 0
      })
  }

  test.each<[string, Condition[]]>([
    ['a sum', [sum({ gte: 1 }, brand('a'))]],
    ['a sum, and a fact that is a bit', [sum({ gte: 1 }, brand('a')), paid]],
    ['presence', [{ exists: line(brand('a')) }]],
    ['a window that is open all the time', [sum({ gte: 1 }, brand('a')), now({ gte: -5, lt: 105 })]],
    ['a window that just fits', [sum({ gte: 1 }, brand('a')), now({ gte: 0, lt: 100 })]],
  ])('say all: %s', (_, when) => {
    expect(confirmed(when)).toEqual([false])
  })

  test.each<[string, Condition[]]>([
    ['a fact, of which there may be several', [line(brand('a'))]],
    ['a choice beside', [sum({ gte: 1 }, brand('a')), { any: [paid, line(brand('b'))] }]],
    ['a join', [line(brand('a')), { fact: 'line', bind: { x: 'n' } }, { fact: 'part', bind: { x: 'n' } }]],
    ['a window that opens', [sum({ gte: 1 }, brand('a')), now({ gte: 1, lt: 105 })]],
    ['a window that closes', [sum({ gte: 1 }, brand('a')), now({ gte: -5, lt: 99 })]],
  ])('do not say all: %s', (_, when) => {
    expect(confirmed(when)).toEqual([true])
  })
})

describe('the record of a slot', () => {
  // The slot of brand a alone has entries.
  const recordOf = (...whens: Condition[][]) => {
    const others = ['x', 'y', 'z'].map((name): Condition[] => [line(brand(name)), paid])
    const view = liveView(programOf([...whens, ...others]), Number.NaN, Number.NaN)
    const { slot } = entriesOf(view).find(({ rule }) => rule === 0) as Entry
    const numbers = view.slots.subarray(slot * slotLayout.stride, (slot + 1) * slotLayout.stride)
    return {
      low: view.slotBounds[slot * slotBoundsLayout.stride + slotBoundsLayout.low],
      rule: (numbers[slotLayout.rule] as number) >> 1,
      hasMore: ((numbers[slotLayout.rule] as number) & 1) === 1,
      want: numbers[slotLayout.want],
    }
  }
  const of = (is: object): Condition => sum(is, brand('a'))

  test('is its one entry', () => {
    expect(recordOf([of({ gte: 10 })])).toEqual({ low: 10, rule: 0, hasMore: false, want: 0 })
    expect(recordOf([of({ gte: 10 }), paid])).toMatchObject({ low: 10, rule: 0, hasMore: false })
    expect(recordOf([of({ gte: 10 }), paid]).want).not.toBe(0)
  })

  test('is the one of several that takes least', () => {
    expect(recordOf([of({ gte: 20 })], [of({ gte: 10 })])).toEqual({ low: 10, rule: 1, hasMore: true, want: 0 })
    expect(recordOf([of({ gte: 20 })], [of({ gte: 30, lte: 40 })])).toMatchObject({ low: 20, rule: 0, hasMore: true })
  })

  test('holds for nothing where the first has an upper bound, or wants bits not to be set', () => {
    expect(recordOf([of({ between: [10, 20] })])).toMatchObject({ low: infinity, hasMore: true })
    expect(recordOf([of({ gte: 10 }), { not: paid }])).toMatchObject({ low: infinity, hasMore: true })
    expect(recordOf([of({ between: [10, 20] })], [of({ gte: 15 })])).toMatchObject({ low: infinity, hasMore: true })
  })

  test('of a slot that no rule is found by holds for nothing, and leads nowhere', () => {
    const view = liveView(
      programOf([
        [line(brand('a')), paid],
        [line(brand('b')), paid],
      ]),
      Number.NaN,
      Number.NaN,
    )
    const empty = Array.from(view.slots, (_, at) => at / slotLayout.stride).filter(
      (slot) => Number.isInteger(slot) && view.entryStart[slot] === view.entryStart[slot + 1],
    )
    expect(empty).toHaveLength(1)
    for (const slot of empty) {
      expect(view.slotBounds[slot * slotBoundsLayout.stride + slotBoundsLayout.low]).toBe(infinity)
      expect((view.slots[slot * slotLayout.stride + slotLayout.rule] as number) & 1).toBe(0)
    }
  })
})

describe('buckets', () => {
  const none = Number.NaN
  const viewOf = (...wheres: Test[][]): { program: Program; view: View } => {
    const program = programOf(wheres.map((where) => [line(...where)]))
    return { program, view: liveView(program, none, none) }
  }
  /** What is left to verify in each record, as many as there are pairs. */
  const leftIn = ({ program, view }: ReturnType<typeof viewOf>): number[] => {
    const { stride, path1, pair1, path2, pair2 } = bucketLayout
    const one = (at: number, path: number, pair: number): number => {
      const isAny = view.buckets[at + pair] === anyPair
      expect(view.buckets[at + path] === program.pathSteps.length).toBe(isAny)
      return isAny ? 0 : 1
    }
    return Array.from({ length: view.buckets.length / stride }, (_, i) =>
      [one(i * stride, path1, pair1), one(i * stride, path2, pair2)].reduce((a, b) => a + b),
    )
  }

  test('have records of selections with up to two more equalities', () => {
    const all = [brand('a'), kind('x'), size(1)]
    for (const count of [1, 2, 3]) {
      const found = viewOf(all.slice(0, count))
      expect(leftIn(found)).toEqual([count - 1])
      expect(found.view.careful).toHaveLength(0)
    }
  })

  test.each<[string, Test[]]>([
    ['three more equalities', [brand('a'), kind('x'), size(1), color('red')]],
    ['another test', [brand('a'), { path: 'n', gte: 5 }]],
    ['several pairs that lead to it', [{ path: 'brand', in: ['a', 'b'] }]],
  ])('but not of those with %s', (_, where) => {
    const { view } = viewOf(where)
    expect(view.buckets).toHaveLength(0)
    expect(new Set(view.careful)).toEqual(new Set([0]))
  })

  test('nor of those with a test on what a memo leaves out', () => {
    const rules: Rule[] = [{ name: 'r', when: [line(brand('a'), { path: 'n', gte: 5 })], insert: [{ type: 'hit' }] }]
    const bytes = compileRules(rules, { memo: { line: { key: 'key', except: ['n'] } } }).toBytes()
    const view = liveView(fromBytes(bytes).program, none, none)
    expect([view.buckets.length, view.careful.length]).toEqual([0, 1])
  })

  test('each pair has its own, and a slot is in one of them', () => {
    const { view } = viewOf([brand('a')], [brand('b')], [kind('x'), brand('c')], [kind('x'), brand('d')])
    const { stride, slot } = bucketLayout
    const slots = Array.from({ length: view.buckets.length / stride }, (_, i) => view.buckets[i * stride + slot])
    expect([...slots].sort()).toEqual([0, 1, 2, 3])
    const lengths = Array.from(view.bucketStart.slice(1), (end, pair) => end - (view.bucketStart[pair] as number))
    expect(lengths.sort((a, b) => a - b)).toEqual([0, stride, stride, stride, stride])
  })

  test('of one selection have each of its sums', () => {
    const program = programOf([
      [sum({ gte: 5 }, brand('a'))],
      [{ accumulate: 'sum', of: { path: 'm' }, from: line(brand('a')), is: { gte: 5 } } as Condition],
    ])
    const view = liveView(program, none, none)
    expect([view.liveSlots.length, view.buckets.length / bucketLayout.stride]).toEqual([2, 2])
  })
})

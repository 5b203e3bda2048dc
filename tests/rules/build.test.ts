// How rules become a program: what each hangs on, what becomes a bit, and what is left to check. Seen in the program's lists.
import { describe, expect, test } from 'vitest'
import { compileRules } from '../../lib/rules/compile.ts'
import { type Program, ruleFlag } from '../../lib/rules/program.ts'
import { fromBytes } from '../../lib/rules/snapshot.ts'
import type { CompileOptions, Condition, Rule, Test } from '../../lib/rules/types.ts'
import { upTo } from '../support/facts.ts'

const programOf = (whens: readonly (readonly Condition[])[], options: CompileOptions = {}): Program =>
  fromBytes(
    compileRules(
      whens.map((when, n): Rule => ({ name: `r${n}`, when, insert: [{ type: 'hit' }] })),
      options,
    ).toBytes(),
  ).program

const line = (...where: Test[]): Condition => ({ fact: 'line', where })
const brand = (eq: string | number): Test => ({ path: 'brand', eq })
const sum = (is: object, ...where: Test[]): Condition => ({
  accumulate: 'sum',
  of: { path: 'n' },
  from: { fact: 'line', where },
  is,
})
const now = (is: object): Condition => ({ fact: 'now', where: [{ path: 'at', ...is }] }) as Condition
const paid: Condition = { fact: 'payment', where: [{ path: 'method', eq: 'visa' }] }
const sent: Condition = { fact: 'delivery' }

type Entry = { rule: number; low: number; high: number; care: number; want: number }
const entriesAt = (program: Program, slot: number): Entry[] =>
  upTo((program.entryStart[slot + 1] as number) - (program.entryStart[slot] as number)).map((i) => {
    const at = (program.entryStart[slot] as number) + i
    return {
      rule: program.entryRule[at] as number,
      low: program.entryLow[at] as number,
      high: program.entryHigh[at] as number,
      care: program.entryCare[at] as number,
      want: program.entryWant[at] as number,
    }
  })
/** Slot -> its entries, of slots that have any. */
const entriesOf = (program: Program): Entry[][] =>
  upTo(program.slotSelection.length)
    .map((slot) => entriesAt(program, slot))
    .filter(({ length }) => length > 0)
/** How many atoms and the like are left to check of a rule. */
const hasRest = (program: Program, rule: number): boolean => (program.restCode[rule] as number) >= 0
const infinity = Number.POSITIVE_INFINITY

test('boundaries are the moments at which windows open or close, each once, ascending', () => {
  const whens = [
    [now({ gte: 50, lt: 60 })],
    [now({ gte: 7 })],
    [now({ lt: 50 })],
    [line()],
    [now({ gte: -100, lt: 7 })],
  ]
  expect([...programOf(whens).boundaries]).toEqual([-100, 7, 50, 60])
  expect([...programOf([[line()]]).boundaries]).toEqual([])
  // One in a choice is none of the rule's.
  expect([...programOf([[{ any: [now({ gte: 5 }), line()] }]]).boundaries]).toEqual([])
})

test('entries of a slot stand by their lower bounds, those of equal bounds by rule', () => {
  const bounds = [30, 10, 20, 10, 40, 30]
  const program = programOf(bounds.map((gte) => [sum({ gte }, brand('a'))]))
  expect(entriesOf(program).map((entries) => entries.map(({ rule, low }) => [low, rule]))).toEqual([
    [
      [10, 1],
      [10, 3],
      [20, 2],
      [30, 0],
      [30, 5],
      [40, 4],
    ],
  ])
})

describe('a rule hangs', () => {
  test.each<[string, Condition[], [number, number][]]>([
    ['on its sum, between its bounds', [sum({ between: [5, 9] }, brand('a'))], [[5, 9]]],
    ['on a sum that is below nothing', [sum({ lt: 0 }, brand('a'))], [[-infinity, -5e-324]]],
    ['on its fact', [line(brand('a'))], [[1, infinity]]],
    [
      'on each part of a choice',
      [{ any: [line(brand('a')), sent] }],
      [
        [-infinity, infinity],
        [-infinity, infinity],
      ],
    ],
    ['on one part of a group', [{ all: [line(brand('a')), line(brand('b'))] }], [[1, infinity]]],
    ['on what is not absent', [{ not: { not: line(brand('a')) } }], [[1, infinity]]],
    ['on nothing that may be absent', [{ not: line(brand('a')) }], []],
    ['on no sum that may be nothing', [sum({ gte: 0 }, brand('a'))], []],
    ['on no sum that may be anything', [sum({ lte: 5 }, brand('a'))], []],
    ['on no choice of which a part may hold by itself', [{ any: [line(brand('a')), { not: sent }] }], []],
    ['on nothing, where nothing is asked for', [], []],
    ['on nothing, where only time is asked for', [now({ gte: 5 })], []],
  ])('%s', (_, when, bounds) => {
    const program = programOf([when])
    expect(entriesOf(program).flatMap((entries) => entries.map(({ low, high }) => [low, high]))).toEqual(bounds)
    expect([...program.unindexed]).toEqual(bounds.length === 0 ? [0] : [])
  })

  test('on what fewest rules ask for', () => {
    const program = programOf([...upTo(5).map((n) => [sent, line(brand(n))]), [sent], [sent]])
    // By lines; the two that ask for nothing else by delivery.
    expect(
      entriesOf(program)
        .map((entries) => entries.map(({ rule }) => rule))
        .sort(),
    ).toEqual([[0], [1], [2], [3], [4], [5, 6]])
  })

  test('on the type in focus, before what fewest ask for', () => {
    const whens = [...upTo(5).map((n) => [line(brand('a')), { fact: 'payment', where: [{ path: 'method', eq: n }] }])]
    expect(entriesOf(programOf(whens)).map(({ length }) => length)).toEqual([1, 1, 1, 1, 1])
    expect(entriesOf(programOf(whens, { focus: 'line' })).map(({ length }) => length)).toEqual([5])
    expect(entriesOf(programOf(whens, { focus: 'payment' })).map(({ length }) => length)).toEqual([1, 1, 1, 1, 1])
    // Though it must be scanned for.
    const scanned = [[line({ path: 'n', gte: 5 }), sent]]
    const typeOf = (program: Program): string | undefined => {
      const slot = upTo(program.slotSelection.length).find((each) => entriesAt(program, each).length > 0) ?? -1
      return program.types[program.selectionType[program.slotSelection[slot] as number] as number]
    }
    expect(typeOf(programOf(scanned, { focus: 'line' }))).toBe('line')
  })
})

describe('what is left to check', () => {
  test.each<[string, Condition[], boolean]>([
    ['of one condition nothing', [line(brand('a'))], false],
    ['of what became bits nothing', [line(brand('a')), paid, { not: sent }], false],
    ['of a window nothing, which is checked by itself', [line(brand('a')), now({ gte: 5 })], false],
    [
      'of what only the general path can tell nothing',
      [line(brand('a')), { fact: 'line', bind: { x: 'n' } }, { fact: 'part', bind: { x: 'n' } }],
      false,
    ],
    [
      'of what always holds nothing',
      [line(brand('a')), { accumulate: 'count', from: { fact: 'line' }, as: 'x' }],
      false,
    ],
    ['of a choice beside it that', [line(brand('a')), { any: [paid, sent] }], true],
    ['of a choice itself all of it', [{ any: [line(brand('a')), sent] }], true],
    ['of an absence alone that', [{ not: line(brand('a')) }], true],
    ['of what is asked to hold and not to hold the second', [line(brand('a')), paid, { not: paid }], true],
    ['of nothing nothing', [], false],
  ])('%s', (_, when, rest) => {
    const others = [
      [line(brand('x')), paid, sent],
      [line(brand('y')), paid, sent],
    ]
    expect(hasRest(programOf([when, ...others]), 0)).toBe(rest)
  })

  test('a sum above nothing says that its facts are there', () => {
    const said = (is: object, ...more: Condition[]): boolean => {
      const program = programOf([[sum(is, brand('a')), ...more]])
      return (
        hasRest(program, 0) ||
        entriesOf(program)
          .flat()
          .some(({ care }) => care !== 0)
      )
    }
    expect(said({ gte: 1 }, { exists: line(brand('a')) })).toBe(false)
    expect(said({ gt: 0 }, { exists: line(brand('a')) })).toBe(false)
    // Which it does not of others, nor where it may be nothing, nor that they are not there.
    expect(said({ gte: 1 }, { exists: line(brand('b')) })).toBe(true)
    expect(said({ gte: 1 }, { not: line(brand('a')) })).toBe(true)
    expect(said({ gte: 1 }, sum({ gte: 3 }, brand('b')))).toBe(true)
    // A rule with the fact alone is found by it.
    expect(entriesOf(programOf([[sum({ gte: 0 }, brand('a')), line(brand('a'))]])).flat()).toMatchObject([{ low: 1 }])
    expect(hasRest(programOf([[sum({ gte: 0 }, brand('a')), { exists: line(brand('a')) }, line(brand('c'))]]), 0)).toBe(
      false,
    )
  })
})

describe('bits', () => {
  test('are the atoms that most rules ask for beside what they are found by, the first of equals first', () => {
    const method = (n: number): Condition => ({ fact: 'payment', where: [{ path: 'method', eq: n }] })
    // Method n is asked for by n + 1 rules, but for 7, by as many as 9 is.
    const whens = upTo(40).flatMap((n) =>
      upTo(n === 7 ? 10 : n + 1).map((copy) => [line(brand(`${n} ${copy}`)), method(n)]),
    )
    const program = programOf(whens)
    expect(program.bitAtom).toHaveLength(31)
    const values = program.pathValues[program.pathSteps.findIndex(([step]) => step === 'method')] as readonly number[]
    const methodOf = (atom: number): number | undefined => {
      const selection = program.slotSelection[program.atomSlot[atom] as number] as number
      const pair = upTo(program.bucketStart.length - 1).find((each) =>
        program.bucketSelection.subarray(program.bucketStart[each], program.bucketStart[each + 1]).includes(selection),
      ) as number
      const first = upTo(program.pathSteps.length).findIndex((path) => program.pathSteps[path]?.[0] === 'method')
      const before = program.pathValues.slice(0, first).reduce((count, list) => count + list.length, 0)
      return values[pair - before]
    }
    const found = Array.from(program.bitAtom, methodOf)
    expect(found).toEqual([...upTo(30).map((i) => 39 - i), 7])
  })

  test('are told by an entry: which it looks at, and what they must be', () => {
    const program = programOf([
      [line(brand('a')), paid, { not: sent }],
      [line(brand('b')), paid],
      [line(brand('c')), { not: paid }],
      [line(brand('d'))],
    ])
    const entry = (rule: number): Entry | undefined =>
      entriesOf(program)
        .flat()
        .find((each) => each.rule === rule)
    expect(upTo(4).map((rule) => [entry(rule)?.care, entry(rule)?.want])).toEqual([
      [3, 1],
      [1, 1],
      [1, 0],
      [0, 0],
    ])
  })
})

describe('flags', () => {
  const flagsOf = (when: readonly Condition[]): number =>
    programOf([when, [line(brand('x')), paid], [line(brand('y')), paid]]).ruleFlags[0] as number
  test.each<[string, Condition[], number]>([
    ['none, of a fact that may be there several times', [line(brand('a'))], 0],
    ['bits say all, of a sum', [sum({ gte: 1 }, brand('a'))], ruleFlag.bitFactors],
    ['bits say all, of a fact that is a bit', [sum({ gte: 1 }, brand('a')), paid], ruleFlag.bitFactors],
    [
      'bits say all, of other facts beside',
      [sum({ gte: 1 }, brand('a')), paid, line(brand('b')), line(brand('c'))],
      ruleFlag.bitFactors,
    ],
    [
      'a join',
      [
        { fact: 'line', bind: { x: 'n' } },
        { fact: 'part', bind: { x: 'n' } },
      ],
      ruleFlag.open,
    ],
    [
      'a join without facts',
      [sum({ gte: 1 }, brand('a')), { accumulate: 'max', of: { path: 'n' }, from: { fact: 'line' } }],
      ruleFlag.open | ruleFlag.bitFactors,
    ],
  ])('%s', (_, when, flags) => {
    expect(flagsOf(when)).toBe(flags)
  })

  test('a rule on inserted facts is not in the index', () => {
    const rules: Rule[] = [
      { name: 'first', when: [line()], insert: [{ type: 'made' }] },
      { name: 'then', when: [{ fact: 'made' }], insert: [{ type: 'hit' }] },
    ]
    const { program } = fromBytes(compileRules(rules).toBytes())
    expect([...program.ruleFlags]).toEqual([0, ruleFlag.chained])
    expect(entriesOf(program).flat()).toMatchObject([{ rule: 0 }])
    expect(program.unindexed).toHaveLength(0)
  })
})

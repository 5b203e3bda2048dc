// Matches of conditions, found by trying facts: each with the facts that make it and what is bound in it, at a cost that is
// charged; and what is left of a search that was stopped, or that found nothing.
import { describe, expect, test } from 'vitest'
import { groupByType } from '../../lib/rules/chaining.ts'
import { conditionMatcher, newSearch, type Search } from '../../lib/rules/matcher.ts'
import { parseRule } from '../../lib/rules/parse.ts'
import type { Condition, Fact, Registry } from '../../lib/rules/types.ts'
import { addWork } from '../../lib/rules/values.ts'

const registry: Registry = { accumulators: { second: (values) => values[1] } }
const searchIn = (facts: readonly Fact[], budget = 1_000_000): Search => newSearch(groupByType(facts), { budget })
function matcherOf(when: readonly Condition[]) {
  const { when: all, variables } = parseRule({ name: 'r', when, insert: [{ type: 'hit' }] }, '', registry)
  const match = conditionMatcher(all, registry)
  const bound = ({ environment }: Search): Record<string, unknown> =>
    Object.fromEntries(variables.flatMap((name, i) => (environment[i] === undefined ? [] : [[name, environment[i]]])))
  return { match, bound }
}
type Match = { facts: readonly Fact[]; bound: Record<string, unknown> }
function matchesOf(when: readonly Condition[], facts: readonly Fact[]): Match[] {
  const { match, bound } = matcherOf(when)
  const search = searchIn(facts)
  const found: Match[] = []
  const stopped = match(search, () => {
    found.push({ facts: [...search.chosen], bound: bound(search) })
    return false
  })
  // Nothing is left behind.
  expect([stopped, search.exhausted, search.chosen, bound(search)]).toEqual([false, false, [], {}])
  return found
}
const stepsOf = (when: readonly Condition[], facts: readonly Fact[]): number => {
  const search = searchIn(facts)
  matcherOf(when).match(search, () => false)
  return search.steps
}

const a = (n: unknown, more: object = {}): Fact => ({ type: 'a', n, ...more })
const b = (n: unknown, more: object = {}): Fact => ({ type: 'b', n, ...more })
const [a1, a2, a3, b1, b2] = [a(1), a(2), a(3), b(1), b(2)] as const
const facts = [a1, b1, a2, b2, a3]
const ofA: Condition = { fact: 'a', bind: { x: 'n' } }
const ofB: Condition = { fact: 'b', bind: { x: 'n' } }
const after: Condition = { fact: 'b', where: [{ path: 'n', gt: { var: 'x' } }] }

describe('matches', () => {
  test.each<[string, Condition[], Match[]]>([
    ['of nothing: one', [], [{ facts: [], bound: {} }]],
    ['of a fact: one for each', [ofA], [a1, a2, a3].map((fact) => ({ facts: [fact], bound: { x: fact.n } }))],
    ['of a whole fact', [{ fact: 'b', as: 'y' }], [b1, b2].map((fact) => ({ facts: [fact], bound: { y: fact } }))],
    ['of no fact', [{ fact: 'none' }], []],
    ['of a fact without what is bound', [{ fact: 'a', bind: { x: 'none' } }], []],
    [
      'joined',
      [ofA, ofB],
      [
        { facts: [a1, b1], bound: { x: 1 } },
        { facts: [a2, b2], bound: { x: 2 } },
      ],
    ],
    ['joined by order', [ofA, after], [{ facts: [a1, b2], bound: { x: 1 } }]],
    [
      'of three',
      [ofA, ofB, { fact: 'b' }],
      [
        { facts: [a1, b1, b1], bound: { x: 1 } },
        { facts: [a1, b1, b2], bound: { x: 1 } },
        { facts: [a2, b2, b1], bound: { x: 2 } },
        { facts: [a2, b2, b2], bound: { x: 2 } },
      ],
    ],
    [
      'of a group',
      [{ all: [ofA, ofB] }],
      [
        { facts: [a1, b1], bound: { x: 1 } },
        { facts: [a2, b2], bound: { x: 2 } },
      ],
    ],
    ['with absence, which adds no fact', [ofA, { not: ofB }], [{ facts: [a3], bound: { x: 3 } }]],
    ['with absence of an absence', [{ not: { not: { fact: 'a' } } }], [{ facts: [], bound: {} }]],
    ['with presence, which adds what it found', [ofA, { exists: after }], [{ facts: [a1, b2], bound: { x: 1 } }]],
    ['with presence of a group', [{ exists: { all: [ofA, ofB] } }], [{ facts: [a1, b1], bound: {} }]],
    ['with a free test', [ofA, { test: { var: 'x', gte: 3 } }], [{ facts: [a3], bound: { x: 3 } }]],
    [
      'of a choice that binds nothing: one, by the first',
      [{ any: [{ fact: 'none' }, { fact: 'b' }, { fact: 'a' }] }],
      [{ facts: [b1], bound: {} }],
    ],
    [
      'of a choice: one for each set of values',
      [{ any: [ofA, ofB] }],
      [a1, a2, a3].map((fact) => ({ facts: [fact], bound: { x: fact.n } })),
    ],
    [
      'of a choice under what is bound',
      [{ any: [ofB, { all: [{ fact: 'none' }, ofA] }] }, ofA],
      [
        { facts: [b1, a1], bound: { x: 1 } },
        { facts: [b2, a2], bound: { x: 2 } },
      ],
    ],
    [
      'of a choice of whole facts: one for each',
      [
        {
          any: [
            { fact: 'a', as: 'y' },
            { fact: 'b', as: 'y' },
          ],
        },
      ],
      [a1, a2, a3, b1, b2].map((fact) => ({ facts: [fact], bound: { y: fact } })),
    ],
    ['of no choice', [{ any: [{ fact: 'none' }] }], []],
  ])('%s', (_, when, wanted) => {
    expect(matchesOf(when, facts)).toEqual(wanted)
  })

  test('a variable that is known is compared, by value; a whole fact by itself', () => {
    const twin = { ...a1 }
    const list = [a([1, { m: 2 }]), b([1, { m: 2 }]), b([1])]
    expect(matchesOf([ofA, ofB], list)).toMatchObject([{ facts: list.slice(0, 2) }])
    expect(
      matchesOf(
        [
          { fact: 'a', as: 'y' },
          { fact: 'a', as: 'y' },
        ],
        [a1, twin],
      ).map(({ facts: pair }) => pair),
    ).toEqual([
      [a1, a1],
      [twin, twin],
    ])
    expect(matchesOf([{ fact: 'a', bind: { x: 'n', y: 'm' } }], [a(1, { m: 2 }), a(1), a(3, { m: 4 })])).toHaveLength(2)
    expect(
      matchesOf(
        [
          { fact: 'a', bind: { x: 'n' } },
          { fact: 'a', bind: { x: 'm' } },
        ],
        [a(1, { m: 2 }), a(2, { m: 3 })],
      ),
    ).toMatchObject([{ bound: { x: 2 } }])
  })

  test('choices tell equal values from equal facts, and lists from texts', () => {
    const twins = [a(1), a(1), a('1'), a([1]), a('[1]'), a(null)]
    expect(matchesOf([{ any: [ofA, { fact: 'none', bind: { x: 'n' } }] }], twins).map(({ bound }) => bound.x)).toEqual([
      1,
      '1',
      [1],
      '[1]',
      null,
    ])
    expect(
      matchesOf(
        [
          {
            any: [
              { fact: 'a', as: 'y' },
              { fact: 'none', as: 'y' },
            ],
          },
        ],
        twins,
      ),
    ).toHaveLength(6)
    // A fact that two branches find is one.
    const either: Condition = { any: [{ fact: 'a', as: 'y' }, { all: [{ fact: 'a', as: 'y' }] }] }
    expect(matchesOf([either], twins)).toHaveLength(6)
    // Two values side by side.
    const pairs = [a('u v', { m: 'w' }), a('u', { m: 'v w' }), a('u', { m: 'v w' })]
    expect(matchesOf([{ any: [{ fact: 'a', bind: { x: 'n', y: 'm' } }] }], pairs)).toHaveLength(2)
  })
})

describe('accumulations', () => {
  const of = (accumulate: string, more: object = {}): Condition =>
    ({ accumulate, of: { path: 'n' }, from: { fact: 'a' }, as: 'x', ...more }) as Condition
  const given = [a1, a2, a(3, { m: 1 }), a('t'), a(undefined)]
  test.each<[string, Condition, unknown[]]>([
    ['a sum', of('sum'), [6]],
    ['the greatest number', of('max'), [3]],
    ['all values there are', of('all'), [[1, 2, 3, 't']]],
    ['all facts', { accumulate: 'all', from: { fact: 'b' }, as: 'x' }, [[]]],
    ['one of one’s own', of('second'), [2]],
    ['a bound that is met', of('sum', { is: { gte: 6, lt: 7 } }), [6]],
    ['bounds of which one is not met', of('sum', { is: { gte: 6, lt: 6 } }), []],
    ['nothing, which does not match', of('min', { from: { fact: 'none' } }), []],
  ])('%s', (_, condition, values) => {
    const found = matchesOf([condition], given)
    expect(found.map(({ bound }) => bound.x)).toEqual(values)
  })

  test('name the facts that they are about', () => {
    expect(matchesOf([of('sum', { from: { fact: 'a', where: [{ path: 'n', gte: 2 }] } })], facts)).toEqual([
      { facts: [a2, a3], bound: { x: 5 } },
    ])
    expect(matchesOf([of('sum', { from: { fact: 'none' } })], facts)).toEqual([{ facts: [], bound: { x: 0 } }])
  })

  test('by groups, of facts that have what they are grouped by', () => {
    const list = [a(1, { g: 'u' }), a(2, { g: 'v' }), a(3, { g: 'u' }), a(4), a(5, { g: ['u'] }), a(6, { g: ['u'] })]
    const grouped = of('sum', { by: { g: 'g' } })
    const wanted = [
      { facts: [list[0], list[2]], bound: { g: 'u', x: 4 } },
      { facts: [list[1]], bound: { g: 'v', x: 2 } },
      { facts: [list[4], list[5]], bound: { g: ['u'], x: 11 } },
    ]
    expect(matchesOf([grouped], list)).toEqual(wanted)
    expect(matchesOf([{ fact: 'b', bind: { g: 'n' } }, grouped], [...list, b('v')])).toMatchObject([
      { bound: { g: 'v', x: 2 } },
    ])
    expect(matchesOf([grouped], [])).toEqual([])
    expect(matchesOf([of('sum', { by: { g: 'g', h: 'n' }, is: { gte: 3 } })], list)).toHaveLength(3)
  })

  test('a result that is bound already must be the same', () => {
    expect(matchesOf([of('sum', { from: { fact: 'b' } }), ofA], facts)).toMatchObject([{ bound: { x: 3 } }])
  })
})

describe('a search that is stopped', () => {
  test.each<[string, Condition[], readonly Fact[]]>([
    ['at a fact', [ofA], [a1]],
    ['at a join', [ofA, ofB], [a1, b1]],
    ['at presence', [{ exists: { all: [ofA, ofB] } }], [a1, b1]],
    ['at a sum', [{ accumulate: 'sum', of: { path: 'n' }, from: { fact: 'a' } }, { fact: 'b' }], [a1, a2, a3, b1]],
    ['at a choice', [{ any: [ofB, ofA] }, { fact: 'a' }], [b1, a1]],
    ['beside absence', [{ not: { fact: 'none' } }, { fact: 'a' }], [a1]],
  ])('%s shows the facts that it stopped at', (_, when, wanted) => {
    const search = searchIn(facts)
    expect(matcherOf(when).match(search, () => true)).toBe(true)
    expect([search.chosen, search.exhausted]).toEqual([wanted, false])
  })

  const costly: [string, Condition[]][] = [
    ['facts', [ofA, { fact: 'b' }]],
    ['absence', [{ not: { fact: 'a', where: [{ path: 'n', gt: 5 }] } }]],
    ['absence within', [ofA, { not: after }]],
    ['presence', [{ exists: { fact: 'a', where: [{ path: 'n', gt: 5 }] } }]],
    ['a choice', [{ any: [ofA, ofB] }]],
    ['a choice that binds nothing', [{ any: [{ fact: 'none' }, { fact: 'a', where: [{ path: 'n', gt: 5 }] }] }]],
    ['a sum', [{ accumulate: 'sum', of: { path: 'n' }, from: { fact: 'a' }, is: { gte: 1 } }]],
    ['groups', [{ accumulate: 'sum', of: { path: 'n' }, from: { fact: 'a' }, by: { x: 'n' } }]],
    [
      'groups under what is bound',
      [ofB, { accumulate: 'count', from: { fact: 'a', where: [{ path: 'n', gte: { var: 'x' } }] }, is: { gte: 1 } }],
    ],
    ['free tests', [ofA, { test: { var: 'x', gte: 2 } }]],
  ]
  test.each(costly)('by its budget, anywhere: %s', (_, when) => {
    const steps = stepsOf(when, facts)
    const whole = matchesOf(when, facts).length
    for (let budget = 0; budget <= steps; budget++) {
      const search = searchIn(facts, budget)
      let count = 0
      const stopped = matcherOf(when).match(search, () => {
        count++
        return false
      })
      expect([search.exhausted, stopped], `${budget}`).toEqual([budget < steps, budget < steps])
      expect(count).toBeLessThanOrEqual(whole)
      if (budget === steps) expect(count).toBe(whole)
    }
  })
})

describe('what is done is charged for', () => {
  const many = Array.from({ length: 100 }, (_, n) => a(n))
  const notOne = (count: number) => Array.from({ length: count }, (_, n) => ({ path: 'n', ne: -1 - n }))
  test('trying a fact, testing it, and each match', () => {
    const none = stepsOf([{ fact: 'a', where: [{ path: 'n', lt: 0 }] }], many)
    expect(stepsOf([{ fact: 'none' }], many)).toBe(0)
    expect(none).toBe(100 * (4 + 4))
    expect(stepsOf([{ fact: 'a', where: notOne(3) }], many)).toBe(100 * (4 + 3 * 4 + 10))
    const bound = { add: [{ path: 'n' }, 1, 2] }
    expect(stepsOf([{ fact: 'a', bind: { x: bound } }], many)).toBe(100 * (4 + 10 + 4 * 3))
    expect(stepsOf([ofA, { test: { var: 'x', lt: 0 } }], many) - stepsOf([ofA], many)).toBe(100 * 4)
  })

  test('accumulating, by group, and each result', () => {
    const count = (more: object): number => stepsOf([{ accumulate: 'count', from: { fact: 'a' }, ...more }], many)
    const all = count({})
    // Facts tried and counted; one result, and one match that names them all.
    expect(all).toBe(100 * (4 + 10) + 10 + (10 + 100))
    expect(count({ is: { gte: 1, lt: 500 } }) - all).toBe(2 * 4)
    // With the work on the texts that tell groups apart.
    expect(count({ by: { x: 'n' } })).toBeGreaterThanOrEqual(100 * (4 + 10 + 40) + 100 * (10 + 10 + 1))
    const sum = stepsOf([{ accumulate: 'sum', of: { mul: [{ path: 'n' }, 2] }, from: { fact: 'a' } }], many)
    expect(sum - all).toBe(100 * 4 * 2)
  })

  test('what depends on no variable once, what does for each', () => {
    const total: Condition = { accumulate: 'count', from: { fact: 'b' } }
    const beside: Condition = { accumulate: 'count', from: { fact: 'b', where: [{ path: 'n', ne: { var: 'x' } }] } }
    const list = [...many, b(1), b(2), b(3)]
    const alone = stepsOf([ofA], list)
    expect(stepsOf([ofA, total], list) - alone).toBeLessThan(100 * 20)
    expect(stepsOf([ofA, beside], list) - alone).toBeGreaterThan(100 * 3 * 8)
    for (const more of [{ by: { y: { var: 'x' } } }, { of: { var: 'x' }, accumulate: 'sum' }]) {
      expect(stepsOf([ofA, { ...total, ...more } as Condition], list) - alone).toBeGreaterThan(100 * 3 * 8)
    }
  })

  test('a choice, for each of its sets of values', () => {
    const part: Condition = { fact: 'a', bind: { x: 'n' } }
    expect(stepsOf([{ any: [part] }], many)).toBeGreaterThanOrEqual(100 * (14 + 40))
  })

  test('but nothing that was worked out before', () => {
    addWork(5_000)
    expect(stepsOf([{ fact: 'none' }], [])).toBe(0)
    expect(newSearch(new Map(), { budget: 5, steps: 3 })).toMatchObject({
      steps: 3,
      budget: 5,
      exhausted: false,
      chosen: [],
    })
  })
})

// Facts of a type with few live selections are tested for each of them instead of being looked up: the same must come out.
import { describe, expect, test } from 'vitest'
import { compileRules } from '../../lib/rules/compile.ts'
import type { Fact, Fired, Rule, Test } from '../../lib/rules/types.ts'
import { upTo } from '../support/facts.ts'

const ruleOf = (n: number, where: readonly Test[]): Rule => ({
  name: `r${n}`,
  when: [{ fact: 'line', where }],
  insert: [{ type: 'hit', n }],
})

function fire(rules: readonly Rule[], facts: readonly Fact[], index: 'always' | 'never' = 'always'): Fired {
  const outcome = compileRules(rules, { index }).session(facts).fire()
  if (!outcome.ok) throw new Error('out of budget')
  return outcome
}
const namesOf = (rules: readonly Rule[], line: object): number[] => {
  const facts = [{ type: 'line', ...line }]
  const found = [...fire(rules, facts).rules]
  expect(found).toEqual([...fire(rules, facts, 'never').rules])
  return found
}

describe('a fact is tested for few selections', () => {
  const rules = [
    ruleOf(0, [{ path: 'brand', eq: 'Puma' }]),
    ruleOf(1, [
      { path: 'brand', eq: 'Puma' },
      { path: 'kind', eq: 'Shorts' },
    ]),
    ruleOf(2, [
      { path: 'brand', eq: 'Asics' },
      { path: 'kind', eq: 'Shorts' },
      { path: 'size', eq: 4 },
    ]),
    ruleOf(3, [{ path: 'size', eq: 5 }]),
    ruleOf(4, [{ path: 'sale', eq: true }]),
    ruleOf(5, [{ path: 'made', eq: null }]),
  ]

  test.each<[string, object, number[]]>([
    ['nothing', {}, []],
    ['one value', { brand: 'Puma' }, [0]],
    ['two values', { brand: 'Puma', kind: 'Shorts' }, [0, 1]],
    ['one of two', { brand: 'Asics', kind: 'Shorts' }, []],
    ['three values', { brand: 'Asics', kind: 'Shorts', size: 4 }, [2]],
    ['the last of three', { brand: 'Asics', kind: 'Shoes', size: 4 }, []],
    ['values of several rules', { brand: 'Puma', size: 5, sale: true, made: null }, [0, 3, 4, 5]],
    ['values of another kind', { brand: 1, size: '5', sale: 'true', made: 'null' }, []],
    ['what only looks like a value', { brand: { length: 4 }, size: { valueOf: 5 }, made: {} }, []],
    ['a list where rules ask first', { brand: ['Nike', 'Puma'], kind: 'Shorts' }, [0, 1]],
    ['a list where they ask afterwards', { brand: 'Puma', kind: ['Shorts', 'Shoes'], size: 5 }, [0, 1, 3]],
    ['lists', { brand: ['Asics', 'Puma'], kind: ['Shorts'], size: [4, 5], sale: [true] }, [0, 1, 2, 3, 4]],
    ['a list without the value', { brand: ['Nike'], kind: ['Shorts'], size: 5 }, [3]],
  ])('%s', (_, line, expected) => {
    expect(namesOf(rules, line)).toEqual(expected)
  })

  test('found before a list is met, once', () => {
    const fired = fire(rules, [{ type: 'line', brand: 'Puma', size: [5] }])
    expect([...fired.rules]).toEqual([0, 3])
    expect([fired.times(0), fired.times(3)]).toEqual([1, 1])
  })

  test('under names that objects inherit, and within objects', () => {
    const asking = [
      ruleOf(0, [{ path: 'toString', eq: 'x' }]),
      ruleOf(1, [{ path: ['maker', 'country'], eq: 'PL' }]),
      ruleOf(2, [{ path: 'maker', eq: 'PL' }]),
    ]
    expect(namesOf(asking, {})).toEqual([])
    expect(namesOf(asking, { toString: 'x' })).toEqual([0])
    expect(namesOf(asking, { maker: { country: 'PL' } })).toEqual([1])
    expect(namesOf(asking, { maker: 'PL', country: 'PL' })).toEqual([2])
  })

  test('beside selections that ask for more than equality', () => {
    const asking = [
      ruleOf(0, [
        { path: 'brand', eq: 'Puma' },
        { path: 'price', gte: 5 },
      ]),
      ruleOf(1, [{ path: 'brand', eq: 'Puma' }]),
      ruleOf(2, [{ path: 'brand', in: ['Puma', 'Asics'] }]),
      ruleOf(3, [{ path: 'price', lt: 5 }]),
    ]
    expect(namesOf(asking, { brand: 'Puma', price: 4 })).toEqual([1, 2, 3])
    expect(namesOf(asking, { brand: 'Puma', price: 5 })).toEqual([0, 1, 2])
    expect(namesOf(asking, { brand: 'Asics', price: 5 })).toEqual([2])
  })
})

describe('what it takes to find what a fact matches', () => {
  const stepsOf = (rules: readonly Rule[], line: object): number =>
    fire(rules, [{ type: 'line', ...line }]).steps - fire(rules, []).steps
  const byNumber = (count: number): Rule[] => upTo(count).map((n) => ruleOf(n, [{ path: 'n', eq: n }]))
  const byTwo = (count: number): Rule[] =>
    upTo(count).map((n) =>
      ruleOf(n, [
        { path: 'n', eq: n },
        { path: 'm', eq: 0 },
      ]),
    )

  test('grows with few selections, two for each attribute', () => {
    expect(stepsOf(byTwo(4), { n: -1, m: 0 })).toBe(4)
    expect(stepsOf(byTwo(3), { n: -1, m: 0 })).toBe(3)
  })

  test('does not with more', () => {
    expect(stepsOf(byTwo(5), { n: -1, m: 0 })).toBe(0)
    expect(stepsOf(byNumber(500), { n: -1 })).toBe(0)
  })

  test('is small again when most of them are not live', () => {
    const from = Date.UTC(2022, 7, 24)
    const rules = upTo(400).map((n) => ({
      ...ruleOf(n, [{ path: 'n', eq: n }]),
      when: [
        { fact: 'now', where: [{ path: 'at', gte: from + 100 * 86_400_000 * Math.min(n, 2) }] },
        { fact: 'line', where: [{ path: 'n', eq: n }] },
      ],
    }))
    const facts = (n: number): Fact[] => [
      { type: 'now', at: from },
      { type: 'line', n },
    ]
    expect([...fire(rules, facts(0)).rules]).toEqual([0])
    expect([...fire(rules, facts(5)).rules]).toEqual([])
    expect(fire(rules, facts(5)).steps).toBe(1 + fire(rules, facts(5).slice(0, 1)).steps)
  })
})

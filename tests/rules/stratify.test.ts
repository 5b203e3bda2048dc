// The order in which rules on inserted facts are evaluated, and the cycles that have none.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { parseRule } from '../../lib/rules/parse.ts'
import { Dependencies, type Stratum, stratify } from '../../lib/rules/stratify.ts'
import type { Condition, Rule } from '../../lib/rules/types.ts'
import { upTo } from '../support/facts.ts'

const strataOf = (rules: readonly Rule[]): Stratum[] => {
  const dependencies = new Dependencies()
  for (const rule of rules) dependencies.add(parseRule(rule, '', {}))
  return stratify(dependencies)
}
const fact = (type: string): Condition => ({ fact: type })
const not = (condition: Condition): Condition => ({ not: condition })
const total = (type: string): Condition => ({ accumulate: 'count', from: { fact: type } })

/** A rule for each `[conditions, types inserted]`, named a, b, c and so on. */
const rulesOf = (...list: [Condition[], string[]][]): Rule[] =>
  list.map(([when, types], n) => ({
    name: String.fromCharCode(97 + n),
    when,
    insert: types.map((type) => ({ type })),
  }))
const once = (...rules: number[]): Stratum => ({ rules, recursive: false })
const repeated = (...rules: number[]): Stratum => ({ rules, recursive: true })

describe('strata', () => {
  test.each<[string, Rule[], Stratum[]]>([
    ['no rules', [], []],
    ['rules that read what is given', rulesOf([[fact('x')], ['y']], [[fact('z'), not(fact('x'))], ['y']]), []],
    ['a rule on what another inserts', rulesOf([[fact('y')], ['z']], [[fact('x')], ['y']]), [once(0)]],
    [
      'a chain, from its end',
      rulesOf([[fact('b')], ['c']], [[fact('a')], ['b']], [[fact('x')], ['a']]),
      [once(1), once(0)],
    ],
    [
      'deep within conditions',
      rulesOf([[{ any: [fact('x'), { all: [{ exists: fact('y') }] }] }], ['z']], [[], ['y']]),
      [once(0)],
    ],
    [
      'totals and absence, of what others make',
      rulesOf([[total('y')], ['z']], [[not(fact('y'))], ['z']], [[], ['y']]),
      [once(0), once(1)],
    ],
    ['no free test reads anything', rulesOf([[{ test: { value: 1, eq: 1 } }], ['y']], [[fact('y')], ['z']]), [once(1)]],
    ['a rule that feeds itself', rulesOf([[fact('x')], ['x']]), [repeated(0)]],
    [
      'rules that feed each other, in ascending order',
      rulesOf([[fact('b')], ['c']], [[fact('c')], ['a']], [[fact('a')], ['b']]),
      [repeated(0, 1, 2)],
    ],
    [
      'what comes after a cycle',
      rulesOf([[total('a')], ['n']], [[fact('b')], ['a']], [[fact('a')], ['b']]),
      [repeated(1, 2), once(0)],
    ],
    [
      'several of one type',
      rulesOf(
        [
          [fact('a'), fact('a'), not(fact('a'))],
          ['b', 'b'],
        ],
        [[fact('b')], ['c']],
        [[], ['a', 'a']],
      ),
      [once(0), once(1)],
    ],
    [
      'two ways to one',
      rulesOf([[fact('b'), fact('c')], ['d']], [[fact('a')], ['b']], [[fact('a')], ['c']], [[], ['a']]),
      [once(1), once(2), once(0)],
    ],
  ])('%s', (_, rules, strata) => {
    expect(strataOf(rules)).toEqual(strata)
  })

  test('of thousands of rules in one chain', () => {
    const rules = upTo(5_000).map(
      (n): Rule => ({ name: `r${n}`, when: [fact(`t${n}`)], insert: [{ type: `t${n + 1}` }] }),
    )
    expect(strataOf(rules).map((stratum) => stratum.rules[0])).toEqual(upTo(5_000).slice(1))
  })

  test('put each rule after all that it reads from, and together only those that feed each other', () => {
    const types = ['a', 'b', 'c', 'd', 'e', 'f']
    const pair = fc.tuple(fc.subarray(types, { maxLength: 3 }), fc.subarray(types, { minLength: 1, maxLength: 2 }))
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 8 }), (list) => {
        const rules = rulesOf(...list.map(([reads, inserts]): [Condition[], string[]] => [reads.map(fact), inserts]))
        const feeds = (from: number, to: number): boolean =>
          list[from]?.[1].some((type) => list[to]?.[0].includes(type)) ?? false
        // Whether one leads to the other, over any others.
        const reach = upTo(list.length).map((from) => upTo(list.length).map((to) => feeds(from, to)))
        for (const by of upTo(list.length)) {
          for (const row of reach)
            if (row[by])
              upTo(list.length).forEach((to) => {
                row[to] ||= reach[by]?.[to] ?? false
              })
        }
        const isChained = (rule: number): boolean => upTo(list.length).some((from) => feeds(from, rule))
        const strata = strataOf(rules)
        expect(strata.flatMap((stratum) => stratum.rules).sort()).toEqual(upTo(list.length).filter(isChained).sort())
        const place = (rule: number): number => strata.findIndex((stratum) => stratum.rules.includes(rule))
        for (const to of upTo(list.length).filter(isChained)) {
          expect(strata[place(to)]?.recursive).toBe(reach[to]?.[to])
          for (const from of upTo(list.length).filter((each) => reach[each]?.[to] && isChained(each))) {
            if (reach[to]?.[from]) expect(place(from)).toBe(place(to))
            else expect(place(from)).toBeLessThan(place(to))
          }
        }
      }),
      { seed: 16, numRuns: 300 },
    )
  })
})

describe('a cycle through absence or a total', () => {
  const refusal = (rules: readonly Rule[]): unknown => {
    try {
      strataOf(rules)
    } catch (error) {
      if (!(error instanceof KramError)) throw error
      const { kind, code, message, detail } = error
      return { kind, code, message, detail }
    }
    return 'nothing was refused'
  }

  test.each<[string, Rule[], { rule: number; name: string; type: string; way: string; cycle: string[] }]>([
    [
      'of one rule',
      rulesOf([[], ['y']], [[not(fact('x'))], ['x']]),
      { rule: 1, name: 'b', type: 'x', way: '(x) -> b -> (x)', cycle: ['b'] },
    ],
    [
      'of two',
      rulesOf([[fact('y')], ['x']], [[total('x')], ['y']]),
      { rule: 1, name: 'b', type: 'x', way: '(x) -> b -> (y) -> a -> (x)', cycle: ['b', 'a'] },
    ],
    [
      'the shortest',
      rulesOf(
        [[not(fact('d'))], ['a']],
        [[fact('a')], ['b']],
        [[fact('b')], ['c', 'd']],
        [[fact('c')], ['d']],
        [[fact('a')], ['d']],
      ),
      { rule: 0, name: 'a', type: 'd', way: '(d) -> a -> (a) -> e -> (d)', cycle: ['a', 'e'] },
    ],
    [
      'that is fed from outside, too',
      rulesOf(
        [[], ['o']],
        [[fact('o')], ['x']],
        [[fact('o'), { not: { all: [{ exists: fact('x') }] } }], ['y']],
        [[fact('y')], ['x']],
      ),
      { rule: 2, name: 'c', type: 'x', way: '(x) -> c -> (y) -> d -> (x)', cycle: ['c', 'd'] },
    ],
  ])('%s', (_, rules, { rule, name, type, way, cycle }) => {
    const message = `rule "${name}" asks for the absence or a total of "${type}" facts, which depend on that rule: ${way}`
    expect(refusal(rules)).toEqual({
      kind: 'invalid',
      code: 'rule_cycle',
      message: `The rules form a cycle: ${message}`,
      detail: { issues: [{ pointer: `/${rule}`, message }], cycle },
    })
  })

  test('among ever so many ways is found at once', () => {
    const layers = 40
    const rules = upTo(layers).flatMap((n) =>
      ['left', 'right'].map(
        (side): Rule => ({
          name: `${side} ${n}`,
          when: [fact(`left ${n}`), fact(`right ${n}`)],
          insert: [{ type: `${side} ${n + 1}` }],
        }),
      ),
    )
    const last: Rule = {
      name: 'last',
      when: [not(fact(`left ${layers}`))],
      insert: [{ type: 'left 0' }, { type: 'right 0' }],
    }
    expect((refusal([...rules, last]) as KramError).detail.cycle).toHaveLength(layers + 1)
  })
})

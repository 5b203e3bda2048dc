// What is made of a rule that is read: tests with and without variables apart, places, what conditions need of each other.
import { describe, expect, test } from 'vitest'
import type { ConditionIr } from '../../lib/rules/ir.ts'
import { parseRule } from '../../lib/rules/parse.ts'
import type { Condition, Expression, Rule } from '../../lib/rules/types.ts'
import { readRule, registry, when } from '../support/rule-reading.ts'

const test0 = '/when/0/where/0'

describe('what is made of', () => {
  const irOf = (condition: unknown): ConditionIr => {
    const rule = readRule(when(condition))
    if (Array.isArray(rule)) throw new Error(rule.join(' '))
    return rule.when.parts[0] as ConditionIr
  }

  test('every scalar as a value', () => {
    for (const value of ['', 'x', 0, -1.5, true, false, null]) {
      const { pattern } = irOf({ fact: 'x', where: [{ path: 'a', eq: value }] }) as { pattern?: object }
      expect(pattern).toMatchObject({ closed: [{ op: 'compare', operator: 'eq', right: { op: 'const', value } }] })
    }
  })

  test('several operators, in one comparison and in one bound', () => {
    const each = {
      eq: 1,
      ne: 2,
      in: [3],
      not_in: [4],
      lt: 5,
      lte: 6,
      gt: 7,
      gte: 8,
      between: [9, 10],
      exists: true,
      prefix: 'p',
    }
    const operators = Object.keys(each)
    expect(irOf({ fact: 'x', where: [{ path: 'a', ...each }] })).toMatchObject({
      pattern: { closed: [{ op: 'all', pointer: `/0${test0}`, tests: operators.map((operator) => ({ operator })) }] },
    })
    expect(irOf({ accumulate: 'count', from: { fact: 'x' }, is: each })).toMatchObject({
      is: operators.map((operator) => ({ operator })),
    })
    expect(irOf({ fact: 'x', where: [{ path: 'a', exists: false }] })).toMatchObject({
      pattern: { closed: [{ operator: 'absent' }] },
    })
  })

  test('tests with and without variables: they are kept apart', () => {
    const open = { path: 'a', eq: { var: 'v' } }
    const closed = { path: 'b', eq: 1 }
    const fact = (...where: object[]): Condition => ({ fact: 'x', where: where as never })
    const rule = readRule(
      when({ fact: 'y', bind: { v: 'n' } }, fact(open, closed, open), fact(closed), fact(open), fact()),
    )
    if (Array.isArray(rule)) throw new Error(rule.join(' '))
    const counts = rule.when.parts.map((part) =>
      part.op === 'fact' ? [part.index, part.pattern.closed.length, part.pattern.open.length] : [],
    )
    expect(counts.sort()).toEqual([
      [0, 0, 0],
      [1, 1, 2],
      [2, 1, 0],
      [3, 0, 1],
      [4, 0, 0],
    ])
  })

  test('paths as text, and in steps', () => {
    const stepsOf = (path: unknown): unknown => irOf({ fact: 'x', bind: { a: path } })
    for (const [path, steps] of [
      ['a', ['a']],
      ['a.b', ['a', 'b']],
      [
        ['a.b', 'c'],
        ['a.b', 'c'],
      ],
    ]) {
      expect(stepsOf(path)).toMatchObject({ bind: [{ variable: 0, value: { op: 'path', steps } }] })
    }
  })

  test('choices: which variables hold whole facts in each branch', () => {
    const factsOf = (...any: object[]): unknown => (irOf({ any }) as { facts?: number }).facts
    const [a, b] = [
      { fact: 'x', as: 'a' },
      { fact: 'x', bind: { a: 'n' } },
    ]
    expect(factsOf(a, a)).toBe(1)
    expect(factsOf(a, b)).toBe(0)
    expect(factsOf(b, b)).toBe(0)
    expect(factsOf({ all: [{ fact: 'y' }, a] }, { any: [a] })).toBe(1)
    expect(factsOf({ all: [{ fact: 'y' }, b] }, a)).toBe(0)
    expect(factsOf({ all: [a, { fact: 'y', as: 'b' }] }, { fact: 'x', as: 'b', bind: { a: 'n' } })).toBe(2)
    expect(factsOf({ any: [a, b] }, a)).toBe(0)
    expect(factsOf({ accumulate: 'count', from: { fact: 'x' }, as: 'a' }, a)).toBe(0)
  })

  test('conditions: where each stands, and what it needs of others', () => {
    const uses = (name: string): Condition => ({ test: { var: name, gt: 0 } })
    const binds = (name: string): Condition => ({ fact: 'x', bind: { [name]: 'n' } })
    const rule = readRule(
      when(
        { any: [{ all: [uses('a'), binds('b')] }, { not: { exists: { all: [uses('a'), uses('c')] } } }] },
        { all: [binds('a'), binds('c'), uses('a')] },
      ),
    )
    if (Array.isArray(rule)) throw new Error(rule.join(' '))
    const [all, any] = rule.when.parts
    expect([all, any]).toMatchObject([
      { op: 'all', pointer: '/0/when/1', index: 1, needs: 0, binds: 5, mentions: 5 },
      { op: 'any', pointer: '/0/when/0', index: 0, needs: 5, binds: 0, mentions: 7 },
    ])
    expect(any).toMatchObject({
      parts: [
        { pointer: '/0/when/0/any/0', index: 0, needs: 1, binds: 2, mentions: 3 },
        {
          op: 'not',
          pointer: '/0/when/0/any/1',
          index: 1,
          needs: 5,
          binds: 0,
          mentions: 5,
          part: {
            op: 'exists',
            pointer: '/0/when/0/any/1/not',
            index: 0,
            part: { op: 'all', pointer: '/0/when/0/any/1/not/exists', needs: 5, mentions: 5 },
          },
        },
      ],
    })
    expect(rule.when).toMatchObject({ op: 'all', pointer: '/0/when', index: 0, needs: 0 })
  })

  test('calls: which functions of the registry a rule names', () => {
    const calls = new Set<string>()
    const value: Expression = { call: 'half', args: [{ path: 'n' }] }
    const rule: Rule = {
      name: 'r',
      when: [
        { fact: 'x', where: [{ predicate: 'odd' }, { value, eq: 1 }] },
        { accumulate: 'median', of: { path: 'n' }, from: { fact: 'x' } },
        { accumulate: 'count', from: { fact: 'x' } },
      ],
      insert: [{ type: 'hit' }],
    }
    parseRule(rule, '', registry, calls)
    expect([...calls].sort()).toEqual(['accumulators/median', 'expressions/half', 'predicates/odd'])
  })
})

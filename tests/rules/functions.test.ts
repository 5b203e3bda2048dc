// Expressions and tests as functions: what they answer, what they are charged, and how little they look at.
import { describe, expect, test } from 'vitest'
import { allOf, noFact, type TestFunction, testFunction, valueFunction } from '../../lib/rules/functions.ts'
import type { ExpressionIr, Operator, TestIr } from '../../lib/rules/ir.ts'
import type { Fact, Registry } from '../../lib/rules/types.ts'
import { takeWork } from '../../lib/rules/values.ts'
import { line } from '../support/facts.ts'

const constant = (value: unknown): ExpressionIr => ({ op: 'const', value })
const path = (...steps: string[]): ExpressionIr => ({ op: 'path', steps })
const variable = (number: number, ...steps: string[]): ExpressionIr => ({ op: 'var', variable: number, steps })

describe('a value', () => {
  const registry: Registry = { expressions: { join: (...parts) => parts.map(String).join('+') } }
  const answerOf = (expression: ExpressionIr, fact: Fact = noFact, ...environment: unknown[]): unknown =>
    valueFunction(expression, registry)(fact, environment)

  test.each<[string, ExpressionIr, unknown]>([
    ['a constant', constant('a'), 'a'],
    ['an attribute', path('n'), 3],
    ['one deep down', path('of', 'n'), 4],
    ['one that is only inherited', path('toString'), undefined],
    ['one of a name that others inherit', path('constructor'), 5],
    ['one below nothing', path('none', 'n'), undefined],
    ['a variable', variable(1), { n: 2 }],
    ["a variable's attribute", variable(1, 'n'), 2],
    ['a call', { op: 'call', name: 'join', args: [path('n'), variable(0)] }, '3+1'],
    ['a list', { op: 'list', args: [path('n'), path('none')] }, [3, undefined]],
  ])('%s', (_, expression, value) => {
    const fact = line({ n: 3, of: { n: 4 }, constructor: 5 })
    expect(answerOf(expression, fact, 1, { n: 2 })).toEqual(value)
  })

  test.each<['add' | 'sub' | 'mul' | 'div', unknown[], unknown]>([
    ['add', [1], 1],
    ['add', [1, 2], 3],
    ['add', [1, 2, 4], 7],
    ['add', ['1'], undefined],
    ['add', [1, '2'], undefined],
    ['add', ['1', 2], undefined],
    ['add', [1, 2, null], undefined],
    ['add', ['1', 2, 3], undefined],
    ['add', [Number.POSITIVE_INFINITY], undefined],
    ['add', [1e308, 1e308], undefined],
    ['add', [1e308, 1e308, -1e308], undefined],
    ['sub', [5, 2], 3],
    ['mul', [3, 4], 12],
    ['mul', [2, 3, 4], 24],
    ['div', [3, 4], 0.75],
    ['div', [3, 0], undefined],
    ['div', [0, 0], undefined],
  ])('%s %j', (op, args, value) => {
    expect(answerOf({ op, args: args.map(constant) })).toBe(value)
  })

  test('of nothing is our own fault, and of what is not registered', () => {
    expect(() => valueFunction({ op: 'add', args: [] }, {})).toThrow('arithmetic has at least one argument')
    expect(() => valueFunction({ op: 'call', name: 'none', args: [] }, registry)).toThrow(
      'expression none is registered',
    )
    expect(() => testFunction({ op: 'predicate', pointer: '', name: 'none', args: [] }, registry)).toThrow(
      'predicate none is registered',
    )
  })

  test('of an attribute is read at once where no name can be inherited', () => {
    const asked: string[] = []
    const fact = new Proxy(line({ n: 3, valueOf: 4 }), {
      get: (target, name) => {
        asked.push(`get ${String(name)}`)
        return target[String(name)]
      },
      getOwnPropertyDescriptor: (target, name) => {
        asked.push(`whose ${String(name)}`)
        return Reflect.getOwnPropertyDescriptor(target, name)
      },
    })
    expect([answerOf(path('n'), fact), answerOf(path('valueOf'), fact)]).toEqual([3, 4])
    expect(asked).toEqual(['get n', 'whose valueOf', 'get valueOf'])
  })

  test('of an attribute of any name', () => {
    const names = Array.from({ length: 64 }, (_, n) => String.fromCharCode(60 + n))
    const fact = line(Object.fromEntries(names.map((name, n) => [name, n])))
    expect(names.map((name) => answerOf(path(name), fact))).toEqual(names.map((_, n) => n))
    expect(names.map((name) => answerOf(path(`${name} none`), fact))).toEqual(names.map(() => undefined))
  })

  test('where no fact is under test there are no attributes', () => {
    expect(Object.entries(noFact)).toEqual([['type', '']])
  })
})

describe('a test', () => {
  const compare = (operator: Operator, left: ExpressionIr, right: ExpressionIr): TestIr => ({
    op: 'compare',
    pointer: '',
    operator,
    left,
    right,
  })
  const passes = (of: TestIr, fact: Fact, ...environment: unknown[]): boolean => testFunction(of, {})(fact, environment)

  test.each<[Operator, unknown, unknown, boolean]>([
    ['eq', 1, 1, true],
    ['eq', 1, 2, false],
    ['eq', undefined, null, false],
    ['eq', null, null, true],
    ['eq', undefined, undefined, false],
    ['eq', [1, 2], 2, true],
    ['eq', [1, 2], 3, false],
    ['eq', [1, [2]], [2], true],
    ['eq', { a: 1 }, { a: 1 }, true],
    ['eq', { a: 1 }, { a: 2 }, false],
    ['eq', 'a', ['a'], false],
    ['ne', [1, 2], 2, false],
    ['ne', undefined, 2, true],
    ['in', 2, [1, 2], true],
    ['in', 3, [1, 2], false],
    ['in', undefined, [1, 2], false],
    ['in', [3, 2], [1, 2], true],
    ['in', [3], [1, 2], false],
    ['in', [], [1, 2], false],
    ['in', null, [null], true],
    ['not_in', 2, [1, 2], false],
    ['not_in', 3, [1, 2], true],
    ['not_in', undefined, [1, 2], true],
    ['not_in', [3, 2], [1, 2], false],
    ['gt', 3, 2, true],
    ['gt', 2, 2, false],
  ])('%s %j %j: %s, whether the other side is written or read', (operator, left, right, wanted) => {
    const fact = line(left === undefined ? {} : { left })
    if (right !== undefined) expect(passes(compare(operator, path('left'), constant(right)), fact)).toBe(wanted)
    expect(passes(compare(operator, path('left'), variable(0)), fact, right)).toBe(wanted)
    expect(passes(compare(operator, path('left'), path('right')), line({ ...fact, right }))).toBe(wanted)
  })

  const chargedFor = (of: TestIr, fact: Fact, ...environment: unknown[]): number => {
    takeWork()
    passes(of, fact, ...environment)
    return takeWork()
  }
  const numbers = Array.from({ length: 1_000 }, (_, n) => n)

  test('of what is written is not charged for long values', () => {
    const long = 'x'.repeat(1_000)
    for (const a of [long, `${long}y`])
      expect(chargedFor(compare('eq', path('a'), constant(long)), line({ a }))).toBe(0)
    expect(chargedFor(compare('eq', path('a'), path('b')), line({ a: long, b: long }))).toBe(62)
    for (const operator of ['in', 'not_in'] as const) {
      expect(chargedFor(compare(operator, path('a'), constant(numbers)), line({ a: 999 }))).toBe(0)
      expect(chargedFor(compare(operator, path('a'), constant([1])), line({ a: numbers }))).toBe(8_000)
    }
  })

  test('of a list that is read is charged by what is in it, but for a few', () => {
    const isIn = compare('in', path('a'), path('b'))
    expect(chargedFor(isIn, line({ a: 9, b: [1, 2, 3, 4] }))).toBe(0)
    expect(chargedFor(isIn, line({ a: 9, b: [1, 2, 3, 4, 5] }))).toBeGreaterThan(5 * 8)
    // Each part of both, which is written out, and the list as a whole.
    const none = numbers.map((n) => -1 - n)
    expect(chargedFor(isIn, line({ a: numbers, b: [-1] }))).toBeGreaterThan(1_001 * 8 + 2_001 * 16)
    expect(chargedFor(isIn, line({ a: numbers, b: none }))).toBeGreaterThan(2_000 * 8 + 3_000 * 16)
  })

  test('of several asks them in their order, no further than it must', () => {
    const asked: number[] = []
    const part =
      (n: number, answer: boolean): TestFunction =>
      () => {
        asked.push(n)
        return answer
      }
    const outcomeOf = (answers: boolean[]): [boolean, number[]] => {
      asked.length = 0
      return [allOf(answers.map((answer, n) => part(n, answer)))(noFact, []), [...asked]]
    }
    expect([[], [true], [false], [true, true], [true, false], [false, true]].map(outcomeOf)).toEqual([
      [true, []],
      [true, [0]],
      [false, [0]],
      [true, [0, 1]],
      [false, [0, 1]],
      [false, [0]],
    ])
    expect([outcomeOf([true, true, true, true]), outcomeOf([true, true, false, true])]).toEqual([
      [true, [0, 1, 2, 3]],
      [false, [0, 1, 2]],
    ])
  })

  test('may be a choice, a negation, or a predicate that answers true', () => {
    const registry: Registry = { predicates: { less: (a, b) => Number(a) < Number(b), one: () => 1 as never } }
    const [a, b] = ['a', 'b'].map((name) => compare('eq', path(name), constant(1))) as [TestIr, TestIr]
    const cases: [TestIr, boolean[]][] = [
      [{ op: 'any', pointer: '', tests: [a, b] }, [true, true, true, false]],
      [{ op: 'all', pointer: '', tests: [a, b] }, [true, false, false, false]],
      [{ op: 'any', pointer: '', tests: [] }, [false, false, false, false]],
      [{ op: 'not', pointer: '', test: a }, [false, false, true, true]],
      [{ op: 'predicate', pointer: '', name: 'less', args: [path('a'), path('b')] }, [false, true, false, false]],
      [{ op: 'predicate', pointer: '', name: 'one', args: [] }, [false, false, false, false]],
    ]
    const facts = [line({ a: 1, b: 1 }), line({ a: 1, b: 2 }), line({ a: 2, b: 1 }), line({ a: 2, b: 2 })]
    for (const [of, wanted] of cases) {
      expect(facts.map((fact) => testFunction(of, registry)(fact, []))).toEqual(wanted)
    }
  })
})

// Reading rules: each refusal by its place and reason (tests/rules/fixtures/refusals.jsonl), and what is just allowed.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { limits } from '../../lib/base/limits.ts'
import { parseRule } from '../../lib/rules/parse.ts'
import type { Rule } from '../../lib/rules/types.ts'
import { upTo } from '../support/facts.ts'
import { eq, nested, readRule, text, when, where } from '../support/rule-reading.ts'

type Case = { case: string; rule: object; pointer: string; reason: string }

const test0 = '/when/0/where/0'

describe('is refused', () => {
  const cases = readFileSync('tests/rules/fixtures/refusals.jsonl', 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case)

  test.each(cases.map((each) => [each.case, each] as const))('%s', (_, { rule, pointer, reason }) => {
    expect(readRule(rule)).toEqual([pointer, reason])
  })

  test.each<[string, object, string, string]>([
    ['a list with gaps', { when: new Array(1) }, '/when', 'the conditions must have no gaps'],
    ['an undefined value', { insert: [{ type: 'x', a: undefined }] }, '/insert/0/a', 'this must be an object'],
    ...[undefined, Number.NaN, Number.POSITIVE_INFINITY].map((value): [string, object, string, string] => [
      `as a value ${value}`,
      eq(value),
      `${test0}/eq`,
      'an expression that is no text, number, true, false or null must be an object',
    ]),
  ])('what JSON cannot say: %s', (_, rule, pointer, reason) => {
    expect(readRule(rule)).toEqual([pointer, reason])
  })

  test('a rule that is none, by its place', () => {
    for (const rule of [null, 1, [], 'r']) {
      expect(() => parseRule(rule as unknown as Rule, '/7', {})).toThrow('Rule at /7, /7: a rule must be an object')
    }
  })
})

describe('at the limits', () => {
  const not = (of: unknown) => ({ not: of })
  const fact = { fact: 'x' }
  const compare = { path: 'a', eq: 1 }
  const deep = 'must not be nested deeper than 10'

  /** What is as large as may be, and what is one larger. */
  const cases: [string, (size: number) => object, number, string, string][] = [
    [
      'characters of the name',
      (size) => ({ name: text(size) }),
      limits.nameChars,
      '/name',
      'must have at most 200 characters',
    ],
    [
      'characters of a type',
      (size) => when({ fact: text(size) }),
      1_000,
      '/when/0/fact',
      'the type of fact must have at most 1000 characters',
    ],
    [
      'characters of a text',
      (size) => eq(text(size)),
      1_000,
      `${test0}/eq`,
      'a text must have at most 1000 characters',
    ],
    [
      'characters of a literal',
      (size) => eq({ literal: text(size - 2) }),
      1_000,
      `${test0}/eq/literal`,
      'a literal must have at most 1000 characters',
    ],
    [
      'characters of a variable',
      (size) => when({ fact: 'x', as: text(size) }),
      64,
      '/when/0/as',
      'a variable is named by letters, digits and _, not beginning with a digit',
    ],
    [
      'steps of a path',
      (size) => where({ path: upTo(size).map(String), eq: 1 }),
      8,
      `${test0}/path`,
      'a path must have 1 to 8 steps',
    ],
    [
      'variables',
      (size) => when({ fact: 'x', bind: Object.fromEntries(upTo(size).map((n) => [`v${n}`, 'n'])) }),
      30,
      '/when/0/bind/v30',
      'there may be at most 30 variables',
    ],
    [
      'members',
      (size) => where({ path: 'a', in: upTo(size) }),
      1_000,
      `${test0}/in`,
      'the list must have at most 1000',
    ],
    [
      'arguments',
      (size) => where({ predicate: 'odd', args: upTo(size) }),
      20,
      `${test0}/args`,
      'args must have at most 20',
    ],
    ['operands', (size) => eq({ add: upTo(size) }), 20, `${test0}/eq/add`, 'add must have at most 20'],
    [
      'conditions in one list',
      (size) => when(...upTo(size).map(() => fact)),
      64,
      '/when',
      'the conditions must have at most 64',
    ],
    [
      'conditions in all',
      (size) => when(...upTo(size / 2).map(() => not(fact)), ...upTo(size % 2).map(() => fact)),
      64,
      '/when/32',
      'there may be at most 64 conditions',
    ],
    [
      'tests in one list',
      (size) => where(...upTo(size).map(() => compare)),
      256,
      '/when/0/where',
      'the tests must have at most 256',
    ],
    [
      'tests in all',
      (size) => where(...upTo(size / 2).map(() => not(compare)), ...upTo(size % 2).map(() => compare)),
      256,
      '/when/0/where/128',
      'there may be at most 256 tests',
    ],
    [
      'expressions in all',
      (size) =>
        when({
          fact: 'x',
          where: [
            ...upTo(95).map(() => ({ predicate: 'odd', args: [{ add: upTo(20) }] })),
            { predicate: 'odd', args: upTo(size - 1_995) },
          ],
        }),
      2_000,
      '/when/0/where/95/args/5',
      'there may be at most 2000 expressions',
    ],
    [
      'conditions within each other',
      (size) => when(nested(size - 1, fact, not)),
      10,
      `/when/0${'/not'.repeat(10)}`,
      deep,
    ],
    [
      'conditions within all',
      (size) => when(nested(size - 1, fact, (of) => ({ all: [of] }))),
      10,
      `/when/0${'/all/0'.repeat(10)}`,
      deep,
    ],
    [
      'conditions within any',
      (size) => when(nested(size - 1, fact, (of) => ({ any: [of] }))),
      10,
      `/when/0${'/any/0'.repeat(10)}`,
      deep,
    ],
    ['tests within each other', (size) => where(nested(size, compare, not)), 10, `${test0}${'/not'.repeat(11)}`, deep],
    [
      'tests within any',
      (size) => where(nested(size, { predicate: 'odd' }, (of) => ({ any: [of] }))),
      10,
      `${test0}${'/any/0'.repeat(11)}`,
      deep,
    ],
    [
      'free tests within each other',
      (size) => when({ test: nested(size, { predicate: 'odd' }, not) }),
      10,
      `/when/0/test${'/not'.repeat(11)}`,
      deep,
    ],
    [
      'expressions within each other',
      (size) => eq(nested(size, 1, (of) => ({ add: [of] }))),
      10,
      `${test0}/eq${'/add/0'.repeat(10)}`,
      deep,
    ],
    [
      'calls within each other',
      (size) => when({ test: { value: nested(size, 1, (of) => ({ call: 'half', args: [of] })), eq: 1 } }),
      10,
      `/when/0/test/value${'/args/0'.repeat(10)}`,
      deep,
    ],
    [
      'expressions of bounds',
      (size) => when({ accumulate: 'count', from: fact, is: { eq: nested(size, 1, (of) => ({ add: [of] })) } }),
      10,
      `/when/0/is/eq${'/add/0'.repeat(10)}`,
      deep,
    ],
    [
      'expressions of ends',
      (size) => where({ path: 'a', between: [1, nested(size, 1, (of) => ({ add: [of] }))] }),
      10,
      `${test0}/between/1${'/add/0'.repeat(10)}`,
      deep,
    ],
    [
      'facts to insert',
      (size) => ({ insert: upTo(size).map(() => ({ type: 'x' })) }),
      20,
      '/insert',
      'insert must have at most 20',
    ],
    [
      'values to insert',
      (size) => ({ insert: [{ type: 'x', a: upTo(size - 2) }] }),
      500,
      '/insert/0/a/498',
      'a fact may have at most 500 values',
    ],
    [
      'values to insert within each other',
      (size) => ({ insert: [{ type: 'x', a: nested(size - 1, 1, (of) => [of]) }] }),
      10,
      `/insert/0/a${'/0'.repeat(10)}`,
      deep,
    ],
    [
      'objects to insert within each other',
      (size) => ({ insert: [{ type: 'x', a: nested(size - 1, 1, (of) => ({ b: of })) }] }),
      10,
      `/insert/0/a${'/b'.repeat(10)}`,
      deep,
    ],
    [
      'expressions to insert',
      (size) => ({ insert: [{ type: 'x', a: nested(size, 1, (of) => ({ add: [of] })) }] }),
      11,
      `/insert/0/a${'/add/0'.repeat(11)}`,
      deep,
    ],
  ]

  test.each(cases)('%s', (_, make, most, pointer, reason) => {
    expect(readRule(make(most))).not.toBeInstanceOf(Array)
    expect(readRule(make(most + 1))).toEqual([pointer, reason])
  })

  test('what is counted is counted for each rule and each fact by itself', () => {
    const rule = { when: upTo(64).map(() => fact), insert: upTo(20).map(() => ({ type: 'x', a: upTo(498) })) }
    for (const each of [rule, rule]) expect(readRule(each)).not.toBeInstanceOf(Array)
  })
})

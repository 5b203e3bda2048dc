// What a rule base refuses to be made with, and of, in words.
import { describe, expect, test } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { limits } from '../../lib/base/limits.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import { fromBytes } from '../../lib/rules/snapshot.ts'
import type { CompileOptions, Fact, Rule } from '../../lib/rules/types.ts'

const refusalOf = (action: () => unknown): unknown => {
  try {
    action()
  } catch (error) {
    if (!(error instanceof KramError)) throw error
    const { kind, code, message, detail } = error
    return { kind, code, message, pointer: detail.issues?.[0]?.pointer }
  }
  return 'nothing was refused'
}
const rule = (name: string): Rule => ({ name, when: [], insert: [{ type: 'hit' }] })

test.each<[string, CompileOptions, string]>([
  ['the path of the clock', { clock: { fact: 'now', path: '' } }, '/clock/path'],
  ['the key of a memo', { memo: { line: { key: '' } } }, '/memo/line/key'],
  ['what a memo leaves out', { memo: { line: { key: 'id', except: ['price', ''] } } }, '/memo/line/except'],
])('options: %s', (_, options, pointer) => {
  expect(refusalOf(() => compileRules([], options))).toEqual({
    kind: 'invalid',
    code: 'invalid_options',
    message: `The options of the rule base, ${pointer}: each step of a path must be a text`,
    pointer,
  })
})

test('a name twice', () => {
  expect(refusalOf(() => compileRules([rule('a'), rule('b'), rule('c'), rule('b')]))).toEqual({
    kind: 'invalid',
    code: 'invalid_rule',
    message: 'Rule "b", /3/name: the name "b" is taken by the rule at /1',
    pointer: '/3/name',
  })
})

test('options are stored as the attributes that they name', () => {
  const settingsOf = (options: CompileOptions): unknown => fromBytes(compileRules([], options).toBytes()).settings
  expect(settingsOf({})).toEqual({ clock: { fact: 'now', steps: ['at'] }, memoKeys: [], excepted: [] })
  expect(
    settingsOf({
      clock: { fact: 'clock', path: 'of.ms' },
      memo: { line: { key: 'of.version', except: ['price', ['a.b', 'c']] }, part: { key: 'id' } },
      focus: 'line',
      index: 'never',
    }),
  ).toEqual({
    clock: { fact: 'clock', steps: ['of', 'ms'] },
    memoKeys: [
      ['line', ['of', 'version']],
      ['part', ['id']],
    ],
    excepted: [
      ['line', [['price'], ['a.b', 'c']]],
      ['part', []],
    ],
    focus: 'line',
  })
})

describe('what a memo leaves out', () => {
  /** Whether a test on the attribute is made anew for each fact. */
  const isTestedAnew = (path: string, except: readonly string[], type = 'line'): boolean => {
    const when = [{ fact: type, where: [{ path, gte: 5 }] }]
    const options: CompileOptions = { memo: { line: { key: 'key', except } } }
    const { program } = fromBytes(compileRules([{ ...rule('r'), when }], options).toBytes())
    return program.volatileTests[0] !== -1
  }
  test.each<[string, string[], boolean]>([
    ['price', ['price'], true],
    ['price', ['weight', 'price'], true],
    ['price', ['weight'], false],
    ['price', [], false],
    // At, under or above it.
    ['price.net', ['price'], true],
    ['price', ['price.net'], true],
    ['price.net', ['price.gross'], false],
    ['net.price', ['price'], false],
  ])('%s, of %j: %j', (path, except, wanted) => {
    expect(isTestedAnew(path, except)).toBe(wanted)
    expect(isTestedAnew(path, except, 'other')).toBe(false)
  })
})

test('too many rules', () => {
  const rules = Array.from({ length: limits.rules + 1 }, (_, n) => rule(`r${n}`))
  expect(refusalOf(() => compileRules(rules))).toMatchObject({
    kind: 'invalid',
    code: 'too_many_rules',
    message: `There may be at most ${limits.rules} rules.`,
  })
})

test('facts that are none, and too many', () => {
  const base = compileRules([rule('r')])
  for (const fact of [null, 'text', 5, {}, { type: 5 }]) {
    expect(refusalOf(() => base.session([fact as unknown as Fact]))).toEqual({
      kind: 'invalid',
      code: 'invalid_fact',
      message: 'A fact must be an object with a type, which is a text.',
      pointer: '/type',
    })
  }
  const facts = Array.from({ length: limits.sessionFacts + 1 }, () => ({ type: 'a' }))
  expect(refusalOf(() => base.session(facts))).toMatchObject({
    kind: 'limit',
    code: 'too_many_facts',
    message: `A session may have at most ${limits.sessionFacts} facts.`,
  })
})

test('questions that have no answer', () => {
  const outcome = compileRules([rule('r')])
    .session([{ type: 'a' }])
    .fire()
  if (!outcome.ok) throw new Error('out of budget')
  expect(refusalOf(() => outcome.matched(0, '/when/0'))).toMatchObject({
    kind: 'invalid',
    code: 'no_such_condition',
    message: 'Rule 0 has no fact or accumulate condition at /when/0.',
  })
  expect(refusalOf(() => outcome.with({ remove: [{ type: 'b' }] }))).toMatchObject({
    kind: 'invalid',
    code: 'unknown_fact',
    message: 'A fact to remove is not in the session.',
  })
})

// Sessions by what they refuse, and what fired outcomes do again and what they do not.
import { describe, expect, test } from 'vitest'
import { limits } from '../../lib/base/limits.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type { CompileOptions, Fact, Fired, Outcome, Rule } from '../../lib/rules/types.ts'
import { upTo } from '../support/facts.ts'
import { refusalOf } from '../support/refusals.ts'
import { fired } from '../support/rules-outcomes.ts'

const line = (n: number): Fact => ({ type: 'line', n })
const rulesOf = (count: number): Rule[] =>
  upTo(count).map((n) => ({
    name: `r${n}`,
    when: [{ accumulate: 'sum', of: { path: 'n' }, from: { fact: 'line' }, is: { gte: n } }, { fact: 'paid' }],
    insert: [{ type: 'hit', n }],
  }))
const fire = (facts: readonly Fact[], options: CompileOptions = { index: 'always' }): Fired =>
  fired(compileRules(rulesOf(20), options).session(facts).fire())

describe('is refused', () => {
  const outcome = fire([line(1)])

  test.each<unknown>([null, undefined, 'line', 5, {}, { type: 5 }, []])('as a fact: %j', (fact) => {
    const refusal = {
      kind: 'invalid',
      code: 'invalid_fact',
      message: 'A fact must be an object with a type, which is a text.',
      detail: { issues: [{ pointer: '/type', message: 'must be a text' }] },
    }
    const facts = [line(1), fact as Fact]
    expect(refusalOf(() => compileRules([]).session(facts))).toEqual(refusal)
    expect(refusalOf(() => compileRules([]).session([]).insert(facts))).toEqual(refusal)
    expect(refusalOf(() => outcome.with({ insert: facts }))).toEqual(refusal)
  })

  test('a fact more than a session may have', () => {
    const facts = upTo(limits.sessionFacts).map(line)
    const full = compileRules([]).session(facts)
    expect(full.facts).toHaveLength(10_000)
    for (const more of [() => full.insert([line(1)]), () => fired(full.fire()).with({ insert: [line(1)] })]) {
      expect(refusalOf(more)).toEqual({
        kind: 'limit',
        code: 'too_many_facts',
        message: 'A session may have at most 10000 facts.',
        detail: { retryable: false },
      })
    }
  })

  test('to insert more than the budget of firing allows', () => {
    const big: Rule = {
      name: 'big',
      when: [{ fact: 'line', bind: { n: 'n' } }],
      insert: [{ type: 'hit', n: upTo(400).map(() => ({ var: 'n' })) }],
    }
    const [few, many] = [1, 100].map((count) =>
      fired(compileRules([big], { index: 'always' }).session(upTo(count).map(line)).fire({ budget: 12_000 })),
    ) as [Fired, Fired]
    expect(few.inserted()).toHaveLength(1)
    expect(refusalOf(() => many.inserted())).toEqual({
      kind: 'limit',
      code: 'budget_exceeded',
      message: 'To insert the facts takes more than 12000 steps.',
      detail: { retryable: false },
    })
  })

  test('to remove what is not there', () => {
    expect(refusalOf(() => outcome.with({ remove: [line(1)] }))).toMatchObject({
      kind: 'invalid',
      code: 'unknown_fact',
      message: 'A fact to remove is not in the session.',
    })
  })
})

describe('changes', () => {
  const paid: Fact = { type: 'paid' }
  const facts = [...upTo(300).map(() => line(0)), paid]
  const full = fire(facts).steps
  const isCheap = (outcome: Outcome): boolean => fired(outcome).steps < full / 4
  const lines = (count: number): Fact[] => upTo(count).map(line)

  test('of few facts cost a fraction, up to eight of them, one after the other or together', () => {
    const first = fire(facts)
    expect(isCheap(first.with({ insert: [line(5)] }))).toBe(true)
    expect(isCheap(first.with({ remove: facts.slice(0, 1) }))).toBe(true)
    for (const [removed, inserted] of [
      [0, 8],
      [8, 0],
      [4, 4],
    ] as const) {
      const together = first.with({ remove: facts.slice(0, removed), insert: lines(inserted) })
      let after = first
      for (const fact of facts.slice(0, removed)) after = fired(after.with({ remove: [fact] }))
      for (const fact of lines(inserted)) after = fired(after.with({ insert: [fact] }))
      for (const outcome of [together, after]) {
        expect(isCheap(outcome)).toBe(true)
        const changed = fired(outcome)
        expect(isCheap(changed.with({ insert: [line(1)] }))).toBe(false)
        expect(isCheap(changed.with({ remove: facts.slice(20, 21) }))).toBe(false)
      }
    }
    expect(isCheap(first.with({ remove: facts.slice(0, 5), insert: lines(4) }))).toBe(false)
  })

  test('that are taken back do not count', () => {
    let outcome = fire(facts)
    for (const fact of lines(20)) {
      outcome = fired(outcome.with({ insert: [fact] }))
      expect(isCheap(outcome)).toBe(true)
      outcome = fired(outcome.with({ remove: [fact] }))
      expect(isCheap(outcome)).toBe(true)
    }
    expect(outcome.facts).toHaveLength(facts.length)
    expect([...outcome.rules]).toEqual([0])
  })

  test('stop where the budget ends, cheap or not', () => {
    const stopped = { ok: false, code: 'budget_exceeded', budget: 2 }
    expect(fire(facts).with({ insert: [line(5)] }, { budget: 2 })).toEqual(stopped)
    expect(fire(facts).with({ insert: lines(20) }, { budget: 2 })).toEqual(stopped)
  })
})

describe('what is asked of an outcome', () => {
  /** How often is looked at the attribute by which the index finds a rule. */
  function counted(options: CompileOptions) {
    const looks = { count: 0 }
    const facts = upTo(30).map((): Fact => {
      const fact = { type: 'line' }
      Object.defineProperty(fact, 'brand', { enumerable: true, get: () => ['a', looks.count++][0] })
      return fact
    })
    const rule: Rule = {
      name: 'brand',
      when: [{ fact: 'line', where: [{ path: 'brand', eq: 'a' }] }, { fact: 'paid' }],
      insert: [{ type: 'hit' }],
    }
    const outcome = fired(compileRules([rule], options).session(facts).fire())
    const during = (action: () => void): number => {
      looks.count = 0
      action()
      return looks.count
    }
    return { outcome, facts, during }
  }
  const near = (outcome: Fired): unknown => {
    const { rules, unmet, missing } = outcome.near()
    return [rules, unmet, missing].map((list) => [...list])
  }

  test.each(['always', 'never'] as const)('is worked out once, index %s', (index) => {
    const { outcome, during } = counted({ index })
    expect(during(() => outcome.unmet(0)) > 0).toBe(index === 'never')
    expect(during(() => [outcome.unmet(0), outcome.missing(0, 0), near(outcome)])).toBe(0)
    during(() => outcome.inserted())
    expect(during(() => outcome.inserted())).toBe(0)
  })

  test('after a change looks at what was changed only', () => {
    const { outcome, facts, during } = counted({ index: 'always' })
    const next = fired(outcome.with({ remove: facts.slice(0, 2) }))
    expect(during(() => expect(near(next)).toEqual([[0], [2], [0]]))).toBe(0)
  })

  test('is the same after a change, with and without the index', () => {
    const facts = [line(3), line(4)]
    const changed = [{ type: 'line', n: 9 }]
    const outcomes = (['always', 'never'] as const).flatMap((index) => [
      fire([...facts, ...changed], { index }),
      fired(fire(facts, { index }).with({ insert: changed })),
      fired(fire([...facts, line(7)], { index }).with({ remove: [], insert: [line(9)] })).with({ remove: [] }),
    ])
    const [wanted, ...others] = outcomes.map((outcome) => near(fired(outcome)))
    // The first holds without any line.
    const rules = upTo(20).slice(1)
    const missing = rules.map((n) => Math.max(0, n - 16))
    expect(wanted).toEqual([rules, missing.map((lacks) => (lacks > 0 ? 3 : 2)), missing])
    expect([others[0], others[2], others[3]]).toEqual([wanted, wanted, wanted])
    expect([others[1], others[4]]).toEqual([near(fire([...facts, line(7), line(9)])), others[1]])
  })

  test('is known where the index cannot tell the time', () => {
    const window: Rule = {
      name: 'window',
      when: [{ fact: 'now', where: [{ path: 'at', gte: 5, lt: 9 }] }, { fact: 'line' }],
      insert: [{ type: 'open' }],
    }
    const facts = [{ type: 'now', at: 3 }, { type: 'now', at: 7 }, line(1)]
    for (const index of ['always', 'never'] as const) {
      const outcome = fired(compileRules([window], { index }).session(facts).fire())
      expect([outcome.times(0), outcome.unmet(0), near(outcome)]).toEqual([1, 0, [[], [], []]])
    }
  })

  test('matched: also of conditions within presence and absence', () => {
    const rule: Rule = {
      name: 'deep',
      when: [
        { exists: { all: [{ fact: 'line', where: [{ path: 'n', gt: 1 }] }] } },
        { any: [{ not: { accumulate: 'count', from: { fact: 'line', where: [{ path: 'n', lt: 1 }] } } }] },
      ],
      insert: [{ type: 'hit' }],
    }
    const facts = upTo(3).map(line)
    const outcome = fired(compileRules([rule]).session(facts).fire())
    expect(outcome.matched(0, '/when/0/exists/all/0')).toEqual(facts.slice(2))
    expect(outcome.matched(0, '/when/1/any/0/not')).toEqual(facts.slice(0, 1))
    for (const pointer of ['/when/0', '/when/0/exists', '/when/1/any/0', '/when', '']) {
      expect(refusalOf(() => outcome.matched(0, pointer))).toMatchObject({
        code: 'no_such_condition',
        message: `Rule 0 has no fact or accumulate condition at ${pointer}.`,
      })
    }
  })

  test('query: the facts of a type, given ones first', () => {
    const outcome = fire([line(1), { type: 'hit', n: -1 }, { type: 'paid' }])
    expect(outcome.query('hit').map(({ n }) => n)).toEqual([-1, 0, 1])
    expect(outcome.query('line')).toEqual([line(1)])
    expect(outcome.query('none')).toEqual([])
  })

  test('times: of a rule that did not fire, 0', () => {
    const outcome = fire([line(1), { type: 'paid' }, { type: 'paid' }])
    expect(upTo(4).map((rule) => outcome.times(rule))).toEqual([2, 2, 0, 0])
  })
})

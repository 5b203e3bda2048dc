// What scenario files cannot say: stored rule bases, sessions as values, near and matched, memos, many rules.
import { describe, expect, test } from 'vitest'
import { loadRuleBase } from '../../lib/rules/base.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type { CompileOptions, Fact, Fired, Rule } from '../../lib/rules/types.ts'
import { line } from '../support/facts.ts'
import { codeOf } from '../support/refusals.ts'
import { fired } from '../support/rules-outcomes.ts'
import { Reference, textOf } from '../support/rules-reference.ts'

const fire = (rules: readonly Rule[], facts: readonly Fact[], options: CompileOptions = {}): Fired =>
  fired(compileRules(rules, options).session(facts).fire())

const puma: Rule = {
  name: 'puma',
  when: [{ fact: 'line', where: [{ path: 'brand', eq: 'puma' }] }],
  insert: [{ type: 'puma' }],
}
const hundred: Rule = {
  name: 'hundred',
  when: [
    {
      accumulate: 'sum',
      of: { path: 'price' },
      from: { fact: 'line', where: [{ path: 'brand', eq: 'puma' }] },
      is: { gte: 100 },
    },
    { fact: 'payment', where: [{ path: 'method', eq: 'visa' }] },
  ],
  insert: [{ type: 'hundred' }],
}
const nike: Rule = {
  name: 'nike',
  when: [{ fact: 'line', where: [{ path: 'brand', eq: 'nike' }] }],
  insert: [{ type: 'nike' }],
}

describe('stored rule bases', () => {
  const options: CompileOptions = {
    memo: { line: { key: 'key', except: ['price'] } },
    focus: 'line',
    clock: { fact: 'clock', path: 'ms' },
  }
  const window: Rule = {
    name: 'window',
    when: [{ fact: 'clock', where: [{ path: 'ms', gte: 5, lt: 9 }] }],
    insert: [{ type: 'open' }],
  }
  const bytes = compileRules([puma, hundred, window], options).toBytes()

  test('know their names, options and boundaries, and give the same bytes again', () => {
    const loaded = loadRuleBase(bytes)
    expect([loaded.size, loaded.names, loaded.numberOf('hundred')]).toEqual([3, ['puma', 'hundred', 'window'], 1])
    expect([loaded.nextChange(0), loaded.nextChange(5), loaded.nextChange(9)]).toEqual([5, 9, undefined])
    expect(Buffer.from(loaded.toBytes()).equals(bytes)).toBe(true)
  })

  test('written without the rules are read by who has these', () => {
    const all = [puma, hundred, window]
    const bare = compileRules(all, options).toBytes({ withRules: false })
    expect(bare.length).toBeLessThan(bytes.length)
    expect(codeOf(() => loadRuleBase(bare))).toBe('rule_base_unreadable')
    const loaded = loadRuleBase(bare, { rules: (rule) => all[rule] as Rule })
    const facts = [line({ brand: 'puma' }), { type: 'clock', ms: 5 }]
    const outcome = fired(loaded.session(facts).fire())
    const whole = fired(loadRuleBase(bytes).session(facts).fire())
    expect([outcome.rules, outcome.inserted(), outcome.explain(0)]).toEqual([
      whole.rules,
      whole.inserted(),
      whole.explain(0),
    ])
    expect(Buffer.from(loaded.toBytes()).equals(bytes)).toBe(true)
  })

  test('are read wherever they begin in memory', () => {
    for (let offset = 0; offset < 9; offset++) {
      const larger = new Uint8Array(bytes.length + offset)
      larger.set(bytes, offset)
      const session = loadRuleBase(larger.subarray(offset)).session([line({ brand: 'puma' }), { type: 'clock', ms: 5 }])
      expect(Array.from(fired(session.fire()).rules)).toEqual([0, 2])
    }
  })
})

describe('sessions are values', () => {
  test('insert gives another session and leaves the first', () => {
    const first = compileRules([puma]).session([])
    const second = first.insert([line({ brand: 'puma' })])
    expect([first.facts.length, second.facts.length]).toEqual([0, 1])
    expect([fired(first.fire()).inserted().length, fired(second.fire()).inserted().length]).toEqual([0, 1])
  })

  test('with gives another outcome and leaves the first, and each can be gone on from', () => {
    const cash = { type: 'payment', method: 'cash' }
    const visa = { type: 'payment', method: 'visa' }
    const facts = [line({ brand: 'puma', price: 60 }), line({ brand: 'puma', price: 60 }), cash]
    const base = compileRules([puma, hundred, nike], { index: 'always' })
    const first = fired(base.session(facts).fire())
    const second = fired(first.with({ remove: [cash], insert: [visa] }))
    const third = fired(first.with({ insert: [line({ brand: 'nike' })] }))
    const fourth = fired(second.with({ remove: [visa] }))
    const rulesOf = (outcome: Fired): number[] => Array.from(outcome.rules)
    expect([first, second, third, fourth].map(rulesOf)).toEqual([[0], [0, 1], [0, 2], [0]])
    expect([first, second, third, fourth].map((outcome) => outcome.unmet(1))).toEqual([2, 0, 2, 2])
    expect(first.facts).toEqual(facts)
    expect(facts).toHaveLength(3)
  })

  test('facts are removed by identity, and refused when they are not there', () => {
    const one = line({ brand: 'puma' })
    const outcome = fire([puma], [one, { ...one }])
    const rest = fired(outcome.with({ remove: [one] }))
    expect(rest.facts).toHaveLength(1)
    expect(codeOf(() => rest.with({ remove: [one] }))).toBe('unknown_fact')
    expect(codeOf(() => outcome.with({ remove: [{ ...one }] }))).toBe('unknown_fact')
  })

  test('neither facts nor rules are changed, and what is inserted cannot be', () => {
    const freeze = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      Object.freeze(value)
      for (const part of Object.values(value)) freeze(part)
    }
    const rules = structuredClone([puma, hundred])
    const facts = [line({ brand: 'puma', price: 100, tags: ['a'] }), { type: 'payment', method: 'visa' }]
    freeze(rules)
    freeze(facts)
    const outcome = fire(rules, facts)
    expect(outcome.inserted()).toEqual([{ type: 'puma' }, { type: 'hundred' }])
    expect(outcome.inserted().every((fact) => Object.isFrozen(fact))).toBe(true)
  })

  test('too many facts are refused, also when they come one after the other', () => {
    const facts = Array.from({ length: 10_000 }, () => line({}))
    const base = compileRules([nike])
    expect(codeOf(() => base.session([...facts, line({})]))).toBe('too_many_facts')
    expect(codeOf(() => base.session(facts).insert([line({})]))).toBe('too_many_facts')
    const outcome = fired(base.session(facts).fire())
    expect(codeOf(() => outcome.with({ insert: [line({})] }))).toBe('too_many_facts')
  })
})

describe('near, unmet, missing and matched', () => {
  const facts = [line({ brand: 'puma', price: 30, n: 1 }), line({ brand: 'puma', price: 30, n: 2 }), line({ n: 3 })]

  test('near names the rules that a fact spoke for and that did not fire', () => {
    const near = fire([puma, hundred, nike], facts, { index: 'always', focus: 'line' }).near()
    expect(Array.from(near.rules)).toEqual([1])
    expect(Array.from(near.unmet)).toEqual([3])
    expect(Array.from(near.missing)).toEqual([40])
  })

  test.each(['always', 'never'] as const)('unmet and missing are about any rule, index %s', (index) => {
    const outcome = fire([puma, hundred, nike], facts, { index })
    expect([0, 1, 2].map((rule) => outcome.unmet(rule))).toEqual([0, 3, 1])
    expect([outcome.missing(1, 0), outcome.missing(1, 1), outcome.missing(0, 0)]).toEqual([40, 0, 0])
    // A condition that the rule has not lacks nothing, whatever the next rule lacks.
    const next = fire([puma, hundred, nike], facts, { index })
    expect([next.missing(0, 1), next.missing(0, 2), next.missing(2, 1)]).toEqual([0, 0, 0])
  })

  test('matched gives the facts of one condition, by its pointer', () => {
    const deep: Rule = {
      name: 'deep',
      when: [{ any: [{ fact: 'payment' }, { not: { fact: 'line', where: [{ path: 'n', gte: 2 }] } }] }],
      insert: [{ type: 'hit' }],
    }
    const outcome = fire([hundred, deep], facts)
    expect(outcome.matched(0, '/when/0')).toEqual(facts.slice(0, 2))
    expect(outcome.matched(0, '/when/1')).toEqual([])
    expect(outcome.matched(1, '/when/0/any/1/not')).toEqual(facts.slice(1))
    expect(codeOf(() => outcome.matched(1, '/when/0'))).toBe('no_such_condition')
    expect(codeOf(() => outcome.matched(1, '/when/9'))).toBe('no_such_condition')
  })
})

describe('memos', () => {
  const options: CompileOptions = { memo: { line: { key: 'key', except: ['price'] } }, focus: 'line', index: 'always' }

  test('answer right for a new key, for none, and whatever is excepted', () => {
    const base = compileRules([puma, nike], options)
    const rulesFor = (fact: Fact): number[] => Array.from(fired(base.session([fact]).fire()).rules)
    expect(rulesFor(line({ key: 'a@1', brand: 'puma' }))).toEqual([0])
    expect(rulesFor(line({ key: 'a@1', brand: 'puma', price: 2 }))).toEqual([0])
    expect(rulesFor(line({ key: 'a@2', brand: 'nike' }))).toEqual([1])
    expect(rulesFor(line({ brand: 'nike' }))).toEqual([1])
  })

  test('forget, and answer right, after more facts than they hold', () => {
    const base = compileRules([puma, nike], options)
    for (let round = 0; round < 3; round++) {
      for (let start = 0; start < 12_000; start += 4_000) {
        const facts = Array.from({ length: 4_000 }, (_, i) =>
          line({ key: `${start + i}`, brand: i % 2 === 0 ? 'puma' : 'nike' }),
        )
        expect([0, 1].map((rule) => fired(base.session(facts).fire()).times(rule))).toEqual([2_000, 2_000])
      }
    }
  })

  test('do not keep keys that are longer than any need be', () => {
    const red: Rule = {
      name: 'red',
      when: [{ fact: 'line', where: [{ path: 'color', eq: 'red' }] }],
      insert: puma.insert,
    }
    const base = compileRules([puma, nike, red], options)
    const stepsFor = (key: string): number => fired(base.session([line({ key, brand: 'nike' })]).fire()).steps
    const again = (key: string): boolean => {
      const first = stepsFor(key)
      return stepsFor(key) < first
    }
    expect([again('a'), again('a'.repeat(256)), again('a'.repeat(257))]).toEqual([true, true, false])
    expect(Array.from(fired(base.session([line({ key: 'b'.repeat(300), brand: 'nike' })]).fire()).rules)).toEqual([1])
  })

  test('of one rule base know nothing of another', () => {
    const fact = line({ key: 'a@1', brand: 'puma' })
    expect(fire([puma], [fact], options).rules).toHaveLength(1)
    expect(fire([nike], [fact], options).rules).toHaveLength(0)
  })
})

describe('many rules', () => {
  const count = 3_000
  const rules = Array.from({ length: count }, (_, i): Rule => {
    const where = [
      { path: 'brand', eq: `b${i % 50}` },
      ...(i % 3 === 0 ? [{ path: 'size', in: [i % 7, (i + 1) % 7] }] : []),
      ...(i % 5 === 0 ? [{ not: { path: 'color', eq: `c${i % 4}` } }] : []),
    ]
    const sum = { accumulate: 'sum', of: { path: 'price' }, from: { fact: 'line', where }, is: { gte: i % 40 } }
    const window = { fact: 'now', where: [{ path: 'at', gte: i, lt: i + 2_000 }] }
    return {
      name: `r${i}`,
      when: [i % 2 === 0 ? { fact: 'line', where } : sum, ...(i % 4 === 0 ? [window] : [])],
      insert: [{ type: 'hit', of: i }],
    }
  })
  const lines = Array.from({ length: 12 }, (_, i) =>
    line({ key: `k${i}`, brand: `b${i * 4}`, size: i % 7, color: `c${i % 4}`, price: 3 * i }),
  )

  test.each(['always', 'never'] as const)('give what the reference gives, index %s', (index) => {
    const base = compileRules(rules, { index, memo: { line: { key: 'key', except: ['price'] } }, focus: 'line' })
    for (const at of [0, 2_500, 4_999]) {
      const facts = [...lines, { type: 'now', at }]
      const reference = new Reference(facts)
      const expected = rules.flatMap((rule) => reference.run(rule)).map(textOf)
      expect(expected.length).toBeGreaterThan(100)
      const outcome = fired(base.session(facts).fire())
      expect(outcome.inserted().map(textOf)).toEqual(expected)
      expect(fired(base.session(facts.toReversed()).fire()).inserted().map(textOf)).toEqual(expected)
    }
  })

  test('more than the limit are refused', () => {
    const tooMany = Array.from({ length: 20_001 }, (_, i) => ({ ...puma, name: `p${i}` }))
    expect(codeOf(() => compileRules(tooMany))).toBe('too_many_rules')
  })
})

describe('the budget cannot be escaped', () => {
  const cross: Rule = {
    name: 'cross',
    when: Array.from({ length: 6 }, () => ({ fact: 'line' })),
    insert: [puma.insert[0]!],
  }
  const facts = Array.from({ length: 1_000 }, (_, n) => line({ n }))

  test.each(['always', 'never'] as const)('by matches that are only counted, or by changes, index %s', (index) => {
    const base = compileRules([cross], { index })
    expect(base.session(facts).fire()).toMatchObject({ ok: false, code: 'budget_exceeded' })
    expect(fired(base.session().fire()).with({ insert: facts })).toMatchObject({ ok: false, code: 'budget_exceeded' })
  })

  test('by a budget that is no number', () => {
    expect(compileRules([cross]).session(facts).fire({ budget: Number.NaN }).ok).toBe(false)
  })

  test('by queries', () => {
    const base = compileRules([nike])
    const query = base.prepare({ when: cross.when })
    const outcome = fired(base.session(facts).fire())
    expect(codeOf(() => outcome.query(query))).toBe('budget_exceeded')
  })
})

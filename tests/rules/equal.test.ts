// The evaluator against its slow twin, with and without the index, in any order, with duplicates, and after changes.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadRuleBase } from '../../lib/rules/base.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type { CompileOptions, Fact, Fired, Outcome, Rule } from '../../lib/rules/types.ts'
import { facts, oddFacts, options, registry, rules } from '../support/rules-arbitraries.ts'
import { fired } from '../support/rules-outcomes.ts'
import { Reference, textOf } from '../support/rules-reference.ts'

const runs = Number(process.env.KRAM_PROPERTY_RUNS ?? 150)
const settings = { seed: Number(process.env.KRAM_PROPERTY_SEED ?? 4), numRuns: runs }

const texts = (list: readonly unknown[]): string[] => list.map(textOf).sort()

const expected = (list: readonly Rule[], given: readonly Fact[]): string[] => {
  const reference = new Reference(given, registry)
  return texts(list.flatMap((rule) => reference.run(rule)))
}

const fire = (list: readonly Rule[], given: readonly Fact[], how: CompileOptions): Fired =>
  fired(compileRules(list, how).session(given).fire())

describe('the evaluator equals the reference', () => {
  test.each([
    ['without the index', { registry, index: 'never' }],
    ['with the index', { registry, index: 'always' }],
    ['with the index, a memo and a focus', { ...options, index: 'always' }],
  ] as const)('%s', (_, how) => {
    fc.assert(
      fc.property(rules, facts, (list, given) => {
        expect(texts(fire(list, given, how).inserted())).toEqual(expected(list, given))
      }),
      settings,
    )
  })

  test.each([
    ['without the index', { registry, index: 'never' }],
    ['with the index', { registry, index: 'always' }],
  ] as const)('%s, on values that go wrong easily', (_, how) => {
    fc.assert(
      fc.property(rules, oddFacts, (list, given) => {
        expect(texts(fire(list, given, how).inserted())).toEqual(expected(list, given))
      }),
      settings,
    )
  })

  test('loaded from bytes', () => {
    fc.assert(
      fc.property(rules, facts, (list, given) => {
        const bytes = compileRules(list, options).toBytes()
        const session = loadRuleBase(bytes, { registry, index: 'always' }).session(given)
        expect(texts(fired(session.fire()).inserted())).toEqual(expected(list, given))
      }),
      settings,
    )
  })

  test('for one session after the other, so that nothing of the one shows in the next', () => {
    fc.assert(
      fc.property(rules, fc.array(facts, { minLength: 2, maxLength: 4 }), (list, carts) => {
        const base = compileRules(list, { ...options, index: 'always' })
        const outcomes = carts.map((given) => fired(base.session(given).fire()))
        carts.forEach((given, i) => {
          expect(texts(outcomes[i]?.inserted() ?? [])).toEqual(expected(list, given))
        })
      }),
      settings,
    )
  })
})

describe('order and duplicates', () => {
  test('the order of rules and facts decides nothing', () => {
    fc.assert(
      fc.property(rules, facts, fc.array(fc.nat()), (list, given, order) => {
        const shuffled = <T>(items: readonly T[]): T[] =>
          items
            .map((item, i) => ({ item, key: order[i % Math.max(order.length, 1)] ?? 0 }))
            .sort((a, b) => b.key - a.key)
            .map(({ item }) => item)
        const how: CompileOptions = { ...options, index: 'always' }
        const straight = texts(fire(list, given, how).inserted())
        expect(texts(fire(shuffled(list), shuffled(given), how).inserted())).toEqual(straight)
      }),
      settings,
    )
  })
})

describe('rules on inserted facts', () => {
  const inserted = ['gift', 'note', 'end'] as const

  /** The rule, reading what the layers before insert in place of some facts given. */
  function inLayer(rule: Rule, layer: number): Rule {
    const text = JSON.stringify(rule.when)
    const second = layer > 0 ? text.replaceAll('"fact":"order"', '"fact":"gift"') : text
    const when = layer > 1 ? second.replaceAll('"fact":"payment"', '"fact":"note"') : second
    const insert = rule.insert.map((each, i) => ({ ...each, type: inserted[layer] ?? '', a: each.value ?? 'u', n: i }))
    return { name: `${layer} ${rule.name}`, when: JSON.parse(when), insert }
  }

  const layered = fc
    .tuple(rules, rules, rules)
    .map((layers) => layers.map((list, layer) => list.map((rule) => inLayer(rule, layer))))

  const byLayer = (layers: readonly Rule[][], given: readonly Fact[]): string[] => {
    const made: Fact[] = []
    for (const layer of layers) {
      const reference = new Reference([...given, ...made], registry)
      made.push(...layer.flatMap((rule) => reference.run(rule)))
    }
    return texts(made)
  }

  test.each(['always', 'never'] as const)('see all that there will be, index %s', (index) => {
    fc.assert(
      fc.property(layered, facts, facts, (layers, given, more) => {
        const wanted = byLayer(layers, given)
        // So that the last layer stands first.
        const base = compileRules(layers.toReversed().flat(), { ...options, index })
        const outcome = base.session(given).fire()
        // Rules that multiply what others insert may take too long.
        fc.pre(outcome.ok && wanted.length < 2_000)
        expect(texts(fired(outcome).inserted())).toEqual(wanted)
        const later = fired(outcome).with({ remove: given.slice(0, 1), insert: more.slice(0, 2) })
        fc.pre(later.ok)
        expect(texts(fired(later).inserted())).toEqual(byLayer(layers, fired(later).facts))
      }),
      settings,
    )
  })
})

describe('the budget', () => {
  // Steps are the same for the same facts, but for what a memo remembers.
  const fresh = (list: readonly Rule[], given: readonly Fact[], index: 'always' | 'never', budget?: number): Outcome =>
    compileRules(list, { registry, index })
      .session(given)
      .fire(budget === undefined ? {} : { budget })

  test.each(['always', 'never'] as const)('stops, or changes nothing, index %s', (index) => {
    fc.assert(
      fc.property(
        rules,
        fc.oneof(facts, oddFacts),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, given, share) => {
          const whole = fired(fresh(list, given, index))
          const enough = fired(fresh(list, given, index, whole.steps))
          expect([enough.steps, ...enough.rules]).toEqual([whole.steps, ...whole.rules])
          const budget = Math.floor(whole.steps * share)
          const less = fresh(list, given, index, budget)
          expect(less.ok).toBe(budget === whole.steps)
          if (!less.ok) expect(less).toEqual({ ok: false, code: 'budget_exceeded', budget })
        },
      ),
      settings,
    )
  })

  test('a change on which it stops leaves the outcome as it was', () => {
    fc.assert(
      fc.property(rules, facts, facts, fc.nat({ max: 60 }), (list, given, more, budget) => {
        const outcome = fired(
          compileRules(list, { ...options, index: 'always' })
            .session(given)
            .fire(),
        )
        const changed = outcome.with({ insert: more.slice(0, 3) }, { budget })
        if (changed.ok) expect(changed.steps).toBeLessThanOrEqual(budget)
        const later = fired(outcome.with({ insert: more.slice(0, 3) }))
        expect(texts(later.inserted())).toEqual(expected(list, later.facts))
        expect(texts(outcome.inserted())).toEqual(expected(list, given))
        expect(outcome.near().unmet).toHaveLength(outcome.near().rules.length)
      }),
      settings,
    )
  })
})

describe('changes', () => {
  test('with(changes) gives what firing afresh gives, again and again', () => {
    const change = fc.record({
      remove: fc.array(fc.nat(), { maxLength: 2 }),
      insert: fc.array(facts, { maxLength: 1 }),
    })
    fc.assert(
      fc.property(rules, facts, fc.array(change, { minLength: 1, maxLength: 4 }), (list, given, changes) => {
        const base = compileRules(list, { ...options, index: 'always' })
        let outcome = fired(base.session(given).fire())
        for (const { remove, insert } of changes) {
          const gone = new Set(remove.map((i) => outcome.facts[i]).filter((fact) => fact !== undefined))
          const before = outcome
          const next: Fired = fired(outcome.with({ remove: [...gone], insert: (insert[0] ?? []).slice(0, 2) }))
          expect(texts(next.inserted())).toEqual(expected(list, next.facts))
          expect(texts(before.inserted())).toEqual(expected(list, before.facts))
          outcome = next
        }
      }),
      settings,
    )
  })
})

describe('numbers for hints', () => {
  test('unmet and missing say the same with and without the index', () => {
    fc.assert(
      fc.property(rules, facts, (list, given) => {
        const indexed = fire(list, given, { ...options, index: 'always' })
        // With two facts that tell the time the index takes no part.
        const other = { type: 'now', at: Number.NEGATIVE_INFINITY }
        const plain = fire(list, [...given, other, { ...other }], { registry, index: 'always' })
        list.forEach(({ when }, rule) => {
          const mask = indexed.unmet(rule)
          expect(mask).toBe(plain.unmet(rule))
          expect(indexed.rules.includes(rule)).toBe(indexed.times(rule) > 0)
          if (mask !== 0) expect(indexed.times(rule)).toBe(0)
          when.forEach((_, i) => {
            expect(indexed.missing(rule, i)).toBeCloseTo(plain.missing(rule, i), 9)
          })
        })
      }),
      settings,
    )
  })
})

// One evaluation after the other over shared arrays: what each takes, what stays of it, and when it cannot be told by the index.
import { describe, expect, test } from 'vitest'
import { compileRules } from '../../lib/rules/compile.ts'
import { Evaluator, type State } from '../../lib/rules/evaluator.ts'
import { fromBytes } from '../../lib/rules/snapshot.ts'
import type { Condition, Fact, Rule } from '../../lib/rules/types.ts'
import { addWork } from '../../lib/rules/values.ts'

const unlimited = Number.POSITIVE_INFINITY
const ruleOf = (when: readonly Condition[], n: number): Rule => ({ name: `r${n}`, when, insert: [{ type: 'hit' }] })
function evaluatorOf(whens: readonly (readonly Condition[])[]): Evaluator {
  const { program } = fromBytes(compileRules(whens.map(ruleOf)).toBytes())
  return new Evaluator(program, {}, { clock: { fact: 'now', steps: ['at'] }, memoKeys: new Map() })
}
const stateOf = (evaluator: Evaluator, facts: readonly Fact[]): State => {
  const state = evaluator.run(facts, unlimited)
  if (typeof state === 'string') throw new Error(state)
  return state
}
const line = (n: number, brand = 'a'): Fact => ({ type: 'line', brand, n, kind: 'x' })
const lines = (count: number): Fact[] => Array.from({ length: count }, () => line(1))
const sum = (gte: number): Condition => ({
  accumulate: 'sum',
  of: { path: 'n' },
  from: { fact: 'line', where: [{ path: 'brand', eq: 'a' }] },
  is: { gte },
})
const kind: Condition = { fact: 'line', where: [{ path: 'kind', eq: 'y' }] }
const window: Condition = { fact: 'now', where: [{ path: 'at', gte: 5, lt: 15 }] }
const paid: Condition = { fact: 'payment' }
/** Beside presence: of 40 brands, so that not all are kept up to date. */
const rare: Condition[][] = Array.from({ length: 40 }, (_, n) => [
  paid,
  { accumulate: 'sum', of: { path: 'n' }, from: { fact: 'line', where: [{ path: 'n', gt: n }] }, is: { gte: 1_000 } },
])

describe('the time', () => {
  const timed = evaluatorOf([[window], [sum(1)]])
  const runAt = (...times: unknown[]): unknown => {
    const found = timed.run([...times.map((at) => ({ type: 'now', at })), line(1)], unlimited)
    return typeof found === 'string' ? found : [...found.verdict.rules]
  }

  test('is told by one fact, or by none', () => {
    expect([runAt(6), runAt(20), runAt(), runAt('6'), runAt(null)]).toEqual([[0, 1], [1], [1], [1], [1]])
    expect(stateOf(timed, [{ type: 'now', at: 6 }]).at).toBe(6)
    expect(stateOf(timed, []).at).toBeNaN()
  })

  test('is undecided where several facts or values tell it, or none that a number could be', () => {
    for (const times of [[6, 7], [6, 6], [20, 6], [unlimited], [-unlimited], [[6]], [[6, 20]]]) {
      expect(runAt(...times), JSON.stringify(times)).toBe('undecided')
    }
  })

  test('is not asked for where no rule has a window', () => {
    const timeless = evaluatorOf([[sum(1)], [{ fact: 'now' }]])
    const state = stateOf(timeless, [{ type: 'now', at: 6 }, { type: 'now', at: 7 }, line(1)])
    expect([[...state.verdict.rules], state.at]).toEqual([[0, 1], Number.NaN])
  })
})

describe('the budget', () => {
  test('ends an evaluation soon after it is spent', () => {
    const evaluator = evaluatorOf([[sum(1)], [kind]])
    const whole = stateOf(evaluator, lines(2_000))
    const steps = evaluator.steps
    expect(steps).toBeGreaterThan(2_000)
    expect(evaluator.run(whole.facts, steps)).toMatchObject({ facts: whole.facts })
    expect(evaluator.run(whole.facts, steps - 1)).toBe('exhausted')
    expect(evaluator.run(whole.facts, 50)).toBe('exhausted')
    expect(evaluator.steps).toBeLessThan(100)
    expect(evaluator.run(whole.facts, 0)).toBe('exhausted')
  })

  test('ends what is added up again', () => {
    const evaluator = evaluatorOf([[sum(1)]])
    const facts = Array.from({ length: 2_000 }, () => line(0.1))
    stateOf(evaluator, facts)
    expect(evaluator.run(facts, evaluator.steps - 1_000)).toBe('exhausted')
  })

  test('is not charged for what was worked out before', () => {
    const evaluator = evaluatorOf([[sum(1)]])
    const stepsOf = (): number => {
      stateOf(evaluator, lines(3))
      return evaluator.steps
    }
    // Once before, so that both remember the same.
    stepsOf()
    const steps = stepsOf()
    addWork(1_000)
    expect(stepsOf()).toBe(steps)
  })
})

describe('an evaluation is brought back', () => {
  const evaluator = evaluatorOf([[sum(5)], [kind, paid], ...rare])
  const seen = (): unknown => [
    [...evaluator.sums.sum],
    [...evaluator.sums.touched.slice(0, evaluator.sums.touchedCount)].sort(),
    evaluator.sums.isExact,
  ]

  test('once another has taken its place, at no cost before', () => {
    const first = stateOf(evaluator, [...lines(4), { type: 'payment' }])
    const [steps, sums] = [evaluator.steps, seen()]
    evaluator.restore(first)
    expect(evaluator.steps).toBe(steps)
    const second = stateOf(evaluator, [line(7), line(3, 'b')])
    expect(seen()).not.toEqual(sums)
    evaluator.restore(first)
    expect(seen()).toEqual(sums)
    // Nothing is looked up again.
    expect(evaluator.steps).toBeLessThan(steps)
    const again = evaluator.steps
    stateOf(evaluator, lines(500))
    evaluator.restore(first)
    expect(evaluator.steps).toBe(again)
    evaluator.restore(second)
    evaluator.restore(first)
    expect(seen()).toEqual(sums)
  })

  test('with what a type that no rule asks for does not count in', () => {
    const first = stateOf(evaluator, [{ type: 'other' }, ...lines(4)])
    const sums = seen()
    stateOf(evaluator, [])
    evaluator.restore(first)
    expect(seen()).toEqual(sums)
  })

  test('with sums that are rounded once', () => {
    const first = stateOf(
      evaluator,
      lines(10).map((each) => ({ ...each, n: 0.1 })),
    )
    const sums = seen()
    stateOf(evaluator, lines(9))
    evaluator.restore(first)
    expect(seen()).toEqual(sums)
    expect([...evaluator.sums.sum]).toContain(1)
  })
})

describe('a change', () => {
  const evaluator = evaluatorOf([[sum(5)], [kind], [window], [{ not: paid }], ...rare])
  const facts = [{ type: 'now', at: 6 }, ...lines(4)]
  const seen = (): unknown => [[...evaluator.sums.sum], evaluator.sums.touchedCount, evaluator.sums.isExact]
  const changed = (state: State, removed: readonly Fact[], inserted: readonly Fact[], budget = unlimited): unknown => {
    const rest = state.facts.filter((fact) => !removed.includes(fact))
    const found = evaluator.change(state, { removed, inserted }, [...rest, ...inserted], budget)
    return typeof found === 'string' ? found : [...found.rules]
  }

  test('is judged by itself, and leaves everything as it was', () => {
    const state = stateOf(evaluator, facts)
    const [steps, before] = [evaluator.steps, seen()]
    expect([...state.verdict.rules]).toEqual([2, 3])
    const { value } = { value: evaluator.sums.valueOf(0) }
    for (let round = 0; round < 2; round++) {
      expect(changed(state, [], [line(1)])).toEqual([0, 2, 3])
      expect(evaluator.steps).toBeLessThan(steps)
      expect(changed(state, facts.slice(1, 3), [{ type: 'line', kind: 'y', brand: 'a', n: 3 }])).toEqual([0, 1, 2, 3])
      expect(changed(state, facts.slice(1, 2), [])).toEqual([2, 3])
      expect(changed(state, [], [{ type: 'payment' }])).toEqual([2])
      expect(changed(state, [], [{ type: 'other' }])).toEqual([2, 3])
      expect(changed(state, [], [])).toEqual([2, 3])
    }
    expect([...state.verdict.rules]).toEqual([2, 3])
    expect(seen()).toEqual(before)
    expect(evaluator.sums.valueOf(0)).toBe(value)
    // It is still there.
    const { steps: last } = evaluator
    evaluator.restore(state)
    expect(evaluator.steps).toBe(last)
  })

  test('is judged where another evaluation came in between', () => {
    const state = stateOf(evaluator, facts)
    stateOf(evaluator, lines(50))
    expect(changed(state, [], [line(1)])).toEqual([0, 2, 3])
    stateOf(evaluator, lines(50))
    expect(changed(state, facts.slice(1, 2), [])).toEqual([2, 3])
  })

  test('is undecided where time changes', () => {
    const state = stateOf(evaluator, facts)
    const later = { type: 'now', at: 20 }
    for (const [removed, inserted] of [
      [facts.slice(0, 1), [later]],
      [facts.slice(0, 1), []],
      [[], [later]],
      [facts.slice(0, 2), [line(1)]],
      [facts.slice(1, 2), [line(1), later]],
    ] as const) {
      expect(changed(state, removed, inserted)).toBe('undecided')
    }
  })

  test('is undecided where sums are or become such that they must be rounded, which leaves nothing behind', () => {
    const large = stateOf(evaluator, [{ type: 'now', at: 6 }, line(2 ** 50), line(3)])
    const before = seen()
    expect(changed(large, [], [line(0.3)])).toBe('undecided')
    evaluator.restore(large)
    expect(seen()).toEqual(before)
    expect(changed(large, [], [line(1)])).toEqual([0, 2, 3])
    const fraction = stateOf(evaluator, [line(0.1), line(0.2)])
    const { steps } = evaluator
    expect(changed(fraction, [], [line(5)])).toBe('undecided')
    // Nothing was even tried.
    evaluator.restore(fraction)
    expect(evaluator.steps).toBe(steps)
  })

  test('ends when its budget is spent, and leaves everything as it was', () => {
    const state = stateOf(evaluator, facts)
    const before = seen()
    for (const budget of [0, 3, 10]) {
      expect(changed(state, [], [line(1)], budget)).toBe('exhausted')
      expect(seen()).toEqual(before)
    }
    expect(changed(state, [], [line(1)], 1_000)).toEqual([0, 2, 3])
  })

  test('gives a state that is as if it had been evaluated', () => {
    const state = stateOf(evaluator, facts)
    const inserted = [{ type: 'other' }, line(2), { type: 'payment' }]
    const next = evaluator.changedState(state, { removed: facts.slice(1, 3), inserted })
    expect(next.facts).toEqual([facts[0], ...facts.slice(3), ...inserted])
    evaluator.restore(next)
    const sums = [...evaluator.sums.sum]
    const fresh = stateOf(evaluator, next.facts)
    expect([...evaluator.sums.sum]).toEqual(sums)
    expect(next.slots).toEqual(fresh.slots)
    expect(state.facts).toEqual(facts)
    expect(state.slots).toHaveLength(facts.length)
  })
})

// Which facts each rule's first condition on a type matches: as `matched` says, wherever firing has found it out.
import { expect, test } from 'vitest'
import { compileRules } from '../../lib/rules/compile.ts'
import type { Condition, Fact, Fired, Rule } from '../../lib/rules/types.ts'
import { fired } from '../support/rules-outcomes.ts'

const puma: Condition = { fact: 'line', where: [{ path: 'brand', eq: 'puma' }] }
const shoes: Condition = { fact: 'line', where: [{ path: 'kind', eq: 'shoes' }] }
const paid: Condition = { fact: 'payment', where: [{ path: 'method', eq: 'visa' }] }
const price = (from: object): Condition =>
  ({ accumulate: 'sum', of: { path: 'price' }, from, is: { gte: 10 } }) as unknown as Condition
const whens: Condition[][] = [
  [puma],
  [paid, puma],
  [shoes, puma],
  [price(puma), puma],
  [price(puma), paid],
  [{ any: [puma, shoes] }],
  [{ not: shoes }, puma],
  [paid],
  [{ fact: 'line' }],
  [{ fact: 'line', where: [{ path: 'brand', eq: 'none' }] }],
  [puma],
  // Not live, where no time is known.
  [
    { fact: 'now', where: [{ path: 'at', gte: 6 }] },
    { fact: 'line', where: [{ path: 'brand', eq: 'nike' }] },
  ],
]
const rules = whens.map((when, n): Rule => ({ name: `r${n}`, when, insert: [{ type: 'hit', n }] }))
/** The place of the first condition that a line is there, where there is one. */
const first = [0, 1, 0, 1, -1, -1, 1, -1, 0, 0, 0, 1]
const numbers = whens.map((_, rule) => rule)
const facts: Fact[] = [
  { type: 'payment', method: 'visa' },
  { type: 'line', brand: 'puma', kind: 'shirt', price: 10 },
  { type: 'other' },
  { type: 'line', brand: 'nike', kind: 'shoes', price: 5 },
  { type: 'line', brand: 'puma', kind: 'shoes', price: 7 },
  { type: 'line', kind: 'hat' },
]

function check(outcome: Fired, asked: readonly number[]): void {
  const found = outcome.places('line', asked)
  expect(found).toHaveLength(asked.length)
  asked.forEach((rule, i) => {
    const places = found[i]
    const condition = first[rule] as number
    if (condition < 0) expect(places, `${rule}`).toBeUndefined()
    if (places === undefined) return
    const wanted = outcome.matched(rule, `/when/${condition}`)
    expect(places, `${rule}`).toEqual(outcome.facts.flatMap((fact, place) => (wanted.includes(fact) ? [place] : [])))
  })
}

test('are those of the facts that match', () => {
  const base = compileRules(rules, { index: 'always' })
  const outcome = fired(base.session(facts).fire())
  check(outcome, numbers)
  const [one, , three] = outcome.places('line', [0, 4, 2])
  expect([one, three]).toEqual([
    [1, 4],
    [3, 4],
  ])
  expect(outcome.places('line', [9])).toEqual([[]])
  expect(outcome.places('payment', [1, 7, 0])).toEqual([[0], [0], undefined])
  expect(outcome.places('nothing', [0])).toEqual([undefined])
  expect(outcome.places('line', [11, 0])).toEqual([undefined, [1, 4]])
  expect(outcome.places('line', [])).toEqual([])
  // Asked again, and in another order.
  check(outcome, numbers.toReversed())
  check(outcome, [0, 10, 0])
})

test('are those after changes, and of sessions that share a base', () => {
  const base = compileRules(rules, { index: 'always' })
  const outcome = fired(base.session(facts).fire())
  const other = fired(base.session(facts.toReversed()).fire())
  const changed = fired(outcome.with({ remove: facts.slice(1, 2), insert: [{ type: 'line', brand: 'puma' }] }))
  for (const each of [outcome, changed, other, outcome]) check(each, numbers)
})

test('are not known where facts were tried one by one, or are right', () => {
  check(fired(compileRules(rules, { index: 'never' }).session(facts).fire()), numbers)
})

// Whatever may be saved can be compiled, evaluated and explained: configs with anything in any place.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkPromo } from '../../lib/promos/check.ts'
import { evaluate, explainInput } from '../../lib/promos/evaluate.ts'
import { judgeNode, listFacts, situationOf } from '../../lib/promos/judging.ts'
import { conditionsOf, makePromo } from '../../lib/promos/promo.ts'
import { compilePromos } from '../../lib/promos/promo-set.ts'
import { validatePromos } from '../../lib/promos/validate.ts'
import { order } from '../support/arbitrary-orders.ts'
import { condition, evaluation } from '../support/arbitrary-promos.ts'

const settings = { timeZone: 'Europe/Kyiv' }
const numRuns = Number(process.env.RUNS ?? 400)
const seed = Number(process.env.SEED ?? 20_220_824)

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const names = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'price',
  'sku',
  'any',
  'all',
  'not',
  'type',
  'value',
  '',
]
const texts = [
  ...names,
  ' ',
  '\u0000',
  '\ud800',
  '💥',
  'a'.repeat(600),
  '2022-08-24',
  '24:00',
  'Europe/Kyiv',
  '{gain}',
  '1e3',
]
const numbers = [0, -0, 1, -1, 0.01, 0.1, 1.005, 100, 100.01, 1e7, 1e15, 2 ** 53, 1e308, 5e-324]
const anything = fc.oneof(
  fc.constantFrom<Json>(...texts, ...numbers, null, true, false, [], {}, [[]], [null], { a: 1 }, ['a', 1, true]),
  fc.constantFrom(...names).map((name): Json => JSON.parse(`{${JSON.stringify(name)}: "x"}`)),
  fc.constantFrom(...names).map((name): Json => JSON.parse(`{${JSON.stringify(name)}: {"gte": 1, "evil": {}}}`)),
)

/** Every place of a value, as steps from its root. */
function placesIn(value: Json, at: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [at]
  return [at, ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...at, name]))]
}

// Rebuilt as text, so that a name such as __proto__ is one like any other, as it is in JSON that comes in.
function changed(value: Json, steps: readonly string[], change: (value: Json) => Json, rename?: string): Json {
  const [step, ...rest] = steps
  if (step === undefined) return change(value)
  if (Array.isArray(value))
    return value.map((entry, i) => (String(i) === step ? changed(entry, rest, change, rename) : entry))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, inner]): [string, Json] => {
    if (name !== step) return [name, inner]
    return [rest.length === 0 ? (rename ?? name) : name, changed(inner, rest, change, rename)]
  })
  return JSON.parse(`{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${JSON.stringify(inner)}`).join(',')}}`)
}

const mutation = fc.record({ place: fc.nat(), value: anything, rename: fc.option(fc.constantFrom(...names)) })
const mutated = (
  config: Json,
  { place, value, rename }: { place: number; value: Json; rename: string | null },
): Json => {
  const places = placesIn(config)
  const steps = places[place % places.length]!
  return rename === null ? changed(config, steps, () => value) : changed(config, steps, (same) => same, rename)
}

describe('a config with anything in it', () => {
  test('is refused with a place and a sentence, or works', () => {
    let saved = 0
    let refused = 0
    fc.assert(
      fc.property(evaluation, fc.array(mutation, { minLength: 1, maxLength: 2 }), (input, mutations) => {
        const config = mutations.reduce(mutated, JSON.parse(JSON.stringify(input.promos[0])) as Json)
        const issues = checkPromo(config, settings)
        for (const { pointer, message } of issues) {
          expect(pointer).toMatch(/^(?:\/|$)/)
          expect(message).toMatch(/^\S.+\S$/su)
        }
        if (issues.length > 0) {
          refused++
          return
        }
        saved++
        const { id: _, ...rest } = config as { id?: Json }
        expect(compilePromos([config], { settings }).leftOut).toEqual([])
        const promos = [{ ...rest, id: 'changed' }, ...input.promos.slice(1)]
        const result = evaluate({ ...input, promos }, settings)
        expect(result.total_minor).toBeGreaterThanOrEqual(0)
        expect(result.promos_failed).toBeUndefined()
        expect(result.hints).toBeDefined()
        explainInput({ ...input, promos }, settings)
        validatePromos(promos, { settings })
      }),
      { numRuns, seed },
    )
    expect(Math.min(saved, refused)).toBeGreaterThan(numRuns / 10)
  })
})

/** Conditions in which each `any` that the pointer leads through, unless negated, is only the branch that it leads to. */
function withoutAlternatives(conditions: readonly unknown[], pointer: string): unknown[] {
  const narrow = (node: unknown, [step, ...steps]: string[], negated = false): unknown => {
    if (step === undefined || typeof node !== 'object' || node === null) return node
    if (step === 'any' && !negated) return narrow((node as { any: unknown[] }).any[Number(steps[0])], steps.slice(1))
    if (Array.isArray(node)) return node.with(Number(step), narrow(node[Number(step)], steps, negated))
    return { ...node, [step]: narrow((node as Record<string, unknown>)[step], steps, negated !== (step === 'not')) }
  }
  return narrow(conditions, pointer.split('/').slice(2)) as unknown[]
}

test('conditions that are refused as never met together are met by no order', () => {
  let refused = 0
  const orders = fc.array(order, { minLength: 5, maxLength: 5 })
  fc.assert(
    fc.property(fc.array(condition, { minLength: 2, maxLength: 4 }), orders, (order_filters, orders) => {
      const config = { order_filters, actions: [{ type: 'gift', value: 'g' }] }
      const issues = checkPromo(config, settings)
      const clash = issues.find(({ message }) => message.startsWith('can never be met together'))
      if (!clash) return
      refused++
      const identity = { rank: 0, id: 'p', version: 0, state: 'live' } as const
      const alone = { ...config, order_filters: withoutAlternatives(order_filters, clash.pointer) }
      const promo = makePromo(alone as never, identity, settings.timeZone)
      for (const one of orders) {
        // Of no goods no promo applies, whatever its conditions; who has placed no order has no last one.
        const { orders_placed, last_order_at } = one.customer ?? {}
        if (one.lines.length === 0 || (orders_placed === 0 && last_order_at)) continue
        const situation = situationOf(one, Date.parse('2022-08-24T10:00:00Z'), true)
        const facts = listFacts(situation, situation.index.matching(undefined))
        const met = conditionsOf(promo).every((node) => judgeNode(node, facts).met)
        if (met) expect.fail(`met by ${JSON.stringify(one)}`)
      }
    }),
    { numRuns: 10 * numRuns, seed },
  )
  expect(refused).toBeGreaterThan(numRuns / 10)
})

describe('names that JavaScript keeps for itself', () => {
  const off = '"actions": [{"type": "percent_off", "value": 10}]'
  test.each([
    [`{"product_filters": {"brand": "Puma", "constructor": {"evil": 1}}, ${off}}`, '/product_filters/constructor'],
    [`{"product_filters": {"any": [{"__proto__": "x", "b": 1}]}, ${off}}`, '/product_filters/any/0/__proto__'],
    [`{"targets": {"prototype": 1, "a": 1}, ${off}}`, '/targets/prototype'],
    [
      `{"codes": ["constructor"], "limits": {"codes": {"constructor": {"uses": "x"}}}, ${off}}`,
      '/limits/codes/constructor',
    ],
    [
      `{"order_filters": [{"type": "contains", "filter": {"a": 1, "constructor": 1}}], ${off}}`,
      '/order_filters/0/filter/constructor',
    ],
  ])('are no names of attributes or limited codes: %s', (text, pointer) => {
    expect(checkPromo(JSON.parse(text), settings)).toContainEqual({ pointer, message: 'is a name that cannot be used' })
  })
})

test('one config that passes the checks but cannot be compiled is left out; the others apply', () => {
  let reads = 0
  let most = Number.POSITIVE_INFINITY
  const broken = {
    id: 'broken',
    actions: [{ type: 'percent_off', value: 50 }],
    get group() {
      if (++reads > most) throw new TypeError('a fault')
      return 'g'
    },
  }
  expect(checkPromo(broken, settings)).toEqual([])
  // The compiler's own first read fails.
  most = 2 * reads
  const sound = { id: 'sound', actions: [{ type: 'percent_off', value: 10 }] }
  const set = compilePromos([broken, sound], { settings })
  expect(set.leftOut).toEqual([
    { index: 0, id: 'broken', issues: [{ pointer: '', message: 'cannot be compiled: a fault of the program' }] },
  ])
  expect(set.identities.map(({ id }) => id)).toEqual(['sound'])
})

// Generated shops of the benchmark: the evaluator, the hand-written matcher and the plain loop must agree, cart after
// cart, and so must what follows a change.
import { describe, expect, test } from 'vitest'
import { payments } from '../../bench/draw.ts'
import { type Cart, generateCarts, generateShop } from '../../bench/rules/generate.ts'
import { factsOf, options, ruleOf } from '../../bench/rules/kram.ts'
import { plainLoop } from '../../bench/rules/plain-loop.ts'
import { specialised } from '../../bench/rules/specialised.ts'
import { loadRuleBase } from '../../lib/rules/base.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type { Fact } from '../../lib/rules/types.ts'
import { fired } from '../support/rules-outcomes.ts'

const shop = generateShop(2_000, { seed: 5 })
const plain = plainLoop(shop.promos)
const base = compileRules(shop.promos.map(ruleOf), options)
const carts = [1, 5, 20].flatMap((lines) => generateCarts(shop, { lines, count: 20, seed: lines }))

const facts = (cart: Cart, identity = true): Fact[] => factsOf(cart, shop.now, { identity })
const wanted = (cart: Cart, now = shop.now): number[] => plain.evaluate({ cart, now })

describe('generated shops', () => {
  test('promotions apply, so that something is compared', () => {
    expect(carts.reduce((sum, cart) => sum + wanted(cart).length, 0)).toBeGreaterThan(500)
  })

  test.each([true, false])('the plain loop and the evaluator agree, identity: %s', (identity) => {
    for (const cart of [...carts, ...carts]) {
      expect([...fired(base.session(facts(cart, identity)).fire()).rules]).toEqual(wanted(cart))
    }
  })

  test.each([true, false])('the plain loop and the hand-written matcher agree, memo: %s', (memo) => {
    const matcher = specialised(shop.promos, { memo })
    for (const cart of carts) expect([...matcher.evaluate({ cart, now: shop.now })]).toEqual(wanted(cart))
  })

  test('loaded from bytes', () => {
    const loaded = loadRuleBase(base.toBytes())
    for (const cart of carts) expect([...fired(loaded.session(facts(cart)).fire()).rules]).toEqual(wanted(cart))
  })

  test('as days go by, and back', () => {
    for (const days of [0, 1, 7, -7, 30, 0, 400, 1]) {
      const now = shop.now + days * 86_400_000 + 12_345
      for (const cart of carts.slice(0, 10)) {
        expect([...fired(base.session(factsOf(cart, now, { identity: true })).fire()).rules]).toEqual(wanted(cart, now))
      }
    }
  })

  test('after changes of payment and of lines, one after the other', () => {
    carts.forEach((first, i) => {
      let cart = first
      let outcome = fired(base.session(facts(cart)).fire())
      const start = outcome
      for (let step = 0; step < 6; step++) {
        const payment = payments[(i + step) % payments.length] as string
        const [gone, ...rest] = cart.lines
        const next: Cart = step % 2 === 0 ? { ...cart, payment } : { ...cart, lines: rest, payment }
        const removed = outcome.facts.filter(
          ({ type, sku }) => type === 'payment' || (step % 2 === 1 && type === 'line' && sku === gone?.product.sku),
        )
        outcome = fired(outcome.with({ remove: removed, insert: [{ type: 'payment', method: payment }] }))
        expect([...outcome.rules]).toEqual(wanted(next))
        cart = next
      }
      expect([...fired(start.with({})).rules]).toEqual(wanted(first))
    })
  })

  test('what is near did not fire, and lacks something', () => {
    for (const cart of carts.slice(0, 20)) {
      const outcome = fired(base.session(facts(cart)).fire())
      const near = outcome.near()
      expect(near.rules.length).toBeGreaterThan(0)
      near.rules.forEach((rule, i) => {
        expect(outcome.rules.includes(rule)).toBe(false)
        expect(near.unmet[i]).not.toBe(0)
        expect(near.unmet[i]).toBe(outcome.unmet(rule))
      })
    }
  })
})

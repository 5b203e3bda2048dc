// lib/rules with rules as the promo compiler writes them.
import { compileRules } from '../../lib/rules/compile.ts'
import type { CompileOptions, Condition, Fact, Rule, RuleBase } from '../../lib/rules/types.ts'
import type { Engine } from './engine.ts'
import type { Cart, Promo } from './generate.ts'

export const options: CompileOptions = {
  focus: 'line',
  memo: { line: { key: 'key', except: ['price_minor', 'quantity'] } },
}

export function ruleOf(promo: Promo): Rule {
  const goods = {
    fact: 'line',
    where: Object.entries(promo.filters).map(([name, value]) => ({ path: name, eq: value })),
  }
  const total = { mul: [{ path: 'price_minor' }, { path: 'quantity' }] }
  const when: Condition[] = [
    { fact: 'now', where: [{ path: 'at', gte: promo.from, lt: promo.until }] },
    promo.totalMinor === undefined
      ? { exists: goods }
      : { accumulate: 'sum', of: total, from: goods, is: { gte: promo.totalMinor } },
  ]
  if (promo.delivery !== undefined) when.push({ fact: 'delivery', where: [{ path: 'method', eq: promo.delivery }] })
  if (promo.payment !== undefined) when.push({ fact: 'payment', where: [{ path: 'method', eq: promo.payment }] })
  if (promo.channel !== undefined) when.push({ fact: 'channel', where: [{ path: 'name', eq: promo.channel }] })
  if (promo.loyalty !== undefined) when.push({ fact: 'loyalty_card' })
  return { name: promo.id, when, insert: [{ type: 'discount', promo: promo.id }] }
}

/** `identity`: whether lines say what they are, so that the memo can know them again. */
export function factsOf(cart: Cart, now: number, { identity }: { identity: boolean }): Fact[] {
  const lines = cart.lines.map(({ product, quantity }) => ({
    type: 'line',
    sku: product.sku,
    ...(identity ? { key: `${product.sku}@${product.version}` } : {}),
    ...product.attributes,
    price_minor: product.priceMinor,
    quantity,
  }))
  const order: Fact[] = [
    { type: 'now', at: now },
    { type: 'delivery', method: cart.delivery },
    { type: 'payment', method: cart.payment },
    { type: 'channel', name: cart.channel },
  ]
  if (cart.loyalty) order.push({ type: 'loyalty_card' })
  return [...order, ...lines]
}

export const baseOf = (promos: readonly Promo[]): RuleBase => compileRules(promos.map(ruleOf), options)

/** Memos warm or cold; `make` gives the rule base, so that a loaded one can be measured too. */
export function kram(
  promos: readonly Promo[],
  { identity, make = baseOf }: { identity: boolean; make?: (promos: readonly Promo[]) => RuleBase },
): Engine<Fact[]> {
  const base = make(promos)
  return {
    name: identity ? 'Kram, warm memo' : 'Kram, no memo',
    prepare: (cart, now) => factsOf(cart, now, { identity }),
    evaluate: (facts) => {
      const outcome = base.session(facts).fire()
      if (!outcome.ok) throw new Error('out of budget')
      return outcome.rules
    },
  }
}

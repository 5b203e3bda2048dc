// What is remembered of a fact's key goes with what the key leaves out, however that changes from one firing to the next.
import { expect, test } from 'vitest'
import { compileRules } from '../../lib/rules/compile.ts'
import type { Rule } from '../../lib/rules/types.ts'

const rule = (name: string, price: object): Rule => ({
  name,
  when: [
    {
      fact: 'line',
      where: [
        { path: 'brand', eq: 'Puma' },
        { path: 'price', ...price },
      ],
    },
  ],
  insert: [{ type: 'hit' }],
})
const rules = [rule('dear', { gte: 100 }), rule('cheap', { lt: 50 }), rule('not free', { gt: 0 })]
const options = { index: 'always', memo: { line: { key: 'id', except: ['price'] } } } as const

test('goods of one key are found by the price that they have now', () => {
  const base = compileRules(rules, options)
  const fire = (...prices: number[]): number[] => {
    const fired = base.session(prices.map((price) => ({ type: 'line', id: 'sku', brand: 'Puma', price }))).fire()
    return fired.ok ? Array.from(fired.rules) : []
  }
  for (const _ of ['afresh', 'remembered']) {
    expect(fire(100)).toEqual([0, 2])
    expect(fire(100)).toEqual([0, 2])
    expect(fire(75)).toEqual([2])
    expect(fire(20)).toEqual([1, 2])
    expect(fire(0)).toEqual([1])
    expect(fire(20, 100)).toEqual([0, 1, 2])
  }
})

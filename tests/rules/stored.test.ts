// Stored rule bases that were damaged on the way, or are none: always a KramError, never another error nor other rules.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { loadRuleBase } from '../../lib/rules/base.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import { programFormat } from '../../lib/rules/program.ts'
import type { Rule } from '../../lib/rules/types.ts'

const rules: Rule[] = ['puma', 'adidas'].map((brand) => ({
  name: brand,
  when: [
    { fact: 'now', where: [{ path: 'at', gte: 5, lt: 9 }] },
    { fact: 'line', where: [{ path: 'brand', eq: brand }], bind: { sku: 'sku' } },
  ],
  insert: [{ type: 'hit', sku: { var: 'sku' } }],
}))
const base = compileRules(rules, { focus: 'line', memo: { line: { key: 'key' } } })
const stored = [base.toBytes(), base.toBytes({ withRules: false })]
const settings = { seed: 5, numRuns: 2_000 }

const refusal = (bytes: Uint8Array): string => {
  try {
    loadRuleBase(bytes, { rules: (rule) => rules[rule] as Rule })
  } catch (error) {
    if (error instanceof KramError) return `${error.kind} ${error.code}`
    throw error
  }
  return 'read'
}

/** As `toBytes` would lay it out, but for the checksum. */
function withHead(head: unknown): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(head))
  const bytes = new Uint8Array(8 + Math.ceil(text.length / 8) * 8)
  new DataView(bytes.buffer).setUint32(0, text.length, true)
  bytes.set(text, 8)
  return bytes
}

describe('bytes that are no rule base', () => {
  test('are read when nothing happened to them', () => {
    for (const bytes of stored) expect(refusal(bytes)).toBe('read')
  })

  test('cut off anywhere', () => {
    for (const bytes of stored) {
      for (let length = 0; length < bytes.length; length++) {
        expect(refusal(bytes.slice(0, length)), `${length} bytes`).toBe('invalid rule_base_unreadable')
      }
    }
  })

  test('with any one bit turned round', () => {
    for (const bytes of stored) {
      for (let place = 0; place < bytes.length; place++) {
        const damaged = bytes.slice()
        damaged[place] = (damaged[place] as number) ^ (1 << (place % 8))
        expect(refusal(damaged), `byte ${place}`).toBe('invalid rule_base_unreadable')
      }
    }
  })

  test('with bytes overwritten, moved, left out or put in', () => {
    const damage = fc.tuple(fc.constantFrom(...stored), fc.nat(), fc.nat({ max: 40 }), fc.uint8Array({ maxLength: 40 }))
    fc.assert(
      fc.property(damage, ([bytes, place, count, filling]) => {
        const at = place % bytes.length
        const damaged = Uint8Array.from([...bytes.subarray(0, at), ...filling, ...bytes.subarray(at + count)])
        fc.pre(Buffer.compare(damaged, bytes) !== 0)
        expect(refusal(damaged)).toBe('invalid rule_base_unreadable')
      }),
      settings,
    )
  })

  test('of any bytes, and with any head', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.jsonValue(), (bytes, head) => {
        expect(refusal(bytes)).toBe('invalid rule_base_unreadable')
        expect(refusal(withHead(head))).toBe('invalid rule_base_unreadable')
      }),
      settings,
    )
    for (const head of [null, {}, [], 'text', { format: null }, { format: programFormat }, { format: 1e9 }]) {
      expect(refusal(withHead(head)), JSON.stringify(head)).toBe('invalid rule_base_unreadable')
    }
  })

  test('say why', () => {
    expect(() => loadRuleBase(withHead(null))).toThrow('its format is none')
    expect(() => loadRuleBase(withHead({ format: 1 }))).toThrow(`its format is 1, not ${programFormat}`)
    expect(() => loadRuleBase(withHead({ format: programFormat }))).toThrow('it is damaged')
    expect(() => loadRuleBase(new Uint8Array(3))).toThrow('it is cut off')
    expect(() => loadRuleBase(stored[1] as Uint8Array)).toThrow('it was written without the rules')
  })
})

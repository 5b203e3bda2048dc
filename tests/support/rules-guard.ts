// The guard of one rule, as the index makes it, for the tests that look at guards.
import { guardOf, type RuleGuard, type SlotOf } from '../../lib/rules/guard.ts'
import { parseRule } from '../../lib/rules/parse.ts'
import type { Condition } from '../../lib/rules/types.ts'

/** Slots in the order in which they are asked for, by what they say. */
export function guardFor(when: readonly Condition[], clock = ['at']): RuleGuard & { slots: string[] } {
  const slots: string[] = []
  const slotOf: SlotOf = (type, tests, measure) => {
    const named = tests.map((each) =>
      each.op === 'compare' ? `${each.operator} ${JSON.stringify(each.left)}` : each.op,
    )
    const text = [type, ...named, ...(measure ? [JSON.stringify(measure)] : [])].join(', ')
    if (!slots.includes(text)) slots.push(text)
    return slots.indexOf(text)
  }
  const rule = parseRule({ name: 'r', when, insert: [{ type: 'hit' }] }, '', {})
  return { ...guardOf(rule, slotOf, { fact: 'now', steps: clock }), slots }
}

// The rules of an order that is much the same as one before, at the cost of what differs. For what-if.ts.
import type { Fact } from '../rules/types.ts'
import type { PromoFired } from './promo-fired.ts'

/**
 * Facts of both stand in one order, so that those of one place are the same, or one for the other. undefined: it took too
 * many steps.
 */
export function firedAgain(fired: PromoFired, facts: readonly Fact[]): PromoFired | undefined {
  const { facts: old } = fired
  const remove: Fact[] = []
  const insert: Fact[] = []
  let i = 0
  let k = 0
  while (i < old.length || k < facts.length) {
    const was = old[i]
    const is = facts[k]
    const isSame = was !== undefined && is !== undefined && areEqual(was, is)
    const more = facts.length - k - (old.length - i)
    const isOneForOther = was?.type === is?.type || more === 0
    const isGone = was !== undefined && (isSame || isOneForOther || more < 0)
    const isNew = is !== undefined && (isSame || isOneForOther || more > 0)
    if (isGone) {
      if (!isSame) remove.push(was)
      i++
    }
    if (isNew) {
      if (!isSame) insert.push(is)
      k++
    }
  }
  const outcome = fired.with({ remove, insert })
  return outcome.ok ? outcome : undefined
}

function areEqual(a: Fact, b: Fact): boolean {
  if (a === b) return true
  if (a.type !== b.type) return false
  for (const name in a) if (a[name] !== b[name]) return false
  for (const name in b) if (!(name in a)) return false
  return true
}

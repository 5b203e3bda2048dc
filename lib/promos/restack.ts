// Which promos come and go when an order changes a little: by the rules that fire otherwise, and the groups that these promos
// are of. It spares work, and decides nothing. For what-if.ts.
import { limits } from '../base/limits.ts'
import { type Decision, usageIn } from './decide.ts'
import { eligibleOf, isMetToo } from './eligibility.ts'
import type { Situation } from './judging.ts'
import type { Work } from './ledger.ts'
import type { PromoUsage } from './order.ts'
import type { Promo } from './promo.ts'
import type { PromoFired } from './promo-fired.ts'
import { bestOf, stackPromos, worthAlone } from './stack.ts'

/** Of the promos that stay. By rank. */
export type Restacked = { gone: readonly Promo[]; come: readonly Promo[] }

type Now = {
  situation: Situation
  /** The rules that fire. */
  fired: PromoFired
  /** Whether the promo may look at something that changed, or act on it. */
  isAbout: (promo: Promo) => boolean
}

/** undefined: it took too many steps. */
export function restacked(before: Decision, now: Now, work: Work): Restacked | undefined {
  const usageOf = (promo: Promo): PromoUsage | undefined => usageIn(before.usage, promo)
  const { set, stack } = before
  const promoOf = (rank: number): Promo => set.promo(rank)
  const ranks = differenceOf(before.fired.rules, now.fired.rules)
  const isEligible = (promo: Promo, { situation }: Pick<Now, 'situation'>) =>
    isMetToo(promo, set, situation, usageOf, work)
  const gone = ranks.gone.map(promoOf).filter((promo) => isEligible(promo, before))
  now.situation.index.expect(ranks.come)
  const come = ranks.come.map(promoOf).filter((promo) => isEligible(promo, now))
  const limited = come.reduce((count, { isLimited }) => count + Number(isLimited), stack.limited)
  const isPlain =
    !stack.hasExclusive && !come.some(({ exclusive }) => exclusive) && limited <= limits.limitedPromosPerOrder
  if (isPlain && isEligibleAsBefore(before, now.situation)) return regrouped({ gone, come }, before, now, work)
  const eligible = eligibleOf(set, now.fired, now.situation, usageOf, work)
  if (!eligible) return undefined
  const { stay } = stackPromos(eligible, now.situation, usageOf, work)
  const others = differenceOf(stack.stay.map(rankOf), stay.map(rankOf))
  return { gone: others.gone.map(promoOf), come: others.come.map(promoOf) }
}

const rankOf = ({ rank }: Promo): number => rank

/** Whether a promo whose rule fires as before is eligible as before. */
const isEligibleAsBefore = ({ set, situation }: Decision, now: Situation): boolean =>
  set.judged.size === 0 && now.codes === situation.codes && situation.order.lines.length > 0

// Of each group another may be the best.
function regrouped({ gone, come }: Restacked, before: Decision, now: Now, work: Work): Restacked {
  const { members, rivals, alone } = before.stack.groups
  const groups = new Set<string>()
  const changed = { gone: gone.filter(isAlone), come: come.filter(isAlone) }
  for (const { group } of [...gone, ...come]) if (group !== undefined) groups.add(group)
  const isOther = (promo: Promo): boolean => promo.late || now.isAbout(promo)
  for (const group of rivals) if (members.get(group)?.some(isOther)) groups.add(group)
  const usageOf = (promo: Promo): PromoUsage | undefined => usageIn(before.usage, promo)
  const trials = { situation: now.situation, usageOf, work }
  for (const group of groups) {
    const own = members.get(group) ?? []
    const was = own.find(({ rank }) => !before.stack.suppressed.has(rank))
    const left = [...own.filter((promo) => !gone.includes(promo)), ...come.filter((promo) => promo.group === group)]
    left.sort(byRank)
    const knownOf = (promo: Promo) => (isOther(promo) ? undefined : alone.get(promo.rank))
    const is = left.length === 0 ? undefined : bestOf(left, (promo) => knownOf(promo) ?? worthAlone(promo, trials))
    if (was === is) continue
    if (was) changed.gone.push(was)
    if (is) changed.come.push(is)
  }
  return { gone: changed.gone.sort(byRank), come: changed.come.sort(byRank) }
}

const isAlone = ({ group }: Promo): boolean => group === undefined

const byRank = (a: Promo, b: Promo): number => a.rank - b.rank

/** Of two ascending lists what is in one of them only. */
function differenceOf(before: ArrayLike<number>, after: ArrayLike<number>): { gone: number[]; come: number[] } {
  const gone: number[] = []
  const come: number[] = []
  let k = 0
  for (let i = 0; i < before.length; i++) {
    const own = before[i]!
    while (k < after.length && after[k]! < own) come.push(after[k++]!)
    if (after[k] === own) k++
    else gone.push(own)
  }
  while (k < after.length) come.push(after[k++]!)
  return { gone, come }
}

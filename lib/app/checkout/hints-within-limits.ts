// Hints are made before anybody knows what the limits of their promotions have left, since no order can read the counters
// of all; so those of the few that are to be shown are looked up then.
import type { Table } from '../../ports/table.ts'
import type { ProductHints } from '../../promos/allocation.ts'
import { isWithinLimits } from '../../promos/judging.ts'
import type { HintStep } from '../../promos/mending.ts'
import { canonicalCode } from '../../promos/order.ts'
import type { Promo } from '../../promos/promo.ts'
import type { PromoSet } from '../../promos/promo-set.ts'
import { type Counters, lookUpCounters } from '../orders/counters.ts'
import { countersOf, usageOf, type Whose } from '../orders/usage.ts'
import { promoOf } from './within-limits.ts'

/** What a cart's hints and a product page's active promotions have in common. */
type Shown = ProductHints['active'][number] & { missing?: readonly HintStep[] }

type Asked = { set: PromoSet; whose: Whose; nowMs: number; counters: Counters }

/**
 * Those whose promotions still have what they promise. Reads the table only for limits that nobody has looked up yet.
 * @throws what the table throws
 */
export async function hintsWithinLimits<Hint extends Shown>(
  table: Table,
  hints: readonly Hint[],
  { set, whose, nowMs, counters }: Asked,
): Promise<Hint[]> {
  const asked = hints.map((hint) => {
    const promo = promoOf(set, hint.promo)
    return promo?.isLimited ? { hint, promo, whose: { ...whose, codes: codesOf(hint, whose) } } : { hint }
  })
  const wanted = asked.flatMap((one) => (one.promo ? countersOf(one.promo, one.whose) : []))
  if (wanted.some(({ pk }) => !counters.has(pk))) await lookUpCounters(table, wanted, { counters, nowMs })
  return asked
    .filter((one) => !one.promo || hasLeft(one.promo, one.hint.gain_minor, { ...one.whose, counters }))
    .map(({ hint }) => hint)
}

// With those that the hint says to enter.
const codesOf = ({ missing = [] }: Shown, { codes }: Whose): Set<string> =>
  new Set([...codes, ...missing.flatMap((step) => (step.kind === 'code' ? canonicalCode(step.value) : []))])

function hasLeft(promo: Promo, gainMinor: number, known: Whose & { counters: Counters }): boolean {
  const usage = usageOf([promo], known)[promo.id]
  if (!isWithinLimits(promo, known.codes, () => usage)) return false
  return promo.budgetMinor === undefined || promo.budgetMinor - (usage?.budget_minor ?? 0) >= gainMinor
}

// What an application comes to in amounts: of each line, in all, and of each promo that gave something.
import type { AllocatedLine, Allocation, AppliedPromo } from './allocation.ts'
import { type Application, applyPromos } from './apply.ts'
import { type Decision, usageIn } from './decide.ts'
import { redeemedCode, type Situation, situationOf } from './judging.ts'
import { fullWork } from './ledger.ts'
import type { Order, OrderLine, PromoUsage } from './order.ts'
import type { Gain } from './outcome.ts'
import type { Promo } from './promo.ts'
import type { PromoSet } from './promo-set.ts'

/** All of an allocation that a decision has settled. */
export function amountsOf({ situation, application, usage }: Decision) {
  const lines = linesOf(situation.order, application)
  const applied: AppliedPromo[] = []
  for (const { promo, gain } of application.outcomes) {
    if (gain) applied.push(appliedOf(promo, gain, situation, usageIn(usage, promo)))
  }
  return { lines, applied, totals: totalsOf(lines, application.ledger.deliveryMinor) }
}

/** List prices, nothing applied, and why. */
export function failed(order: Order, set: PromoSet): Allocation {
  const situation = situationOf(order, 0, false)
  const application = applyPromos([], situation, () => undefined, fullWork())
  const lines = linesOf(order, application)
  return {
    lines,
    ...totalsOf(lines, order.delivery?.price_minor ?? 0),
    applied: [],
    refused: [],
    hints: [],
    valid_until: null,
    promos_version: set.number,
    promos_failed: { code: 'budget_exceeded', message: 'Evaluating the promotions took too many steps.' },
  }
}

function totalsOf(lines: readonly AllocatedLine[], deliveryMinor: number) {
  const totals = {
    items_minor: 0,
    discount_minor: 0,
    delivery_minor: deliveryMinor,
    cashback_minor: 0,
    bonus_minor: 0,
    total_minor: 0,
  }
  for (const line of lines) {
    totals.items_minor += line.items_minor
    totals.discount_minor += line.discount_minor
    totals.cashback_minor += line.cashback_minor
    totals.bonus_minor += line.bonus_minor
  }
  totals.total_minor = totals.items_minor - totals.discount_minor + deliveryMinor
  return totals
}

const linesOf = ({ lines }: Order, application: Application): AllocatedLine[] =>
  lines.map((ordered, line) => lineOf(ordered, application, line))

function lineOf(
  { id, sku, price_minor, quantity }: OrderLine,
  { ledger, discounts, credits }: Application,
  line: number,
): AllocatedLine {
  const given = credits[line] ?? []
  let cashback = 0
  let bonus = 0
  for (const { kind, amount_minor } of given) {
    if (kind === 'cashback') cashback += amount_minor
    else bonus += amount_minor
  }
  const items = price_minor * quantity
  const touched = ledger.lines[line]
  const total = touched ? touched.remaining : items
  const own = discounts[line] ?? []
  const units = touched ? touched.runs : [{ count: quantity, amount_minor: price_minor }]
  const allocated: AllocatedLine = {
    id,
    price_minor,
    quantity,
    items_minor: items,
    discount_minor: items - total,
    total_minor: total,
    cashback_minor: cashback,
    bonus_minor: bonus,
    discounts: own,
    credits: given,
    units,
  }
  // Set afterwards: an object that begins with another's parts takes twice as much memory.
  if (sku !== undefined) allocated.sku = sku
  return allocated
}

function appliedOf(promo: Promo, gain: Gain, { codes }: Situation, usage: PromoUsage | undefined): AppliedPromo {
  const { id, version, title, isLimited: limited } = promo
  const canonical = redeemedCode(promo, codes, usage)
  const code = canonical === undefined ? undefined : promo.codes?.get(canonical)
  const { discountMinor, deliveryMinor, cashbackMinor, bonusMinor } = gain
  const applied: AppliedPromo = {
    promo: id,
    version,
    limited,
    discount_minor: discountMinor,
    delivery_discount_minor: deliveryMinor,
    cashback_minor: cashbackMinor,
    bonus_minor: bonusMinor,
    budget_minor: discountMinor + deliveryMinor + cashbackMinor + bonusMinor,
    gifts: [...gain.gifts],
    vouchers: [...gain.vouchers],
  }
  if (title !== undefined) applied.title = title
  if (code !== undefined) applied.code = code
  return applied
}

// The one function that checkout calls: an order, the promos, the time, what is redeemed already -> who pays what.
import type {
  AllocatedLine,
  Allocation,
  AppliedPromo,
  Hint,
  LineCredit,
  LineDiscount,
  RefusedPromo,
  UnitRun,
} from './allocation.ts'
import { type Application, applyPromos, type LineEntry, paidUnits } from './apply.ts'
import type { Run } from './arithmetic.ts'
import { type Decision, decide, usageIn } from './decide.ts'
import { hintReach, hintsOf } from './hints.ts'
import { redeemedCode, type Situation, situationOf } from './judging.ts'
import type { Language } from './languages.ts'
import { fullWork, lineOf as ledgerLine } from './ledger.ts'
import type { Order, PromoUsage, Usage } from './order.ts'
import type { Promo } from './promo.ts'
import type { PromoSet } from './promo-set.ts'
import { type Audience, refusalsOf } from './refusals.ts'
import { validUntil } from './validity.ts'

export type AllocateOptions = {
  /** From a signed claim: sees promos in state `test`. */
  tester?: boolean
  /** Of hints; English when left out. */
  language?: Language
  /** Who reads `refused`; staff when left out. */
  audience?: Audience
}

/**
 * Applies the promos of the set to an order as design.md's "Promotion semantics" says. Pure: the same arguments give
 * the same answer. `nowMs` in milliseconds since the epoch. Never throws for what configs or orders say; too much work
 * gives list prices and `promos_failed`. `refused` and `hints` are made when first read.
 */
export function allocate(
  order: Order,
  set: PromoSet,
  nowMs: number,
  usage: Usage = {},
  { tester = false, language = 'en', audience = 'staff' }: AllocateOptions = {},
): Allocation {
  const decision = decide(order, { set, nowMs, usage, tester })
  return decision ? answer(decision, language, audience) : failed(order, set)
}

/** The decision in full. */
export function answer(decision: Decision, language: Language, audience: Audience): Allocation {
  const { set, situation, stack, application, usage } = decision
  const { order } = situation
  const lines = order.lines.map((_, line) => lineOf(order, application, line))
  const applied = stack.stay.flatMap((promo) => appliedOf(promo, situation, usageIn(usage, promo), application))
  let refused: RefusedPromo[] | undefined
  let hints: Hint[] | undefined
  return {
    lines,
    ...totalsOf(lines, application.ledger.deliveryMinor),
    applied,
    get refused() {
      refused ??= refusalsOf(decision, audience)
      return refused
    },
    get hints() {
      hints ??= hintsOf(decision, language, hintReach[audience])
      return hints
    },
    valid_until: validUntil(set, situation),
    promos_version: set.number,
  }
}

/** List prices, nothing applied, and why. */
function failed(order: Order, set: PromoSet): Allocation {
  const situation = situationOf(order, 0, false)
  const application = applyPromos([], situation, () => undefined, fullWork())
  const lines = order.lines.map((_, line) => lineOf(order, application, line))
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
  const totals = { items_minor: 0, discount_minor: 0, delivery_minor: deliveryMinor, cashback_minor: 0, bonus_minor: 0 }
  for (const line of lines) {
    totals.items_minor += line.items_minor
    totals.discount_minor += line.discount_minor
    totals.cashback_minor += line.cashback_minor
    totals.bonus_minor += line.bonus_minor
  }
  return { ...totals, total_minor: totals.items_minor - totals.discount_minor + deliveryMinor }
}

const unitRuns = (runs: readonly Run[]): UnitRun[] => runs.map(({ count, minor }) => ({ count, amount_minor: minor }))

const discountOf = ({ promo, action, minor, units }: LineEntry): LineDiscount => ({
  promo: promo.id,
  action: action.type,
  stage: action.act.stage,
  amount_minor: minor,
  units: unitRuns(units),
})

const creditOf = ({ promo, action, minor, units }: LineEntry): LineCredit => ({
  kind: action.type === 'cashback' ? 'cashback' : 'bonus',
  promo: promo.id,
  action: action.type,
  stage: action.act.stage,
  amount_minor: minor,
  units: unitRuns(units),
})

function lineOf(order: Order, { ledger, discounts, credits }: Application, line: number): AllocatedLine {
  const { id, sku, price_minor, quantity } = order.lines[line]!
  const given = credits[line]?.map(creditOf) ?? []
  let cashback = 0
  let bonus = 0
  for (const { kind, amount_minor } of given) {
    if (kind === 'cashback') cashback += amount_minor
    else bonus += amount_minor
  }
  const total = ledgerLine(ledger, line).remaining
  return {
    id,
    ...(sku === undefined ? {} : { sku }),
    price_minor,
    quantity,
    items_minor: price_minor * quantity,
    discount_minor: price_minor * quantity - total,
    total_minor: total,
    cashback_minor: cashback,
    bonus_minor: bonus,
    discounts: discounts[line]?.map(discountOf) ?? [],
    credits: given,
    units: unitRuns(paidUnits(ledger, line)),
  }
}

function appliedOf(
  promo: Promo,
  situation: Situation,
  usage: PromoUsage | undefined,
  { gains }: Application,
): AppliedPromo[] {
  const gain = gains.get(promo.rank)
  if (!gain) return []
  const { title } = promo.config
  const canonical = redeemedCode(promo, situation.codes, usage)
  const code = canonical === undefined ? undefined : promo.codes?.get(canonical)
  return [
    {
      promo: promo.id,
      version: promo.version,
      ...(title === undefined ? {} : { title }),
      ...(code === undefined ? {} : { code }),
      limited: promo.isLimited,
      discount_minor: gain.discountMinor,
      delivery_discount_minor: gain.deliveryMinor,
      cashback_minor: gain.cashbackMinor,
      bonus_minor: gain.bonusMinor,
      budget_minor: gain.discountMinor + gain.deliveryMinor + gain.cashbackMinor + gain.bonusMinor,
      gifts: [...gain.gifts],
      vouchers: [...gain.vouchers],
    },
  ]
}

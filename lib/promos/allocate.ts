// The one function that checkout calls: an order, the promos, the time, what is redeemed already -> who pays what.
import type { AllocatedLine, Allocation, AppliedPromo, Hint, RefusedPromo } from './allocation.ts'
import { type Application, applyPromos, type Gain } from './apply.ts'
import { type Decision, decide, usageIn } from './decide.ts'
import { hintReach, hintsOf } from './hints.ts'
import { redeemedCode, type Situation, situationOf } from './judging.ts'
import type { Language } from './languages.ts'
import { fullWork } from './ledger.ts'
import type { Order, OrderLine, PromoUsage, Usage } from './order.ts'
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
  const { situation, application, usage } = decision
  const lines = linesOf(situation.order, application)
  const applied: AppliedPromo[] = []
  for (const { promo, gain } of application.outcomes) {
    if (gain) applied.push(appliedOf(promo, gain, situation, usageIn(usage, promo)))
  }
  const totals = totalsOf(lines, application.ledger.deliveryMinor)
  return new Answer({ lines, applied, totals }, { decision, language, audience })
}

type Amounts = Pick<Allocation, 'lines' | 'applied'> & { totals: ReturnType<typeof totalsOf> }
type Asked = { decision: Decision; language: Language; audience: Audience }

/**
 * An allocation whose `refused` and `hints` are made when first read. They are properties of the object itself, as of any
 * other; yet with the same functions for all. Written as `get refused()` in a literal they would be functions, and a
 * layout of objects, for each answer alone, which the engine keeps with all that they refer to until it collects the
 * whole heap: pauses of many milliseconds.
 */
class Answer implements Allocation {
  declare readonly lines: AllocatedLine[]
  declare readonly items_minor: number
  declare readonly discount_minor: number
  declare readonly delivery_minor: number
  declare readonly cashback_minor: number
  declare readonly bonus_minor: number
  declare readonly total_minor: number
  declare readonly applied: AppliedPromo[]
  declare readonly refused: RefusedPromo[]
  declare readonly hints: Hint[]
  declare readonly valid_until: Allocation['valid_until']
  declare readonly promos_version: number
  readonly #asked: Asked
  #refused: RefusedPromo[] | undefined
  #hints: Hint[] | undefined

  constructor({ lines, applied, totals }: Amounts, asked: Asked) {
    const { set, situation } = asked.decision
    this.#asked = asked
    this.lines = lines
    this.items_minor = totals.items_minor
    this.discount_minor = totals.discount_minor
    this.delivery_minor = totals.delivery_minor
    this.cashback_minor = totals.cashback_minor
    this.bonus_minor = totals.bonus_minor
    this.total_minor = totals.total_minor
    this.applied = applied
    Object.defineProperty(this, 'refused', refusedProperty)
    Object.defineProperty(this, 'hints', hintsProperty)
    this.valid_until = validUntil(set, situation)
    this.promos_version = set.number
  }

  static refusedOf(answer: Answer): RefusedPromo[] {
    const { decision, audience } = answer.#asked
    answer.#refused ??= refusalsOf(decision, audience)
    return answer.#refused
  }

  static hintsOf(answer: Answer): Hint[] {
    const { decision, language, audience } = answer.#asked
    answer.#hints ??= hintsOf(decision, language, hintReach[audience])
    return answer.#hints
  }
}

const refusedProperty: PropertyDescriptor & ThisType<Answer> = {
  enumerable: true,
  configurable: true,
  get() {
    return Answer.refusedOf(this)
  },
}

const hintsProperty: PropertyDescriptor & ThisType<Answer> = {
  enumerable: true,
  configurable: true,
  get() {
    return Answer.hintsOf(this)
  },
}

/** List prices, nothing applied, and why. */
function failed(order: Order, set: PromoSet): Allocation {
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

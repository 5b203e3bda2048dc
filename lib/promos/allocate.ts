// The one function that checkout calls: an order, the promos, the time, what is redeemed already -> who pays what.

import type { Language } from '../base/languages.ts'
import type { AllocatedLine, Allocation, AppliedPromo, Hint, RefusedPromo } from './allocation.ts'
import { amountsOf, failed } from './amounts.ts'
import { type Decision, decide } from './decide.ts'
import { hintReach, hintsOf } from './hints.ts'
import type { Order, Usage } from './order.ts'
import type { PromoSet } from './promo-set.ts'
import { type Audience, refusalsOf } from './refusals.ts'
import { shownRefusalsOf } from './refusals-shown.ts'
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
  return new Answer(amountsOf(decision), { decision, language, audience })
}

type Amounts = ReturnType<typeof amountsOf>
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
    answer.#refused ??= audience === 'customer' ? shownRefusalsOf(decision) : refusalsOf(decision)
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

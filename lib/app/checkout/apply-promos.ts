// The promotions in force on a priced order, with what their limits have left; whatever goes wrong in them, list prices.
import { KramError } from '../../base/errors.ts'
import { limits } from '../../base/limits.ts'
import type { Table } from '../../ports/table.ts'
import type { AllocateOptions, allocate } from '../../promos/allocate.ts'
import type { Allocation } from '../../promos/allocation.ts'
import type { Order } from '../../promos/order.ts'
import type { Promo } from '../../promos/promo.ts'
import type { PromoSet } from '../../promos/promo-set.ts'
import { type Counters, lookUpCounters, noteTelling, rememberedCounters, tellingPromos } from '../orders/counters.ts'
import { countersOf } from '../orders/usage.ts'
import type { LiveSet } from '../promos/live-set.ts'
import { type Fault, failOpen, type Loaded } from './faults.ts'
import { isSound, listPrices } from './list-prices.ts'
import { promoOf, standsAs, type Tried, tryWithin, whoseOf } from './within-limits.ts'

/** The promotions in force and what applies them: an argument, so that tests can break it. */
export type Engine = { live: Pick<LiveSet, 'current'>; allocate: typeof allocate }

export type Applied = {
  /** `refused` and `hints` are made when first read, and may throw: see `explained`. */
  allocation: Allocation
  faults: Fault[]
  /** That was evaluated; undefined when there was none. */
  set: PromoSet | undefined
  /** Of every limit that was looked up. */
  counters: Counters
}

type Options = {
  order: Order
  nowMs: number
  loaded: Loaded
  engine: Engine
  options: AllocateOptions
  /** Counters are read now, whatever is remembered of them. */
  afresh?: boolean
}

/**
 * Reads the table only when a promotion with limits would apply, of which nothing was read lately.
 * @throws what the table throws
 */
export async function applyPromos(table: Table, asked: Options): Promise<Applied> {
  const { order, nowMs, loaded, engine, options, afresh = false } = asked
  const set = 'set' in loaded ? loaded.set : undefined
  const whose = whoseOf(order)
  const told = set && !afresh ? tellingPromos(table, nowMs).flatMap((id) => promoOf(set, id) ?? []) : []
  const promos = new Set(told)
  const counters = rememberedCounters(
    table,
    told.flatMap((promo) => countersOf(promo, whose)),
    nowMs,
  )
  for (let round = 0; ; round++) {
    const faults: Fault[] = []
    const { allocation, unread } = failOpen<Tried>(
      loaded,
      faults,
      (set) => {
        if (round === limits.usageRounds) throw unsettled()
        return tryWithin({ set, whose }, { promos, counters }, (usage) => {
          const allocation = engine.allocate(order, set, nowMs, usage, options)
          if (isSound(allocation, order)) return allocation
          throw new KramError('unavailable', 'promos_unsound', 'The amounts of the answer do not add up.')
        })
      },
      (failed, promosVersion) => ({ allocation: listPrices(order, promosVersion, failed), unread: [] }),
    )
    let changed: Promo[] = []
    if (unread.length > 0) {
      const before = new Map(counters)
      const wanted = unread.flatMap((promo) => countersOf(promo, whose))
      await lookUpCounters(table, wanted, { counters, nowMs, afresh })
      changed = unread.filter((promo) => !standsAs(promo, whose, before, counters))
    }
    if (changed.length === 0) {
      // Too much work, which the engine notices itself.
      if (allocation.promos_failed && faults.length === 0) {
        faults.push({ kind: 'promos_failed', code: allocation.promos_failed.code })
      }
      return { allocation, faults, set, counters }
    }
    for (const promo of unread) promos.add(promo)
    for (const promo of changed) noteTelling(table, promo.id, nowMs)
  }
}

const unsettled = (): KramError =>
  new KramError('unavailable', 'limits_unsettled', 'Too many promotions, one after the other, turned out to be spent.')

/** What explains an answer, and is made after its amounts. */
export type Part = 'refused' | 'hints'

/**
 * The allocation with the explanations made that are wanted, all by default. The engine makes them when they are first
 * read; each may fail by itself.
 */
export function explained(
  allocation: Allocation,
  failed: (part: Part, error: unknown) => void,
  wanted: readonly Part[] = ['refused', 'hints'],
): Allocation {
  const part = <P extends Part>(name: P): Allocation[P] | [] => {
    try {
      return wanted.includes(name) ? allocation[name] : []
    } catch (error) {
      failed(name, error)
      return []
    }
  }
  const made: Allocation = {
    lines: allocation.lines,
    items_minor: allocation.items_minor,
    discount_minor: allocation.discount_minor,
    delivery_minor: allocation.delivery_minor,
    cashback_minor: allocation.cashback_minor,
    bonus_minor: allocation.bonus_minor,
    total_minor: allocation.total_minor,
    applied: allocation.applied,
    refused: part('refused'),
    hints: part('hints'),
    valid_until: allocation.valid_until,
    promos_version: allocation.promos_version,
  }
  if (allocation.promos_failed) made.promos_failed = allocation.promos_failed
  return made
}

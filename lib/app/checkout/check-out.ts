// What a cart comes to right now. One read of each store, both at once (and of counters, where a promotion with limits
// would apply, or is hinted at); and whatever goes wrong in promotions, an answer.
import { type AllocateOptions, allocate } from '../../promos/allocate.ts'
import type { Allocation } from '../../promos/allocation.ts'
import type { Deps } from '../deps.ts'
import { liveSetOf } from '../promos/live-set.ts'
import { applyPromos, type Engine, explained, type Part } from './apply-promos.ts'
import type { Cart } from './cart.ts'
import { type Fault, isStale, loadLive, promosFailed, staleFaults } from './faults.ts'
import { hintsWithinLimits } from './hints-within-limits.ts'
import { listPrices } from './list-prices.ts'
import { keysOf, pricedOrder } from './priced-order.ts'
import { whoseOf } from './within-limits.ts'

export type CheckoutDeps = Pick<Deps, 'table' | 'objects' | 'clock' | 'settings'>

export type CheckedOut = Allocation & {
  currency: string
  /** Whether there are newer promotions could not be asked just now: these are the last good ones. */
  promos_stale?: true
  /** Nothing is known of this customer (yet), so that it counts for nothing here. */
  customer_unknown?: true
  /** What is known of this customer cannot be read, so that it counts for nothing here. */
  customer_unreadable?: true
  /** Left empty, because making them failed; the amounts are right. */
  parts_failed?: Part[]
}

export type Checkout = { answer: CheckedOut; faults: Fault[] }

/** `tester` is from a signed role: who sees promotions in state `test`. */
export type Asker = { tester: boolean }

/**
 * Prices the cart and applies the promotions in force.
 * @throws KramError not_found `unknown_product`, invalid `unknown_delivery`; unavailable when the table is away
 */
export async function checkOut(
  deps: CheckoutDeps,
  cart: Cart,
  { tester }: Asker,
  engine: Engine = { live: liveSetOf(deps), allocate },
): Promise<Checkout> {
  const { table, clock, settings } = deps
  const nowMs = clock.now()
  const [items, loaded] = await Promise.all([table.get(keysOf(cart)), loadLive(engine.live)])
  const { order, customer } = pricedOrder(cart, items, settings)
  const faults = staleFaults(loaded)
  if (customer) faults.push({ kind: 'customer', code: customer })
  const options: AllocateOptions = {
    tester,
    audience: 'customer',
    ...(cart.language && { language: cart.language }),
  }
  const failedParts: Part[] = []
  const asked = { order, nowMs, loaded, engine, options }
  // Counters that cannot be read are a fault of promotions, unlike prices.
  const applied = await applyPromos(table, asked).catch((error) => ({
    allocation: listPrices(order, 'set' in loaded ? loaded.set.number : 0, promosFailed(error, faults)),
    faults: [],
  }))
  faults.push(...applied.faults)
  const onFailure = (part: Part, error: unknown): void => {
    failedParts.push(part)
    faults.push({ kind: 'part_failed', code: part, error })
  }
  const allocation = explained(applied.allocation, onFailure, cart.explain === false ? [] : undefined)
  if ('set' in applied && applied.set && allocation.hints.length > 0) {
    const known = { set: applied.set, whose: whoseOf(order), nowMs, counters: applied.counters }
    allocation.hints = await hintsWithinLimits(table, allocation.hints, known).catch((error) => {
      onFailure('hints', error)
      return []
    })
  }
  const answer: CheckedOut = { ...allocation, currency: settings.currency }
  if (isStale(loaded)) answer.promos_stale = true
  if (customer) answer[customer] = true
  if (failedParts.length > 0) answer.parts_failed = failedParts
  return { answer, faults }
}

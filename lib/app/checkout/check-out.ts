// What a cart comes to right now. One read of each store, both at once; and whatever goes wrong in promotions, an
// answer.
import { KramError } from '../../base/errors.ts'
import { allocate } from '../../promos/allocate.ts'
import type { Allocation } from '../../promos/allocation.ts'
import type { Deps } from '../deps.ts'
import { type LiveSet, liveSetOf } from '../promos/live-set.ts'
import type { Cart } from './cart.ts'
import { type Fault, failOpen, loadLive, staleFaults } from './faults.ts'
import { isSound, listPrices } from './list-prices.ts'
import { keysOf, pricedOrder } from './priced-order.ts'

export type CheckoutDeps = Pick<Deps, 'table' | 'objects' | 'clock' | 'settings'>

/** The promotions in force and what applies them: an argument, so that tests can break it. */
export type Engine = { live: Pick<LiveSet, 'current'>; allocate: typeof allocate }

export type CheckedOut = Allocation & {
  currency: string
  /** Whether there are newer promotions could not be asked just now: these are the last good ones. */
  promos_stale?: true
  /** Nothing is known of this customer (yet), so that it counts for nothing here. */
  customer_unknown?: true
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
  const options = { tester, ...(cart.language && { language: cart.language }) }
  const allocation = failOpen(
    loaded,
    faults,
    (set) => {
      const allocation = engine.allocate(order, set, nowMs, {}, options)
      if (isSound(allocation, order)) return allocation
      throw new KramError('unavailable', 'promos_unsound', 'The amounts of the answer do not add up.')
    },
    (failed, promosVersion) => listPrices(order, promosVersion, failed),
  )
  // Too much work, which the engine notices itself.
  if (allocation.promos_failed && !faults.some(({ kind }) => kind === 'promos_failed')) {
    faults.push({ kind: 'promos_failed', code: allocation.promos_failed.code })
  }
  const answer: CheckedOut = {
    ...allocation,
    currency: settings.currency,
    ...(faults.some(({ kind }) => kind === 'promos_stale') && { promos_stale: true }),
    ...(customer === 'customer_unknown' && { customer_unknown: true }),
  }
  return { answer, faults }
}

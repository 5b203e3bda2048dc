// What a cart comes to right now. One read of each store, both at once; and whatever goes wrong in promotions, an
// answer.
import { KramError } from '../../base/errors.ts'
import { type AllocateOptions, allocate } from '../../promos/allocate.ts'
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
  /** Left empty, because making them failed; the amounts are right. */
  parts_failed?: Part[]
}

/** What explains an answer, and is made after its amounts. */
export type Part = 'refused' | 'hints'

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
  const allocation = failOpen(
    loaded,
    faults,
    (set) => {
      const allocation = engine.allocate(order, set, nowMs, {}, options)
      if (!isSound(allocation, order)) {
        throw new KramError('unavailable', 'promos_unsound', 'The amounts of the answer do not add up.')
      }
      return explained(allocation, (part, error) => {
        failedParts.push(part)
        faults.push({ kind: 'part_failed', code: part, error })
      })
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
    ...(failedParts.length > 0 && { parts_failed: failedParts }),
  }
  return { answer, faults }
}

// The engine makes explanations when they are first read; each may fail by itself.
function explained(allocation: Allocation, failed: (part: Part, error: unknown) => void): Allocation {
  const part = <P extends Part>(name: P): Allocation[P] | [] => {
    try {
      return allocation[name]
    } catch (error) {
      failed(name, error)
      return []
    }
  }
  const { lines, applied, valid_until, promos_version, promos_failed } = allocation
  const { items_minor, discount_minor, delivery_minor, cashback_minor, bonus_minor, total_minor } = allocation
  return {
    lines,
    ...{ items_minor, discount_minor, delivery_minor, cashback_minor, bonus_minor, total_minor },
    applied,
    refused: part('refused'),
    hints: part('hints'),
    valid_until,
    promos_version,
    ...(promos_failed && { promos_failed }),
  }
}

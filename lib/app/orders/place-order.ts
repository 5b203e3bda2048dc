// POST /orders: the cart is evaluated again, and if it still comes to what the customer was shown, one write holds the
// order, every limit it takes from, and the event that tells of it.
import type { KramEvent } from '../../../events/catalog.ts'
import { makeParsedEvent } from '../../../events/event.ts'
import { orderPlaced } from '../../../events/order-placed.ts'
import { KramError } from '../../base/errors.ts'
import { limits } from '../../base/limits.ts'
import { minorToText } from '../../base/money.ts'
import { isWithinBytes } from '../../base/text.ts'
import { toInstant } from '../../base/time.ts'
import type { Table, WriteOp } from '../../ports/table.ts'
import { allocate } from '../../promos/allocate.ts'
import type { Allocation, AppliedPromo } from '../../promos/allocation.ts'
import { asPlaced, type Order, placedOrder } from '../../shop/order.ts'
import { type Chain, contextOf } from '../chain.ts'
import { type Engine, explained } from '../checkout/apply-promos.ts'
import { type Fault, loadLive } from '../checkout/faults.ts'
import { keysOf } from '../checkout/priced-order.ts'
import { promoOf } from '../checkout/within-limits.ts'
import { type Content, contentHash, contentOf } from '../content-hash.ts'
import { keys, shardOf } from '../keys.ts'
import { outboxOp } from '../outbox.ts'
import { liveSetOf } from '../promos/live-set.ts'
import { inTurn } from '../turns.ts'
import { levelCounters, lookUpCounters, noteTaken } from './counters.ts'
import { type Evaluation, evaluateOrder, type OrderCart, type OrderDeps } from './evaluate.ts'
import { type Meter, type Plan, planMeter } from './meters.ts'
import { orderHandlers, placedOps, storedOrderOf } from './order-events.ts'
import { isRecordable, placedData } from './placed-data.ts'
import { type Redemption, redemptionOf } from './usage.ts'

export type PlaceRequest = Chain & {
  /** Follows from the caller and the Idempotency-Key: the same request is the same order. */
  orderId: string
  cart: OrderCart
  /** What the customer was shown. */
  expectedTotalMinor: number
  /** Promotions that the customer was shown, by id. */
  expectedPromos?: readonly string[]
  tester: boolean
}

/** `repeated`: the order was there already, under the same request. `faults`: what went wrong in promotions meanwhile. */
export type PlacedAnswer = { order: Order; repeated: boolean; faults: readonly Fault[] }

/**
 * Places an order once, however often it is asked to.
 * @throws KramError conflict `order_changed` with `detail.allocation` when it would now cost more, or a promotion fell
 * away; conflict `conflict` for a key that was used for another request; not_found `unknown_customer`,
 * `unknown_product`; invalid `unknown_delivery`; unavailable `contended`; and what the table throws
 */
export async function placeOrder(
  deps: OrderDeps,
  request: PlaceRequest,
  engine: Engine = { live: liveSetOf(deps), allocate },
): Promise<PlacedAnswer> {
  const requestHash = contentHash({
    type: 'order',
    data: [request.cart, request.expectedTotalMinor, request.expectedPromos ?? null],
  })
  const first = await attempt(deps, request, requestHash, { engine, afresh: false })
  if (first) return first
  // Those who lost a race for a limit take turns instead of racing on.
  return await inTurn(deps.table, 'place-order', async () => {
    for (let tries = 1; tries < limits.orderTries; tries++) {
      const placed = await attempt(deps, request, requestHash, { engine, afresh: true })
      if (placed) return placed
    }
    throw new KramError('unavailable', 'contended', 'Many are ordering the same at this moment; try again.')
  })
}

/** undefined: somebody wrote between reading and writing; to be begun anew. */
async function attempt(
  deps: OrderDeps,
  request: PlaceRequest,
  requestHash: string,
  { engine, afresh }: { engine: Engine; afresh: boolean },
): Promise<PlacedAnswer | undefined> {
  const { cart, tester } = request
  const [[stored, ...items], loaded] = await Promise.all([
    deps.table.get([keys.order(request.orderId), ...keysOf(cart)]),
    loadLive(engine.live),
  ])
  if (stored) {
    const { order, requestHash: before } = storedOrderOf(stored)
    if (before !== requestHash) throw usedKey()
    return { order: asPlaced(order), repeated: true, faults: [] }
  }
  const options = { tester, engine, afresh }
  const evaluation = await evaluateOrder(deps, { cart, items, loaded }, options)
  // Nobody is refused for what is only remembered of limits.
  if (!afresh && evaluation.counters.size > 0 && changeOf(request, evaluation.allocation)) return undefined
  const agreed = await reserve(deps.table, request, requestHash, evaluation)
  if (agreed !== 'unrecordable') return agreed
  const listed = await evaluateOrder(deps, { cart, items, loaded: withoutPromos }, options)
  const placed = await reserve(deps.table, request, requestHash, listed)
  if (placed === 'unrecordable') {
    throw new KramError('invalid', 'order_too_large', 'The order is too large to be kept; place it as several.')
  }
  return placed
}

const withoutPromos = { error: new KramError('invalid', 'unrecordable', 'The order is placed without promotions.') }

export const usedKey = (): KramError =>
  new KramError('conflict', 'conflict', 'This Idempotency-Key was used before with other content.')

async function reserve(
  table: Table,
  request: PlaceRequest,
  requestHash: string,
  evaluation: Evaluation,
): Promise<PlacedAnswer | undefined | 'unrecordable'> {
  const change = changeOf(request, evaluation.allocation)
  if (change !== undefined) throw orderChanged(change, evaluation.allocation)
  const plans = await planRedemptions(table, request, evaluation)
  if (plans === 'spent') return undefined
  const event = eventOf(request, requestHash, evaluation, plans.redeemed)
  if (!isRecordable(event.data)) return 'unrecordable'
  const content = contentOf(event)
  if (!fits(event, content)) return 'unrecordable'
  const { ok } = await table.write([
    {
      op: 'put',
      item: { ...keys.seen(event.id, orderHandlers.placed), hash: content.hash },
      if: { exists: false },
    },
    ...placedOps(event, evaluation.before),
    ...plans.taken.map(({ op }) => op),
    outboxOp(event),
  ])
  if (ok) noteTaken(table, evaluation.counters, plans.taken)
  return ok ? { order: placedOrder(event.data, event.time), repeated: false, faults: evaluation.faults } : undefined
}

// Of the cart that was parsed at the edge, goods and promotions that were parsed when they were taken, and amounts.
function eventOf(
  request: PlaceRequest,
  requestHash: string,
  evaluation: Evaluation,
  redeemed: Planned['redeemed'],
): KramEvent<'order_placed'> {
  const { orderId, cart } = request
  return makeParsedEvent(orderPlaced, placedData({ orderId, requestHash, cart, evaluation, redeemed }), {
    id: orderId,
    time: toInstant(evaluation.nowMs),
    ...contextOf(request),
  })
}

/** Whether it can be kept: promotions may say more than an order's item holds. */
const fits = (event: KramEvent<'order_placed'>, { chars }: Content): boolean =>
  // Mostly the length of its data tells: a character has at most three bytes.
  chars * 3 + envelopeBytes <= limits.orderBytes || isWithinBytes(JSON.stringify(event), limits.orderBytes)

/** More than an event has beside its data: ids, names and a trace. */
const envelopeBytes = 8 * 1024

/** In what the order is no longer what the customer was shown; undefined where it is that, or cheaper. */
function changeOf(
  { expectedTotalMinor, expectedPromos = [] }: PlaceRequest,
  allocation: Allocation,
): string | undefined {
  const applied = new Set(allocation.applied.map(({ promo }) => promo))
  const gone = expectedPromos.filter((promo) => !applied.has(promo))
  const reasons = [
    ...(allocation.total_minor > expectedTotalMinor ? [`it now comes to ${minorToText(allocation.total_minor)}`] : []),
    ...(gone.length > 0 ? [`these promotions no longer apply: ${gone.slice(0, limits.issues).join(', ')}`] : []),
  ]
  return reasons.length > 0 ? reasons.join('; ') : undefined
}

function orderChanged(change: string, allocation: Allocation): KramError {
  const message = `Nothing was ordered: ${change}. Show it to the customer and repeat with the new total.`
  return new KramError('conflict', 'order_changed', message, {
    detail: { allocation: explained(allocation, () => {}) },
  })
}

type Placement = { code?: string; shard: number; code_shard?: number }

type Planned = {
  taken: { pk: string; shard: number; op: WriteOp }[]
  /** Where each limited promotion is redeemed, by its id. */
  redeemed: Map<string, Placement>
}

/**
 * What takes from every counter; 'spent' when what was evaluated has been taken by others. A counter whose shards do not
 * keep to its limits yet, or have no room where it is wanted, is levelled first and read again.
 */
async function planRedemptions(
  table: Table,
  { orderId, cart }: PlaceRequest,
  { allocation, set, counters, nowMs }: Evaluation,
): Promise<Planned | 'spent'> {
  const redemptions = allocation.applied.flatMap((applied) => {
    const promo = applied.limited && set ? promoOf(set, applied.promo) : undefined
    return promo ? [{ applied, redemption: redemptionOf(promo, applied, cart.customer_id) }] : []
  })
  const meters = redemptions.flatMap(({ redemption }) => Object.values(redemption))
  await lookUpCounters(
    table,
    meters.filter(({ single }) => !single),
    { counters, nowMs },
  )
  const [, , most] = limits.meterShards
  const start = shardOf(orderId, most)
  let justRead = false
  for (let tries = 0; tries < limits.writeTries; tries++) {
    const plans = meters.map((meter) => ({ meter, plan: planMeter(meter, counters.get(meter.pk) ?? new Map(), start) }))
    if (plans.some(({ plan }) => plan.kind === 'spent')) return 'spent'
    const levels = plans.flatMap(({ meter, plan }) => (plan.kind === 'level' ? [{ meter, ops: plan.ops }] : []))
    if (levels.length === 0) return plannedOf(redemptions, plans)
    await levelCounters(table, levels, { counters, nowMs, justRead })
    justRead = true
  }
  return 'spent'
}

type Redeemed = { applied: AppliedPromo; redemption: Redemption }

function plannedOf(redemptions: readonly Redeemed[], plans: readonly { meter: Meter; plan: Plan }[]): Planned {
  const taken = plans.flatMap(({ meter: { pk }, plan }) => (plan.kind === 'reserve' ? [{ pk, ...plan }] : []))
  const shards = new Map(taken.map(({ pk, shard }) => [pk, shard]))
  const placements = redemptions.map(({ applied, redemption: { promo, code } }): [string, Placement] => [
    applied.promo,
    {
      ...(applied.code !== undefined && { code: applied.code }),
      shard: shards.get(promo.pk) ?? 0,
      ...(code && { code_shard: shards.get(code.pk) ?? 0 }),
    },
  ])
  return { taken, redeemed: new Map(placements) }
}

// What becomes of an order after it was placed: it is cancelled, or units of it come back. Each is one write with the
// event that tells of it, and gives back to limits and budgets what it took of them.
import type { KramEvent } from '../../../events/catalog.ts'
import { makeEvent } from '../../../events/event.ts'
import { orderCancelled } from '../../../events/order-cancelled.ts'
import { orderReturned } from '../../../events/order-returned.ts'
import { KramError } from '../../base/errors.ts'
import { limits } from '../../base/limits.ts'
import { toInstant } from '../../base/time.ts'
import type { Item, WriteOp } from '../../ports/table.ts'
import { type Back, cancellationOf, type Order, returnOf } from '../../shop/order.ts'
import { type Chain, contextOf } from '../chain.ts'
import { contentHash } from '../content-hash.ts'
import type { Deps } from '../deps.ts'
import { followUpId } from '../follow-up.ts'
import { keys } from '../keys.ts'
import { notFound } from '../not-found.ts'
import { outboxOp } from '../outbox.ts'
import { inTurn } from '../turns.ts'
import { forgetCounters } from './counters.ts'
import { cancelledOps, orderHandlers, orderStatsOf, returnedOps, storedOrderOf } from './order-events.ts'
import { usedKey } from './place-order.ts'
import { sharedCountersOf } from './usage.ts'

type ChangeDeps = Pick<Deps, 'table' | 'clock'>

/** Only if it is this customer's; another's is as if it were not there. */
type Owner = { customerId?: string }

/** @throws KramError not_found `unknown_order` */
export async function getOrder({ table }: Pick<Deps, 'table'>, orderId: string, owner: Owner = {}): Promise<Order> {
  const [item] = await table.get([keys.order(orderId)])
  return storedFor(item, { orderId, ...owner }).order
}

/** The event's effect, its marker and the event itself, all in one write. */
const opsOf = (event: KramEvent<'order_cancelled' | 'order_returned'>, handler: string, ops: WriteOp[]): WriteOp[] => [
  { op: 'put', item: { ...keys.seen(event.id, handler), hash: contentHash(event) }, if: { exists: false } },
  ...ops,
  outboxOp(event),
]

/** Begins anew as long as somebody wrote between; `act` answers undefined then. */
async function untilWritten<T>({ table }: ChangeDeps, orderId: string, act: () => Promise<T | undefined>): Promise<T> {
  return await inTurn(table, `change-order ${orderId}`, async () => {
    for (let tries = 0; tries < limits.writeTries; tries++) {
      const done = await act()
      if (done !== undefined) return done
    }
    throw new KramError('unavailable', 'contended', 'Others kept changing this order; try again.')
  })
}

const stampOf = ({ clock }: ChangeDeps, id: string, chain: Chain) => ({
  id,
  time: toInstant(clock.now()),
  ...contextOf(chain),
})

export type CancelRequest = Chain & Owner & { orderId: string }

/**
 * Cancels an order: everything paid and every limit is given back. One that is cancelled already stays so.
 * @throws KramError not_found `unknown_order`; conflict `order_has_returns`; unavailable `contended`
 */
export async function cancelOrder(deps: ChangeDeps, request: CancelRequest): Promise<Order> {
  const { orderId } = request
  return await untilWritten(deps, orderId, async () => {
    const [item] = await deps.table.get([keys.order(orderId)])
    const stored = storedFor(item, request)
    const { order } = stored
    if (order.state === 'cancelled') return order
    if (order.state !== 'placed') {
      const message = `Units of the order ${orderId} have come back; what is left can be returned, not cancelled.`
      throw new KramError('conflict', 'order_has_returns', message)
    }
    const [stats] = await deps.table.get([keys.orderStats(order.customer_id)])
    const event = makeEvent(
      orderCancelled,
      { order_id: orderId, customer_id: order.customer_id, ...cancellationOf(order) },
      stampOf(deps, followUpId(orderId, orderHandlers.cancelled), request),
    )
    const ops = cancelledOps(stored, orderStatsOf(stats), event)
    const { ok } = await deps.table.write(opsOf(event, orderHandlers.cancelled, ops))
    forgetCounters(deps.table, sharedCountersOf(order))
    return ok ? await getOrder(deps, orderId) : undefined
  })
}

export type ReturnRequest = CancelRequest & {
  /** Follows from the caller and the Idempotency-Key. */
  returnId: string
  lines: readonly Back[]
}

/** What came back, and what was given for it. */
export type ReturnAnswer = Omit<KramEvent<'order_returned'>['data'], 'customer_id' | 'request_hash'> & {
  returned_at: string
}

/**
 * Takes units of an order back: what was paid for each is given back by its recorded share, and nothing is reckoned anew
 * for the goods that stay. The same request again is answered as the first.
 * @throws KramError not_found `unknown_order`; invalid `invalid_return` with pointers `/lines/0/...`; conflict
 * `order_cancelled`, `conflict`; unavailable `contended`
 */
export async function returnUnits(deps: ChangeDeps, request: ReturnRequest): Promise<ReturnAnswer> {
  const { orderId, returnId, lines } = request
  const hash = contentHash({ type: 'return', data: [orderId, lines] })
  return await untilWritten(deps, orderId, async () => {
    const [item, before] = await deps.table.get([keys.order(orderId), keys.orderReturn(orderId, returnId)])
    const stored = storedFor(item, request)
    if (before) {
      if (before.request_hash !== hash) throw usedKey()
      return answerOf(orderId, returnId, before)
    }
    const { order } = stored
    if (order.state === 'cancelled') {
      throw new KramError('conflict', 'order_cancelled', `The order ${orderId} was cancelled; all was given back.`)
    }
    const back = returnOf(order, lines)
    if (!back.ok) throw refusal(back.refused)
    const event = makeEvent(
      orderReturned,
      { order_id: orderId, customer_id: order.customer_id, return_id: returnId, ...back.data, request_hash: hash },
      stampOf(deps, returnId, request),
    )
    const { ok } = await deps.table.write(opsOf(event, orderHandlers.returned, returnedOps(stored, event)))
    forgetCounters(deps.table, sharedCountersOf(order))
    const { customer_id: _customer, request_hash: _hash, ...answer } = event.data
    return ok ? { ...answer, returned_at: event.time } : undefined
  })
}

function storedFor(item: Item | undefined, { orderId, customerId }: Owner & { orderId: string }) {
  const stored = item && storedOrderOf(item)
  if (!stored || (customerId !== undefined && stored.order.customer_id !== customerId)) {
    throw notFound('order', orderId)
  }
  return stored
}

function answerOf(order_id: string, return_id: string, item: Item): ReturnAnswer {
  const { pk: _pk, sk: _sk, request_hash: _hash, ...kept } = item
  return { order_id, return_id, ...(kept as Omit<ReturnAnswer, 'order_id' | 'return_id'>) }
}

function refusal(refused: readonly { index: number; reason: string; left: number }[]): KramError {
  const issues = refused
    .slice(0, limits.issues)
    .map(({ index, reason, left }) =>
      reason === 'unknown_line'
        ? { pointer: `/lines/${index}/line_id`, message: 'names no line of the order' }
        : { pointer: `/lines/${index}/quantity`, message: `must be at most ${left}: no more is left to return` },
    )
  return new KramError(
    'invalid',
    'invalid_return',
    `Nothing was returned: ${issues[0]?.pointer} ${issues[0]?.message}.`,
    {
      detail: { issues },
    },
  )
}

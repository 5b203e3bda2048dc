// How an event gets into the shop: over the bus, or straight into the table with the bus told afterwards.
import type { EventType, KramEvent } from '../../events/catalog.ts'
import { KramError } from '../base/errors.ts'
import type { PublishResult, Rejection } from '../ports/bus.ts'
import type { Deps } from './deps.ts'
import { applyEvent, checkTime, type Rule } from './handle.ts'
import { recordPurchaseRule } from './record-purchase.ts'
import { storeCustomerRule } from './store-customer.ts'
import { storeProductRule } from './store-product.ts'
import { storeVoucherRule } from './store-voucher.ts'

/** The projection that makes an event visible: what `via: 'table'` runs at once. */
const directRules: { [T in EventType]?: Rule<T> } = {
  new_customer: storeCustomerRule,
  new_product: storeProductRule,
  customer_buys_product: recordPurchaseRule,
  voucher_granted: storeVoucherRule,
}

type RecordDeps = Pick<Deps, 'bus' | 'table' | 'clock'>

/**
 * Records events, each accepted or rejected by itself, in their order.
 * - `bus`: durable on the bus when answered; the handlers follow.
 * - `table`: its projection has run when answered, and the same event, same id, is in the outbox: so the log has it,
 *   other subscribers get it, and its delivery to that projection does nothing.
 */
export async function recordEvents(
  deps: RecordDeps,
  events: readonly KramEvent[],
  { via }: { via: 'bus' | 'table' },
): Promise<PublishResult> {
  return via === 'bus' ? await viaBus(deps, events) : await viaTable(deps, events)
}

async function viaBus({ bus, clock }: RecordDeps, events: readonly KramEvent[]): Promise<PublishResult> {
  const rejected: Rejection[] = []
  const good: KramEvent[] = []
  for (const event of events) {
    const rejection = await rejectionOf(event, async () => checkTime(event, clock.now()))
    if (rejection) rejected.push(rejection)
    else good.push(event)
  }
  const published = good.length === 0 ? { accepted: [], rejected: [] } : await bus.publish(good)
  return { accepted: published.accepted, rejected: [...rejected, ...published.rejected] }
}

// One after the other: a batch may hold a product and its purchase.
async function viaTable(deps: RecordDeps, events: readonly KramEvent[]): Promise<PublishResult> {
  const result: PublishResult = { accepted: [], rejected: [] }
  for (const event of events) {
    const rejection = await rejectionOf(event, () => applyDirectly(deps, event))
    if (rejection) result.rejected.push(rejection)
    else result.accepted.push(event.id)
  }
  return result
}

async function applyDirectly(deps: RecordDeps, event: KramEvent): Promise<void> {
  const rule = directRules[event.type] as Rule | undefined
  if (!rule) throw new KramError('invalid', 'no_projection', `A ${event.type} event cannot be recorded via the table.`)
  await applyEvent(deps, rule, event, { emits: true, logged: true })
}

async function rejectionOf({ id }: KramEvent, act: () => Promise<void>): Promise<Rejection | undefined> {
  try {
    await act()
    return undefined
  } catch (error) {
    if (!(error instanceof KramError)) throw error
    return { id, code: error.code, retryable: error.retryable, message: error.message }
  }
}

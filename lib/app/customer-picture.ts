// `customer_updated`: the customer as a write of ours leaves it, told to whoever needs it.
import type { DataOf, EventType, KramEvent } from '../../events/catalog.ts'
import { customerUpdated } from '../../events/customer-updated.ts'
import { makeEvent } from '../../events/event.ts'
import type { Profile } from '../shop/customer-document.ts'
import { followUpId } from './outbox.ts'

type Change = Pick<DataOf<'customer_updated'>, 'change' | 'purchase'>

/** At the time of its cause, in its chain, with an id that follows from the cause. */
export function customerPicture(
  cause: KramEvent<EventType>,
  handler: string,
  profile: Profile,
  change: Change,
): KramEvent<'customer_updated'> {
  return makeEvent(customerUpdated, { ...profile, ...change }, followUp(cause, followUpId(cause.id, handler)))
}

/** What an event that follows from another takes over from it. */
export const followUp = (cause: KramEvent<EventType>, id: string) => ({
  id,
  time: cause.time,
  correlationid: cause.correlationid,
  causationid: cause.id,
  ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
})

// `customer_updated`: the customer as a write of ours leaves it, told to whoever needs it.
import type { DataOf, EventType, KramEvent } from '../../events/catalog.ts'
import { customerUpdated } from '../../events/customer-updated.ts'
import { makeEvent } from '../../events/event.ts'
import type { Profile } from '../shop/customer-document.ts'
import { followUp, followUpId } from './follow-up.ts'

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

// Somebody named a customer or product that is not there, and what that means to whom.
import type { KramEvent } from '../../events/catalog.ts'
import { KramError } from '../base/errors.ts'

type What = 'customer' | 'product' | 'order' | 'promo' | 'promo_version'

/** For readers: there is none, and asking again does not help. */
export const notFound = (what: What, id: string): KramError =>
  new KramError('not_found', `unknown_${what}`, `There is no ${what.replace('_', ' ')} ${id}.`)

/** For handlers: the other message may be on its way, so this is tried again before it becomes a dead letter. */
export const notYet = (
  what: 'customer' | 'product' | 'order',
  id: string,
  { id: eventId, type }: KramEvent,
): KramError =>
  new KramError(
    'not_found',
    `unknown_${what}`,
    `There is no ${what} ${id}: the ${type} event ${eventId} waits until ${
      what === 'order' ? 'order_placed' : `its new_${what} message`
    } has arrived.`,
    { detail: { retryable: true } },
  )

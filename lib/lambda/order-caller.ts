// For whom a caller may order: the shop's systems for every customer, a tester for the one that its token speaks for.
import { KramError } from '../base/errors.ts'
import type { Caller } from './roles.ts'

const isShop = ({ roles }: Caller): boolean => roles.some((role) => role === 'shop' || role === 'admin')

/** Whether test promotions count for this caller. */
export const isTester = ({ roles }: Caller): boolean => roles.includes('tester')

/** Whose orders the caller sees: undefined for everybody's. */
export const ownCustomer = (caller: Caller): { customerId?: string } =>
  isShop(caller) ? {} : { customerId: caller.subject }

/** @throws KramError forbidden `not_your_customer` */
export function checkCustomer(caller: Caller, customerId: string): void {
  const { customerId: own } = ownCustomer(caller)
  if (own === undefined || own === customerId) return
  throw new KramError('forbidden', 'not_your_customer', 'A tester orders for the customer that its token speaks for.')
}

// Vouchers that the promotions of an order give. They follow from the order alone.
import type { DataOf } from '../../events/catalog.ts'
import type { Placed } from './order.ts'

/** Always the same ones, `order#<order id>#1` and on: in the order of the promotions, and of each one's actions. */
export function vouchersOf(
  orderId: string,
  { customer_id, promos }: Pick<Placed, 'customer_id' | 'promos'>,
): DataOf<'voucher_granted'>[] {
  return promos
    .flatMap(({ vouchers = [] }) => vouchers)
    .map((voucher, i) => ({ id: `order#${orderId}#${i + 1}`, customer_id, ...voucher, order_id: orderId }))
}

// order_placed -> one customer_buys_product for each of its lines, made by the outbox relay once the bus has the order:
// an order's write then has one outbox item, however many lines there are.
import type { KramEvent } from '../../../events/catalog.ts'
import { customerBuysProduct } from '../../../events/customer-buys-product.ts'
import { makeEvent, parseEvent } from '../../../events/event.ts'
import { orderPlaced } from '../../../events/order-placed.ts'
import type { Envelope } from '../../ports/bus.ts'
import { followUp } from '../follow-up.ts'

/** The purchases of an order; none of any other event. Always the same ones, `<order id>:<line id>`. */
export function purchasesOf(envelope: Envelope): KramEvent<'customer_buys_product'>[] {
  if (envelope.type !== orderPlaced.type) return []
  const event = parseEvent(envelope) as KramEvent<'order_placed'>
  const { order_id, customer_id, lines } = event.data
  return lines.map(({ id, product_id, quantity, price_minor, discount_minor }) =>
    makeEvent(
      customerBuysProduct,
      { customer_id, product_id, quantity, order_id, line_id: id, price_minor, discount_minor },
      { ...followUp(event, `${order_id}:${id}`), source: orderPlaced.source },
    ),
  )
}

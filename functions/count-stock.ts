// customer_buys_product -> units bought per product, in sharded counters. A projection: takes replays.
import { projection } from '../lib/app/handle.ts'
import { keys } from '../lib/app/keys.ts'
import { eventFunction } from '../lib/lambda/event-function.ts'

export const countStock = projection({
  handler: 'count-stock',
  type: 'customer_buys_product',
  async fold(_table, { id, data: { product_id, quantity } }) {
    return { ops: [{ op: 'count', key: keys.stock(product_id, id), add: { units: quantity } }] }
  },
})

export const handler = eventFunction(['table', 'clock'], countStock)

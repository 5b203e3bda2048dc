// order_placed -> the order, its line in the customer's document, what it took of limits. Takes replays.
import { storeOrder } from '../lib/app/orders/order-events.ts'
import { eventFunction } from '../lib/lambda/event-function.ts'

export const handler = eventFunction(['table', 'clock'], storeOrder)

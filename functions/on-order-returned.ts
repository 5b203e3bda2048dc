// order_returned -> what came back of the order. Takes replays.
import { storeReturn } from '../lib/app/orders/order-events.ts'
import { eventFunction } from '../lib/lambda/event-function.ts'

export const handler = eventFunction(['table', 'clock'], storeReturn)

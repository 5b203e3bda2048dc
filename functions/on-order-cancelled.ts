// order_cancelled -> the order is cancelled, its limits are free again. Takes replays.
import { storeCancellation } from '../lib/app/orders/order-events.ts'
import { eventFunction } from '../lib/lambda/event-function.ts'

export const handler = eventFunction(['table', 'clock'], storeCancellation)

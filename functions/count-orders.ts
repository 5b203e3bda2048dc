// order_placed, order_cancelled, order_returned -> what promotions gave on each day. Takes replays.
import { countOrders } from '../lib/app/promos/count-orders.ts'
import { eventFunction } from '../lib/lambda/event-function.ts'

export const handler = eventFunction(['table', 'clock', 'settings'], countOrders)

// order_placed -> the vouchers that its promotions give. A reactor: takes no replays.
import { grantVouchers } from '../lib/app/orders/grant-vouchers.ts'
import { eventFunction } from '../lib/lambda/event-function.ts'

export const handler = eventFunction(['table', 'clock'], grantVouchers)

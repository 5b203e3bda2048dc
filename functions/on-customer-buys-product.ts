// customer_buys_product -> a purchase of the customer, at the price of its time. Takes replays.
import { recordPurchase } from '../lib/app/record-purchase.ts'
import { eventFunction } from '../lib/lambda/event-function.ts'

export const handler = eventFunction(['table', 'clock'], recordPurchase)

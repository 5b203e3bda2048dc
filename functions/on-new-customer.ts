// new_customer -> the customer's profile. Takes replays.
import { storeCustomer } from '../lib/app/store-customer.ts'
import { eventFunction } from '../lib/lambda/event-function.ts'

export const handler = eventFunction(['table', 'clock'], storeCustomer)

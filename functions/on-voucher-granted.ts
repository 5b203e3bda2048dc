// voucher_granted -> a voucher of the customer. Takes replays.
import { storeVoucher } from '../lib/app/store-voucher.ts'
import { eventFunction } from '../lib/lambda/event-function.ts'

export const handler = eventFunction(['table', 'clock'], storeVoucher)

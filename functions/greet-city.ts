// new_customer of a city -> a welcome voucher, once for each customer. A reactor: takes no replays.
// Which city that is its rule alone says, by the suffix of the address.
import { grantVoucher } from '../lib/app/grant-voucher.ts'
import { reactor } from '../lib/app/handle.ts'
import { eventFunction } from '../lib/lambda/event-function.ts'

const name = 'greet-city'

export const greetCity = reactor({
  handler: name,
  type: 'new_customer',
  fold: (table, event) =>
    grantVoucher(table, name, event, {
      id: `welcome#${event.data.id}`,
      customer_id: event.data.id,
      kind: 'welcome',
    }),
})

export const handler = eventFunction(['table', 'clock'], greetCity)

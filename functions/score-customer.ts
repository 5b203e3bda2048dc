// customer_updated -> a voucher for butter, at most one a month, for whoever buys much bread. A reactor: takes no replays.
import { grantVoucher } from '../lib/app/grant-voucher.ts'
import { reactor } from '../lib/app/handle.ts'
import { unitsByType } from '../lib/app/read-stats.ts'
import { utcDay } from '../lib/base/time.ts'
import { eventFunction } from '../lib/lambda/event-function.ts'

const name = 'score-customer'
const bread = 'chleb'
const butter = 'masło'

export const scoreCustomer = reactor({
  handler: name,
  type: 'customer_updated',
  async fold(table, event) {
    const { id } = event.data
    const units = await unitsByType(table, id, { day: utcDay(event.time), days: 30 })
    const all = [...units.values()].reduce((sum, some) => sum + some, 0)
    if ((units.get(bread) ?? 0) * 4 <= all) return {}
    const month = event.time.slice(0, 7)
    const voucher = { id: `butter#${id}#${month}`, customer_id: id, kind: 'butter', product_type: butter }
    return await grantVoucher(table, name, event, voucher)
  },
})

export const handler = eventFunction(['table', 'clock'], scoreCustomer)

// `voucher_granted` -> a voucher in the customer's collection. One that was granted twice stays the first.

import { toMs } from '../base/time.ts'
import { profileOf } from '../shop/customer-document.ts'
import { customerPicture } from './customer-picture.ts'
import { projection, type Rule } from './handle.ts'
import { keys } from './keys.ts'
import { isLater } from './latest.ts'
import { notYet } from './not-found.ts'

const handler = 'on-voucher-granted'

export const storeVoucherRule: Rule<'voucher_granted'> = {
  handler,
  type: 'voucher_granted',
  async fold(table, event) {
    const { customer_id, ...voucher } = event.data
    const key = keys.voucher(customer_id, voucher.id)
    const [profile, stored] = await table.get([keys.profile(customer_id), key])
    if (!profile) throw notYet('customer', customer_id, event)
    const first = { id: String(stored?.event_id), time: String(stored?.event_time) }
    if (stored && isLater(event, first)) return {}
    const item = { ...voucher, timestamp_ms: toMs(event.time), event_time: event.time, event_id: event.id, ...key }
    return {
      ops: [
        {
          op: 'put',
          item,
          if: stored ? { attribute: 'event_id', op: 'eq', value: first.id } : { exists: false },
        },
      ],
      emits: () => (stored ? [] : [customerPicture(event, handler, profileOf(profile), { change: 'voucher' })]),
    }
  },
}

export const storeVoucher = projection(storeVoucherRule)

// order_placed -> a voucher_granted for each voucher that the order's promotions give. Whether it is good still the
// customer's document says: one of an order that was cancelled, or came back whole, is not.
import type { KramEvent } from '../../../events/catalog.ts'
import { makeEvent, parseEvent } from '../../../events/event.ts'
import { voucherGranted } from '../../../events/voucher-granted.ts'
import { limits } from '../../base/limits.ts'
import { vouchersOf } from '../../shop/vouchers.ts'
import { followUp } from '../follow-up.ts'
import { applyEvent, type Handle, type Rule } from '../handle.ts'

const handler = 'grant-vouchers'

/** Beside the marker. */
const perWrite = limits.writeOps - 1

const granted = (event: KramEvent<'order_placed'>): KramEvent<'voucher_granted'>[] =>
  vouchersOf(event.data.order_id, event.data).map((voucher) =>
    makeEvent(voucherGranted, voucher, followUp(event, `voucher_granted#${voucher.id}`)),
  )

// Nobody else asks for these vouchers: the marker that the order was seen is the decision. An order may give more than
// one write holds; each further write has a marker of its own.
const part = (n: number): Rule<'order_placed'> => ({
  handler: n === 0 ? handler : `${handler}/${n}`,
  type: 'order_placed',
  fold: async (_table, event) => ({ emits: () => granted(event).slice(n * perWrite, (n + 1) * perWrite) }),
})

export const grantVouchers: Handle = async (deps, input, { replay = false }) => {
  if (replay) return
  await applyEvent(deps, part(0), input, { emits: true })
  const event = parseEvent(input) as KramEvent<'order_placed'>
  const { length } = vouchersOf(event.data.order_id, event.data)
  for (let n = 1; n * perWrite < length; n++) await applyEvent(deps, part(n), input, { emits: true })
}
